// Both outputs go to files without a name, so that neither can fill a pipe and block the child.
#include "service/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

extern char** environ;

namespace marktwacht {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File scratch() { return {std::tmpfile(), std::fclose}; }

std::string all_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  char piece[16'384];
  for (std::size_t size; (size = std::fread(piece, 1, sizeof piece, file)) > 0;) {
    text.append(piece, size);
  }
  return text;
}

}  // namespace

std::expected<ChildEnd, std::string> run_child(const std::vector<std::string>& arguments) {
  const File output = scratch(), errors = scratch();
  if (!output || !errors) {
    return std::unexpected(std::string("no room for a child's output: ") + std::strerror(errno));
  }
  std::vector<std::string> words{"marktwacht"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(errors.get()), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, "/proc/self/exe", &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    return std::unexpected(std::string("cannot start a child: ") + std::strerror(failed));
  }
  setpriority(PRIO_PROCESS, static_cast<id_t>(child), 10);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return ChildEnd{WIFEXITED(status) ? WEXITSTATUS(status) : -1, all_of(output.get()),
                  all_of(errors.get())};
}

}  // namespace marktwacht
