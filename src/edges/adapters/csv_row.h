// The grammar of CSV rows: RFC 4180, strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace marktwacht {

// Where the row at the start of a text ends.
struct CsvRowEnd {
  enum class State : std::uint8_t {
    found,      // at the LF `at`
    at_end,     // the text ends first, outside of quotes
    unclosed,   // the text ends inside of quotes
    malformed,  // a quote stands where the RFC has none
  };
  State state;
  std::size_t at = 0;
};
CsvRowEnd find_csv_row_end(std::string_view text);

// The cells of a whole row without its line end. They point into `row`, or into `arena` where
// doubled quotes had to be undone. False when the row is malformed; `cells` then holds those before
// the fault.
bool split_csv_row(std::string_view row, Arena& arena, std::vector<std::string_view>& cells);

}  // namespace marktwacht
