// A file that lines are written to, or standard output for "-".
#pragma once

#include <cstdio>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace marktwacht {

class Output {
 public:
  static std::expected<Output, std::string> open(const std::string& path);

  // The line, then a line end.
  std::expected<void, std::string> line(std::string_view text);
  // As it is.
  std::expected<void, std::string> text(std::string_view text);
  // All of it is with the system after this.
  std::expected<void, std::string> finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  Output(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  std::string failure() const;

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace marktwacht
