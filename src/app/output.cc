// Buffered by the C library, with every failure reported.
#include "app/output.h"

#include <cerrno>
#include <cstring>

namespace marktwacht {

void Output::Close::operator()(std::FILE* file) const {
  if (file != stdout) {
    std::fclose(file);
  }
}

std::string Output::failure() const {
  return "cannot write " + (path_ == "-" ? "standard output" : path_) + ": " + std::strerror(errno);
}

std::expected<Output, std::string> Output::open(const std::string& path) {
  Output output(path, path == "-" ? stdout : std::fopen(path.c_str(), "wb"));
  if (output.file_ == nullptr) {
    return std::unexpected(output.failure());
  }
  std::setvbuf(output.file_.get(), nullptr, _IOFBF, 1 << 18);
  return output;
}

std::expected<void, std::string> Output::line(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() ||
      std::fputc('\n', file_.get()) == EOF) {
    return std::unexpected(failure());
  }
  return {};
}

std::expected<void, std::string> Output::text(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    return std::unexpected(failure());
  }
  return {};
}

std::expected<void, std::string> Output::finish() {
  if (std::fflush(file_.get()) != 0) {
    return std::unexpected(failure());
  }
  return {};
}

}  // namespace marktwacht
