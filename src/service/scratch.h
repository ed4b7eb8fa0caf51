// Texts handed to a child as files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace marktwacht {

// A folder of its own for the texts, gone after it.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "marktwacht-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) {
      path_ = name;
    }
  }
  ~Scratch() {
    std::error_code error;
    if (!path_.empty()) {
      std::filesystem::remove_all(path_, error);
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // A text of TOML has line ends, a name has none.
  std::string named(const std::string& rulebook) {
    if (!rulebook.contains('\n')) {
      return rulebook;
    }
    const std::string path = path_ + "/rulebook-" + std::to_string(++files_) + ".toml";
    std::ofstream(path, std::ios::binary) << rulebook;
    return path;
  }

 private:
  std::string path_;
  int files_ = 0;
};

}  // namespace marktwacht
