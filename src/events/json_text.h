// JSON's grammar on plain bytes: what the codecs need beside simdjson, whose on-demand parser looks
// at a value only as far as it is asked to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

// The whole text is a number of JSON's grammar.
bool is_json_number(std::string_view text);
// The same without fraction and exponent.
bool is_json_integer(std::string_view text);

// The size of the string that `text` starts with, both quotes counted; 0 when it does not end.
std::size_t json_string_size(std::string_view text);

// Appends `raw`, what stands between the quotes of a string, with its escapes replaced. False when
// an escape is malformed or names half of a surrogate pair, which UTF-8 cannot say.
bool unescape_json(std::string_view raw, std::string& out);

// Checks the one value that `text` starts with (spaces before it allowed): grammar, at most
// `levels_max` levels of brackets, no key twice in one object. UTF-8 is the caller's business.
// Gives the bytes used, 0 for a fault. Appends the value without spaces to `minified`.
std::size_t check_json(std::string_view text, int levels_max, std::string& minified);

// How deep brackets nest outside strings, whether or not the text is JSON.
int bracket_levels(std::string_view text);

bool is_utf8(std::string_view text);

// No two of `keys` are equal; changes their order.
template <class Key>
bool all_different(std::vector<Key>& keys) {
  if (keys.size() > 1) {
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end();
  }
  return true;
}

}  // namespace marktwacht
