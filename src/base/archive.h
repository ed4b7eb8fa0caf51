// State to bytes and back, member by member: for what is kept by the thousand, not by the million.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/index.h"
#include "base/time.h"

namespace marktwacht {

// A struct lists its members once, for both ways:
//   template <class Self, class Visit>
//   static void members(Self& self, Visit&& visit) { visit(self.a, self.b); }
// Equal values write equal bytes. Order of members and of enumerators is stored: snapshots of
// another build are refused by the event table's hash, not by these.
class Saver {
 public:
  explicit Saver(ByteWriter& out) : out_(out) {}

  template <class... Members>
  void operator()(const Members&... members) {
    (save(members), ...);
  }

 private:
  void save(bool value) { out_.byte(value ? 1 : 0); }
  template <class T>
    requires(std::is_enum_v<T> || std::is_integral_v<T>)
  void save(T value) {
    out_.zigzag(static_cast<std::int64_t>(value));
  }
  void save(Int128 value) { out_.zigzag128(value); }
  void save(const std::string& text) { out_.text(text); }
  void save(Time time) { out_.zigzag(time.ns); }
  void save(Duration duration) { out_.zigzag(duration.ns); }
  template <class Tag>
  void save(Index<Tag> index) {
    out_.fixed(index.value);
  }
  void save(const Decimal& value) {
    out_.zigzag128(value.mantissa);
    out_.zigzag(value.exponent);
  }
  template <class T>
  void save(const std::optional<T>& value) {
    save(value.has_value());
    if (value) {
      save(*value);
    }
  }
  template <class A, class B>
  void save(const std::pair<A, B>& value) {
    save(value.first);
    save(value.second);
  }
  template <class T>
  void save(const std::vector<T>& list) {
    save_each(list);
  }
  template <class T>
  void save(const std::set<T>& set) {
    save_each(set);
  }
  template <class K, class V>
  void save(const std::map<K, V>& map) {
    save_each(map);
  }
  template <class T>
    requires requires(const T& value, Saver& saver) { T::members(value, saver); }
  void save(const T& value) {
    T::members(value, *this);
  }
  template <class Container>
  void save_each(const Container& container) {
    out_.varint(container.size());
    for (const auto& each : container) {
      save(each);
    }
  }

  ByteWriter& out_;
};

// What Saver wrote. After damage the reader is not ok, and what was loaded is of no use.
class Loader {
 public:
  explicit Loader(ByteReader& in) : in_(in) {}

  template <class... Members>
  void operator()(Members&... members) {
    (load(members), ...);
  }

 private:
  void load(bool& value) { value = in_.byte() != 0; }
  template <class T>
    requires(std::is_enum_v<T> || std::is_integral_v<T>)
  void load(T& value) {
    value = static_cast<T>(in_.zigzag());
  }
  void load(Int128& value) { value = in_.zigzag128(); }
  void load(std::string& text) { text = in_.text(); }
  void load(Time& time) { time.ns = in_.zigzag(); }
  void load(Duration& duration) { duration.ns = in_.zigzag(); }
  template <class Tag>
  void load(Index<Tag>& index) {
    index.value = in_.fixed<std::uint32_t>();
  }
  void load(Decimal& value) {
    value.mantissa = in_.zigzag128();
    value.exponent = static_cast<std::int32_t>(in_.zigzag());
  }
  template <class T>
  void load(std::optional<T>& value) {
    bool has = false;
    load(has);
    value.reset();
    if (has) {
      load(value.emplace());
    }
  }
  template <class A, class B>
  void load(std::pair<A, B>& value) {
    load(value.first);
    load(value.second);
  }
  template <class T>
  void load(std::vector<T>& list) {
    for (std::uint64_t left = in_.varint(); left > 0 && in_.ok(); --left) {
      load(list.emplace_back());
    }
  }
  template <class T>
  void load(std::set<T>& set) {
    for (std::uint64_t left = in_.varint(); left > 0 && in_.ok(); --left) {
      T value{};
      load(value);
      set.insert(std::move(value));
    }
  }
  template <class K, class V>
  void load(std::map<K, V>& map) {
    for (std::uint64_t left = in_.varint(); left > 0 && in_.ok(); --left) {
      K key{};
      load(key);
      load(map[std::move(key)]);
    }
  }
  template <class T>
    requires requires(T& value, Loader& loader) { T::members(value, loader); }
  void load(T& value) {
    T::members(value, *this);
  }

  ByteReader& in_;
};

}  // namespace marktwacht
