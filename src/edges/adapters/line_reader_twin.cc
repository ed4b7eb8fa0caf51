// Cuts character by character.
#include "edges/adapters/line_reader_twin.h"

#include <optional>

namespace marktwacht {
namespace {

std::string without_cr(std::string text) {
  if (!text.empty() && text.back() == '\r') {
    text.pop_back();
  }
  return text;
}

// The text of the CSV row at `from`, up to its LF or the end, unless a quote stands wrong in it.
std::optional<std::string> quoted_row(const std::string& stream, std::size_t from) {
  enum class At { field_start, plain, quoted, behind_quote };
  At at = At::field_start;
  std::string row;
  for (std::size_t i = from; i < stream.size(); ++i) {
    const char c = stream[i];
    const bool crlf = c == '\r' && (i + 1 == stream.size() || stream[i + 1] == '\n');
    if (c == '\n' && at != At::quoted) {
      return row;
    }
    row.push_back(c);
    switch (at) {
      case At::field_start:
        at = c == '"' ? At::quoted : c == ',' ? At::field_start : At::plain;
        break;
      case At::plain:
        if (c == '"') {
          return std::nullopt;
        }
        at = c == ',' ? At::field_start : At::plain;
        break;
      case At::quoted:
        at = c == '"' ? At::behind_quote : At::quoted;
        break;
      case At::behind_quote:
        if (c != '"' && c != ',' && !crlf) {
          return std::nullopt;
        }
        at = c == '"' ? At::quoted : c == ',' ? At::field_start : At::behind_quote;
        break;
    }
  }
  return at == At::quoted ? std::nullopt : std::optional(row);
}

}  // namespace

TwinLines read_lines_twin(const std::string& stream, LineReader::Cut cut) {
  TwinLines result;
  std::size_t at = stream.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  std::uint64_t number = 1;
  while (at < stream.size()) {
    std::string row = stream.substr(at, stream.find('\n', at) - at);
    if (cut == LineReader::Cut::csv_rows && row.find('"') != std::string::npos) {
      const auto whole = quoted_row(stream, at);
      if (whole && without_cr(*whole).size() <= line_bytes_max) {
        row = *whole;
      }
    }
    const std::string text = without_cr(row);
    const bool too_large = text.size() > line_bytes_max;
    if (text.find_first_not_of(" \t\r") == std::string::npos && !too_large) {
      ++result.blank_lines;
    } else {
      result.lines.push_back(
          {too_large ? text.substr(0, rejected_head_bytes) : text, number, at, too_large});
    }
    for (const char c : row) {
      number += c == '\n' ? 1 : 0;
    }
    ++number;
    at += row.size() + 1;
  }
  return result;
}

}  // namespace marktwacht
