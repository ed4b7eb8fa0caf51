// What the reader keeps for each type between lines: names of fields, which are required, and which
// field came after which last time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "events/event.h"

namespace marktwacht {

// A key of a line: the number of a field in its type's table, or one of these.
using KeyCode = std::uint8_t;
inline constexpr KeyCode ts_key = 64;
inline constexpr KeyCode source_key = 65;
inline constexpr KeyCode source_seq_key = 66;
inline constexpr KeyCode type_key = 67;
inline constexpr KeyCode keys_end = 68;
inline constexpr KeyCode unknown_key = 255;

// The raw key that starts at `key` (after its quote) is `name`. Reads past the key's end, within
// the padding behind the line.
inline bool key_is(const char* key, std::string_view name) {
  return key[name.size()] == '"' && std::memcmp(key, name.data(), name.size()) == 0;
}

class Plan {
 public:
  // Without a type only the common keys are known.
  explicit Plan(const EventInfo* info = nullptr) : info_(info) {
    names_.fill({});
    if (info != nullptr) {
      for (const FieldInfo& field : info->fields) {
        const auto code = static_cast<KeyCode>(&field - info->fields.data());
        names_[code] = field.name;
        known_.push_back(code);
        required_ |= std::uint64_t{field.need == Need::required} << code;
      }
    }
    for (const KeyCode code : {ts_key, source_key, source_seq_key, type_key}) {
      names_[code] = common_names[code - ts_key];
      known_.push_back(code);
    }
    next_.fill(ts_key);
  }

  const EventInfo* info() const { return info_; }
  // A bit for each required field.
  std::uint64_t required() const { return required_; }
  std::string_view name(KeyCode code) const { return names_[code]; }

  // The key that came after `previous` last time.
  KeyCode guess(KeyCode previous) const { return next_[previous]; }
  void learn(KeyCode previous, KeyCode code) { next_[previous] = code; }

  KeyCode find(std::string_view key) const {
    for (const KeyCode code : known_) {
      if (names_[code] == key) {
        return code;
      }
    }
    return unknown_key;
  }

 private:
  static constexpr std::string_view common_names[] = {"ts", "source", "source_seq", "type"};

  const EventInfo* info_;
  std::uint64_t required_ = 0;
  std::array<std::string_view, keys_end> names_;
  std::vector<KeyCode> known_;
  std::array<KeyCode, keys_end> next_;
};

// The plans of all types, found by word.
class Plans {
 public:
  Plans() {
    slots_.fill(0);
    for (std::size_t code = 1; code < event_types_end; ++code) {
      plans_[code] = Plan(event_info(code));
      std::size_t at = slot(event_info(code)->word);
      while (slots_[at] != 0) {
        at = (at + 1) % slots_.size();
      }
      slots_[at] = static_cast<std::uint8_t>(code);
    }
  }

  Plan& untyped() { return plans_[0]; }

  // nullptr when there is no such type.
  Plan* find(std::string_view word) {
    for (std::size_t at = slot(word); slots_[at] != 0; at = (at + 1) % slots_.size()) {
      if (plans_[slots_[at]].info()->word == word) {
        return &plans_[slots_[at]];
      }
    }
    return nullptr;
  }

 private:
  std::size_t slot(std::string_view word) const { return hash_of(word) % slots_.size(); }

  std::array<Plan, event_types_end> plans_;
  std::array<std::uint8_t, 256> slots_;  // codes; 0 = free
};

}  // namespace marktwacht
