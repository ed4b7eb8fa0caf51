// Processes, pipes and temporary folders.
#include "app/binary_twin.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace marktwacht {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return result + "'";
}

}  // namespace

TestFolder::TestFolder() {
  std::string pattern = std::filesystem::temp_directory_path().string() + "/marktwacht-XXXXXX";
  path_ = ::mkdtemp(pattern.data());
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TestFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string TestFolder::read(const std::string& name) const { return read_file(path(name)); }

BinaryRun run_binary(const std::vector<std::string>& arguments, const std::string& input) {
  const TestFolder folder;
  const std::string in = folder.write("in", input);
  std::string command = quoted(MARKTWACHT_BINARY);
  for (const std::string& argument : arguments) {
    command += " " + quoted(argument);
  }
  command +=
      " <" + quoted(in) + " >" + quoted(folder.path("out")) + " 2>" + quoted(folder.path("err"));
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, folder.read("out"), folder.read("err")};
}

std::string state_hash_of(const BinaryRun& run) {
  const std::size_t at = run.err.find("state_hash ");
  return at == run.err.npos ? "" : run.err.substr(at + 11, 64);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string development_data() {
  const char* given = ::getenv("MARKTWACHT_DATA");
  const std::string path = given != nullptr ? given : MARKTWACHT_SOURCE_DIR "/../shared/data";
  return std::filesystem::is_directory(path) ? path : "";
}

}  // namespace marktwacht
