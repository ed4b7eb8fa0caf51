// Standard input, with the terminal's echo turned off.
#include "app/password_input.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>

namespace marktwacht {
namespace {

// Until it goes, what is typed is not shown.
class NoEcho {
 public:
  NoEcho() {
    on_ = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before_) == 0;
    if (on_) {
      termios quiet = before_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      std::fputs("password: ", stderr);
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  }
  ~NoEcho() {
    if (on_) {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
      std::fputs("\n", stderr);
    }
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool on_ = false;
};

}  // namespace

std::expected<std::string, std::string> read_password() {
  constexpr std::size_t bytes_max = 1024;
  const NoEcho no_echo;
  std::string line;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    line += static_cast<char>(c);
    if (line.size() > bytes_max) {
      return std::unexpected("a password has at most 1024 bytes");
    }
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  if (line.empty()) {
    return std::unexpected("the first line of standard input must be the password");
  }
  return line;
}

}  // namespace marktwacht
