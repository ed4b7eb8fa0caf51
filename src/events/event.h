// Events in memory: one struct per type, made from table.h. Text points into the batch that the
// event came with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/check.h"
#include "base/sha256.h"
#include "events/fields.h"
#include "events/table.h"
#include "events/words.h"

namespace marktwacht {

#define MW_ENUMERATOR(code, word, Name, origin, LIST) word = code,
enum class EventType : std::uint8_t { MW_EVENTS(MW_ENUMERATOR) };
#undef MW_ENUMERATOR

inline constexpr std::size_t event_types_end = 41;  // one past the highest code

// Who may send a type: see events.md, "Who may send what".
enum class Origin : std::uint8_t {
  feed,     // any source
  trusted,  // a source marked `trusted`
  person,   // an authenticated person
  command,  // the command edge
  engine    // the engine itself
};

// The common fields. `present` has a bit for each field of the type's table, by its place.
struct Event {
  EventType type{};
  bool has_source_seq = false;
  Time ts;      // as its source gave it
  Text source;  // data == nullptr when absent
  std::uint64_t source_seq = 0;
  std::uint64_t present = 0;

  bool has(std::size_t field) const { return (present >> field & 1) != 0; }
};

namespace event {

#define MW_FIELD_NUMBER(field, kind, need) field,
#define MW_MEMBER(field, kind, need) Kind<kind>::type field{};
#define MW_HAS(field, kind, need) \
  bool has_##field() const { return has(static_cast<std::size_t>(Field::field)); }
#define MW_STRUCT(code, word, Name, origin, LIST)                   \
  struct Name : Event {                                             \
    static constexpr EventType event_type = EventType::word;        \
    enum class Field : std::uint8_t { LIST(MW_FIELD_NUMBER) end_ }; \
    LIST(MW_MEMBER)                                                 \
    LIST(MW_HAS)                                                    \
  };
MW_EVENTS(MW_STRUCT)
#undef MW_STRUCT
#undef MW_HAS
#undef MW_MEMBER
#undef MW_FIELD_NUMBER

}  // namespace event

// `event` as its own type.
template <class T>
const T& as(const Event& event) {
  check(event.type == T::event_type, "an event is read as its own type");
  return static_cast<const T&>(event);
}

// Calls `visitor` with the event as its own type.
template <class Visitor>
decltype(auto) visit(const Event& event, Visitor&& visitor) {
  switch (event.type) {
#define MW_CASE(code, word, Name, origin, LIST) \
  case EventType::word:                         \
    return visitor(static_cast<const event::Name&>(event));
    MW_EVENTS(MW_CASE)
#undef MW_CASE
  }
  check(false, "a known event type");
  __builtin_unreachable();
}

// One type, as the codecs see it.
struct EventInfo {
  EventType type;
  std::string_view word;
  Origin origin;
  std::span<const FieldInfo> fields;
  Event* (*make)(Arena&);  // a fresh event of this type
};

// By code; nullptr where there is no such type.
const EventInfo* event_info(std::size_t code);
inline const EventInfo& event_info(EventType type) {
  return *event_info(static_cast<std::size_t>(type));
}
// By word; nullptr where there is no such type.
const EventInfo* find_event_info(std::string_view word);

// SHA-256 over the whole table: types, codes, fields, kinds, words, in order.
const Digest& schema_hash();

// The member that `field` describes.
template <class T>
T& member(Event& event, const FieldInfo& field) {
  return *reinterpret_cast<T*>(reinterpret_cast<std::byte*>(&event) + field.offset);
}
template <class T>
const T& member(const Event& event, const FieldInfo& field) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(&event) + field.offset);
}

}  // namespace marktwacht
