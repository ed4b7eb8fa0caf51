// Test support: the built program, run as a user runs it.
#pragma once

#include <string>
#include <vector>

namespace marktwacht {

struct BinaryRun {
  int exit_code = -1;
  std::string out, err;
};

// Runs `marktwacht` with these arguments, `input` on its standard input.
BinaryRun run_binary(const std::vector<std::string>& arguments, const std::string& input = "");

// A folder of its own for one test, removed at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;

 private:
  std::string path_;
};

// The value after "state_hash " in a run's standard error.
std::string state_hash_of(const BinaryRun& run);

// What a run printed: whether it says so, and its lines.
bool contains(const std::string& text, const std::string& part);
std::vector<std::string> split_lines(const std::string& text);

// The folder with real data, "" where there is none.
std::string development_data();

}  // namespace marktwacht
