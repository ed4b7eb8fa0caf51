// Reads a text once; see sim_hash.h.
#include "algorithms/sim_hash.h"

#include <algorithm>
#include <array>
#include <string>

#include "algorithms/stable_hash.h"

namespace marktwacht {
namespace {

// What a character is, by its first byte.
enum class Kind : std::uint8_t {
  letter,  // of a word
  sign,    // a word with its neighbour
  gap
};

Kind kind_of(std::string_view at) {
  const auto lead = static_cast<unsigned char>(at[0]);
  const char c = at[0];
  if (lead < 0x80) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter ? Kind::letter : Kind::gap;
  }
  // U+0080 to U+00BF, U+2000 to U+2FFF, U+3000 to U+303F, from U+F000 on: punctuation, symbols.
  const bool symbol = lead <= 0xC2 || lead == 0xE2 || lead >= 0xEF || at.starts_with("\xE3\x80");
  return symbol ? Kind::gap : lead < 0xE3 ? Kind::letter : Kind::sign;
}

std::size_t length_of(std::string_view at) {
  const auto lead = static_cast<unsigned char>(at[0]);
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, at.size());
}

class Sums {
 public:
  void add(std::string_view word, std::int64_t letters) {
    const std::int64_t length = std::min<std::int64_t>(letters, 12);
    const std::int64_t weight = length * length * length;
    const std::uint64_t hash = stable_hash(word);
    for (std::size_t bit = 0; bit < sums_.size(); ++bit) {
      sums_[bit] += (hash >> bit & 1) != 0 ? weight : -weight;
    }
  }
  std::uint64_t signs() const {
    std::uint64_t signs = 0;
    for (std::size_t bit = 0; bit < sums_.size(); ++bit) {
      signs |= static_cast<std::uint64_t>(sums_[bit] > 0 ? 1 : 0) << bit;
    }
    return signs;
  }

 private:
  std::array<std::int64_t, 64> sums_{};
};

}  // namespace

std::uint64_t sim_hash(std::string_view text) {
  constexpr std::int64_t two_signs = 4;  // weigh as so many letters
  Sums sums;
  std::string word;
  std::int64_t letters = 0;
  std::string_view sign;  // just before
  while (!text.empty()) {
    const std::string_view at = text.substr(0, length_of(text));
    const Kind kind = kind_of(text);
    text.remove_prefix(at.size());
    if (kind == Kind::letter) {
      const bool capital = at[0] >= 'A' && at[0] <= 'Z';
      word += capital ? std::string_view("abcdefghijklmnopqrstuvwxyz").substr(at[0] - 'A', 1) : at;
      ++letters;
    } else if (letters > 0) {
      sums.add(word, letters);
      word.clear();
      letters = 0;
    }
    if (kind == Kind::sign && !sign.empty()) {
      sums.add({sign.data(), sign.size() + at.size()}, two_signs);
    }
    sign = kind == Kind::sign ? at : std::string_view{};
  }
  if (letters > 0) {
    sums.add(word, letters);
  }
  return sums.signs();
}

}  // namespace marktwacht
