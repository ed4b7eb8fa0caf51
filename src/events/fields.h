// Kinds of field: which C++ type holds one and how the codecs treat it. One row of a type's table
// becomes one FieldInfo, which both codecs walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/decimal.h"
#include "base/text.h"
#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

enum class FieldKind : std::uint8_t {
  id,            // 1–128 bytes; a bare integer is kept as its digits
  ids,           // array of id
  free_text,     // any text
  json,          // any JSON value, kept as minified text
  decimal,       // exact, any sign
  positive,      // exact, > 0
  non_negative,  // exact, >= 0
  count,         // integer from 0 to FieldInfo::max
  time,          // nanoseconds since the epoch, or RFC 3339
  flag,          // true or false
  word,          // one of FieldInfo::words
  word_set,      // array of those, a bit each
  minutes        // array of "HH:MM", as minutes of the day
};

// The names used in table.h.
struct Id {};
struct Ids {};
struct Free {};
struct Json {};
struct Positive {};
struct NonNegative {};
struct Count {};
struct Flag {};
struct Minutes {};
template <std::int64_t max>
struct UpTo {};
template <class E>
struct WordSet {};

namespace detail {

template <FieldKind field_kind, class T, std::int64_t max_value = INT64_MAX>
struct Plain {
  using type = T;
  static constexpr FieldKind kind = field_kind;
  static constexpr std::int64_t max = max_value;
  static constexpr std::span<const std::string_view> words{};
};

}  // namespace detail

// What a table's kind means. An enumeration stands for itself.
template <class K>
struct Kind {
  static_assert(std::is_enum_v<K>);
  using type = K;
  static constexpr FieldKind kind = FieldKind::word;
  static constexpr std::int64_t max = 0;
  static constexpr std::span<const std::string_view> words{Words<K>::list};
};
template <class E>
struct Kind<WordSet<E>> {
  using type = std::uint32_t;
  static constexpr FieldKind kind = FieldKind::word_set;
  static constexpr std::int64_t max = 0;
  static constexpr std::span<const std::string_view> words{Words<E>::list};
};
template <>
struct Kind<Id> : detail::Plain<FieldKind::id, Text> {};
template <>
struct Kind<Ids> : detail::Plain<FieldKind::ids, std::span<const Text>> {};
template <>
struct Kind<Free> : detail::Plain<FieldKind::free_text, Text> {};
template <>
struct Kind<Json> : detail::Plain<FieldKind::json, Text> {};
template <>
struct Kind<Decimal> : detail::Plain<FieldKind::decimal, Decimal> {};
template <>
struct Kind<Positive> : detail::Plain<FieldKind::positive, Decimal> {};
template <>
struct Kind<NonNegative> : detail::Plain<FieldKind::non_negative, Decimal> {};
template <>
struct Kind<Count> : detail::Plain<FieldKind::count, std::int64_t> {};
template <std::int64_t max>
struct Kind<UpTo<max>> : detail::Plain<FieldKind::count, std::int64_t, max> {};
template <>
struct Kind<Time> : detail::Plain<FieldKind::time, Time> {};
template <>
struct Kind<Flag> : detail::Plain<FieldKind::flag, bool> {};
template <>
struct Kind<Minutes> : detail::Plain<FieldKind::minutes, std::span<const std::uint16_t>> {};

inline constexpr std::size_t id_bytes_max = 128;

enum class Need : std::uint8_t { optional, required };

struct FieldInfo {
  std::string_view name;
  FieldKind kind;
  Need need;
  std::uint16_t offset;  // of the member in the type's struct
  std::int64_t max;
  std::span<const std::string_view> words;
};

}  // namespace marktwacht
