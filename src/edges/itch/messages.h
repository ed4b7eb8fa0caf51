// Messages of Nasdaq TotalView-ITCH 5.0 as bytes; docs/formats/itch.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/fixed.h"
#include "base/time.h"

namespace marktwacht {

// Eight characters, spaces behind.
using ItchSymbol = std::array<char, 8>;

// What each message has: the number of its instrument (0 = none), and when it happens.
struct ItchHead {
  std::uint16_t locate = 0;
  Time at;
};

struct ItchSystemEvent {
  static constexpr char type = 'S';
  static constexpr char begins = 'O', ends = 'C';  // the messages of a day
  char code = begins;
};
struct ItchDirectory {
  static constexpr char type = 'R';
  ItchSymbol symbol{};
};
struct ItchAdd {
  static constexpr char type = 'A';
  std::uint64_t reference = 0;
  Side side{};
  std::uint32_t shares = 0;
  ItchSymbol symbol{};
  std::uint32_t price = 0;
};
struct ItchExecuted {
  static constexpr char type = 'E';
  std::uint64_t reference = 0;
  std::uint32_t shares = 0;
  std::uint64_t match = 0;
};
struct ItchExecutedAt {
  static constexpr char type = 'C';
  std::uint64_t reference = 0;
  std::uint32_t shares = 0;
  std::uint64_t match = 0;
  bool printable = true;  // false: another message says the same trade
  std::uint32_t price = 0;
};
struct ItchCancel {
  static constexpr char type = 'X';
  std::uint64_t reference = 0;
  std::uint32_t shares = 0;
};
struct ItchDelete {
  static constexpr char type = 'D';
  std::uint64_t reference = 0;
};
struct ItchReplace {
  static constexpr char type = 'U';
  std::uint64_t reference = 0, new_reference = 0;
  std::uint32_t shares = 0;
  std::uint32_t price = 0;
};
struct ItchTrade {
  static constexpr char type = 'P';
  std::uint32_t shares = 0;
  ItchSymbol symbol{};
  std::uint32_t price = 0;
  std::uint64_t match = 0;
};

// Appends the message, its length before it, to `out`.
void append(std::string& out, const ItchHead& head, const ItchSystemEvent& message);
void append(std::string& out, const ItchHead& head, const ItchDirectory& message);
void append(std::string& out, const ItchHead& head, const ItchAdd& message);
void append(std::string& out, const ItchHead& head, const ItchExecuted& message);
void append(std::string& out, const ItchHead& head, const ItchExecutedAt& message);
void append(std::string& out, const ItchHead& head, const ItchCancel& message);
void append(std::string& out, const ItchHead& head, const ItchDelete& message);
void append(std::string& out, const ItchHead& head, const ItchReplace& message);
void append(std::string& out, const ItchHead& head, const ItchTrade& message);

}  // namespace marktwacht
