// The run-time form of the table.
#include "events/event.h"

#include <string>

// The structs derive from Event, so offsetof is "conditionally supported"; every compiler we build
// with supports it, and the codec tests would fail at once if one did not.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace marktwacht {
namespace {

template <class T>
Event* make(Arena& arena) {
  T* event = arena.make<T>();
  event->type = T::event_type;
  return event;
}

template <class T>
struct Fields;

#define MW_ROW(field, K, need) \
  FieldInfo{#field, Kind<K>::kind, Need::need, offsetof(Self, field), Kind<K>::max, Kind<K>::words},
#define MW_FIELDS(code, word, Name, origin, LIST)                                             \
  template <>                                                                                 \
  struct Fields<event::Name> {                                                                \
    using Self = event::Name;                                                                 \
    static constexpr std::array<FieldInfo, static_cast<std::size_t>(Self::Field::end_)> list{ \
        LIST(MW_ROW)};                                                                        \
    static_assert(list.size() <= 64, "one bit each in `present`");                            \
  };
MW_EVENTS(MW_FIELDS)
#undef MW_FIELDS
#undef MW_ROW

constexpr EventInfo infos[] = {
#define MW_INFO(code, word, Name, origin, LIST) \
  {EventType::word, #word, Origin::origin, Fields<event::Name>::list, make<event::Name>},
    MW_EVENTS(MW_INFO)
#undef MW_INFO
};
static_assert(std::size(infos) + 1 == event_types_end, "codes are dense from 1");

Digest make_schema_hash() {
  std::string text;
  for (const EventInfo& info : infos) {
    text += std::to_string(static_cast<int>(info.type));
    text += ' ';
    text += info.word;
    for (const FieldInfo& field : info.fields) {
      text += '\n';
      text += field.name;
      text += ' ' + std::to_string(static_cast<int>(field.kind));
      text += ' ' + std::to_string(static_cast<int>(field.need));
      for (const std::string_view word : field.words) {
        text += ' ';
        text += word;
      }
    }
    text += "\n\n";
  }
  return sha256(text);
}

}  // namespace

const EventInfo* event_info(std::size_t code) {
  return code >= 1 && code < event_types_end ? &infos[code - 1] : nullptr;
}

const EventInfo* find_event_info(std::string_view word) {
  for (const EventInfo& info : infos) {
    if (info.word == word) {
      return &info;
    }
  }
  return nullptr;
}

const Digest& schema_hash() {
  static const Digest hash = make_schema_hash();
  return hash;
}

}  // namespace marktwacht
