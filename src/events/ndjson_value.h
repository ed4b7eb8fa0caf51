// One value of a line into one member of an event, by the kind its field has in the table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "events/event.h"

namespace marktwacht {

enum class ValueRead : std::uint8_t {
  good,
  absent,  // null
  bad,     // valid JSON, but no value of this field
  broken   // not JSON
};

// What a value is read with. `scratch` is free to be overwritten.
struct ValueContext {
  Arena& arena;
  std::string& scratch;
  bool escapes;  // there is a backslash somewhere in the line
};

// A token is a string with its quotes, a scalar, or for a container the text from its bracket to
// the line's end. simdjson's first stage has passed the line: it is UTF-8, its strings end and hold
// no control characters.
ValueRead read_value(const FieldInfo& field, std::string_view token, const ValueContext& context,
                     Event& event);

ValueRead read_string(std::string_view token, const ValueContext& context, std::string_view& text);
ValueRead read_id(std::string_view token, const ValueContext& context, Text& id);
ValueRead read_time(std::string_view token, const ValueContext& context, Time& time);
// An integer literal from 0 to `max`.
ValueRead read_integer(std::string_view token, std::uint64_t max, const ValueContext& context,
                       std::uint64_t& value);
// Any value, only checked.
ValueRead read_any(std::string_view token, const ValueContext& context);

}  // namespace marktwacht
