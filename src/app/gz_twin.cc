// By zlib, in one piece.
#include "app/gz_twin.h"

#include <zlib.h>

#include <sstream>

namespace marktwacht {

std::vector<std::string> read_gz_lines(const std::string& path) {
  std::string text;
  const gzFile file = ::gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    return {};
  }
  char buffer[1 << 16];
  for (int size = 0; (size = ::gzread(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  ::gzclose(file);
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace marktwacht
