// Bytes in and out: little-endian integers, varints, length-prefixed text. The journal's records
// and the snapshots are written with these: never change what a method writes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/int128.h"

namespace marktwacht {

// Appends to a string of bytes.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void raw(std::string_view bytes) { out_.append(bytes); }

  // Fixed width, little-endian.
  template <class T>
  void fixed(T value) {
    static_assert(std::is_integral_v<T> && std::endian::native == std::endian::little);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  // LEB128: seven bits a byte, low ones first.
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void varint128(UInt128 value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  // Signed as zigzag: 0, −1, 1, −2 …
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void zigzag128(Int128 value) {
    varint128((static_cast<UInt128>(value) << 1) ^ static_cast<UInt128>(value >> 127));
  }
  // Length, then the bytes.
  void text(std::string_view bytes) {
    varint(bytes.size());
    raw(bytes);
  }

 private:
  std::string& out_;
};

// Reads what ByteWriter wrote, and nothing else: a varint has no needless last byte. After the
// first fault `ok()` is false and every read gives 0 or nothing: check once at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void fail() {
    ok_ = false;
    at_ = end_;
  }

  std::uint8_t byte() {
    if (at_ == end_) {
      fail();
      return 0;
    }
    return static_cast<std::uint8_t>(*at_++);
  }
  std::string_view raw(std::size_t size) {
    if (size > left()) {
      fail();
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  template <class T>
  T fixed() {
    T value{};
    const std::string_view bytes = raw(sizeof value);
    if (bytes.size() == sizeof value) {
      std::memcpy(&value, bytes.data(), sizeof value);
    }
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) {
        return (shift == 63 && next > 1) || (shift > 0 && next == 0) ? too_long() : value;
      }
    }
    return too_long();
  }
  UInt128 varint128() {
    UInt128 value = 0;
    for (int shift = 0; shift < 128; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<UInt128>(next & 0x7F) << shift;
      if (next < 0x80) {
        return (shift == 126 && next > 3) || (shift > 0 && next == 0) ? too_long() : value;
      }
    }
    return too_long();
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  Int128 zigzag128() {
    const UInt128 value = varint128();
    return static_cast<Int128>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::string_view text() {
    const std::uint64_t size = varint();
    if (size > left()) {
      fail();
      return {};
    }
    return raw(static_cast<std::size_t>(size));
  }

 private:
  std::uint64_t too_long() {
    fail();
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace marktwacht
