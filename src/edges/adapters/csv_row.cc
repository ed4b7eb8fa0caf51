// Reading CSV rows. A quote may stand only around a whole field or, doubled, inside such a field:
// so every quote flips inside and outside, and a stray one cannot make each later line a new start
// of a row that runs to the limit.
#include "edges/adapters/csv_row.h"

#include <algorithm>

namespace marktwacht {
namespace {

constexpr auto npos = std::string_view::npos;

// The place behind the closing quote of the field that opens at `at`, or npos.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  for (++at; (at = text.find('"', at)) != npos; at += 2) {
    if (at + 1 == text.size() || text[at + 1] != '"') {
      return at + 1;
    }
  }
  return npos;
}

// The bytes between the quotes, doubled ones undone.
std::string_view unquote(std::string_view inside, Arena& arena) {
  const auto doubled = static_cast<std::size_t>(std::ranges::count(inside, '"')) / 2;
  if (doubled == 0) {
    return inside;
  }
  auto* plain = static_cast<char*>(arena.allocate(inside.size() - doubled, 1));
  std::size_t size = 0;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    plain[size++] = inside[at];
    at += inside[at] == '"' ? 1 : 0;
  }
  return {plain, size};
}

}  // namespace

CsvRowEnd find_csv_row_end(std::string_view text) {
  using enum CsvRowEnd::State;
  for (std::size_t at = 0;; ++at) {
    if (at < text.size() && text[at] == '"') {
      at = skip_quoted(text, at);
      if (at == npos) {
        return {unclosed};
      }
      if (text.substr(at) == "\r") {
        return {at_end};
      }
      at += text.substr(at).starts_with("\r\n") ? 1 : 0;
      if (at < text.size() && text[at] != ',' && text[at] != '\n') {
        return {malformed};
      }
    } else {
      at = std::min(text.find_first_of(",\n\"", at), text.size());
    }
    if (at == text.size()) {
      return {at_end};
    }
    if (text[at] != ',') {
      return text[at] == '\n' ? CsvRowEnd{found, at} : CsvRowEnd{malformed};
    }
  }
}

bool split_csv_row(std::string_view row, Arena& arena, std::vector<std::string_view>& cells) {
  cells.clear();
  for (std::size_t at = 0;; ++at) {
    std::size_t end = 0;
    if (at < row.size() && row[at] == '"') {
      end = skip_quoted(row, at);
      if (end == npos || (end < row.size() && row[end] != ',')) {
        return false;
      }
      cells.push_back(unquote(row.substr(at + 1, end - at - 2), arena));
    } else {
      end = std::min(row.find(',', at), row.size());
      const std::string_view cell = row.substr(at, end - at);
      if (cell.find('"') != npos) {
        return false;
      }
      cells.push_back(cell);
    }
    if (end == row.size()) {
      return true;
    }
    at = end;
  }
}

}  // namespace marktwacht
