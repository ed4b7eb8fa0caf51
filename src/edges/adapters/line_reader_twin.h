// The line reader as it would be with the whole stream in memory: slow and clear, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/line_reader.h"

namespace marktwacht {

struct TwinLine {
  std::string text;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  bool too_large = false;
  bool operator==(const TwinLine&) const = default;
};

struct TwinLines {
  std::vector<TwinLine> lines;
  std::uint64_t blank_lines = 0;
  bool operator==(const TwinLines&) const = default;
};

TwinLines read_lines_twin(const std::string& stream, LineReader::Cut cut);

}  // namespace marktwacht
