// Reading a record's payload: takes nothing that write_record would not write for an event that the
// text form could bring. Every byte: format.md.
#include <vector>

#include "base/bytes.h"
#include "events/batch.h"
#include "events/json_text.h"
#include "events/record.h"
#include "events/record_layout.h"
#include "events/shape.h"

namespace marktwacht {
namespace {

constexpr int exponent_max = 127;
constexpr int minutes_of_day = 24 * 60;

bool is_decimal(const Decimal& value) {
  if (value.mantissa == 0) {
    return value.exponent == 0;
  }
  if (value.exponent < -exponent_max || value.exponent > exponent_max) {
    return false;
  }
  // The short form first: dividing 128 bits is slow.
  const auto low = static_cast<std::int64_t>(value.mantissa);
  if (low == value.mantissa) {
    return low % 10 != 0;
  }
  const Int128 limit = power_of_ten(38);
  return value.mantissa < limit && value.mantissa > -limit && value.mantissa % 10 != 0;
}

// One payload on its way to an event. Faults are gathered by the reader: `good()` in the end.
class Payload {
 public:
  Payload(std::string_view bytes, Arena& arena) : in_(bytes), arena_(arena) {}

  const Event* read() {
    const EventInfo* info = event_info(in_.byte());
    if (info == nullptr) {
      return nullptr;
    }
    Event& event = *info->make(arena_);
    read_common(event);
    const std::size_t count = info->fields.size();
    event.present = in_.varint();
    if (count < 64 && event.present >> count != 0) {
      return nullptr;
    }
    for (std::uint64_t rest = event.present; rest != 0; rest &= rest - 1) {
      read_value(info->fields[static_cast<std::size_t>(std::countr_zero(rest))], event);
    }
    for (std::size_t i = 0; i < count; ++i) {
      require(info->fields[i].need == Need::optional || event.has(i));
    }
    const bool good = in_.ok() && in_.done() && !shape_fault(event);
    return good ? &event : nullptr;
  }

 private:
  void require(bool holds) {
    if (!holds) {
      in_.fail();
    }
  }

  void read_common(Event& event) {
    const std::uint8_t flags = in_.byte();
    require((flags & ~record_flags_known) == 0);
    event.ts.ns = in_.fixed<std::int64_t>();
    require(event.ts.ns >= 0);
    if ((flags & record_has_source) != 0) {
      event.source = id();
    }
    if ((flags & record_has_source_seq) != 0) {
      event.has_source_seq = true;
      event.source_seq = in_.varint();
    }
  }

  Text text() {
    const std::string_view bytes = in_.text();
    require(is_utf8(bytes));
    return make_text(bytes);
  }

  Text id() {
    const Text id = text();
    require(id.size >= 1 && id.size <= id_bytes_max);
    return id;
  }

  // Minified JSON as the text form would leave it; null is absent there.
  Text json() {
    const Text json = text();
    std::string minified;
    const std::size_t used = check_json(json.view(), line_levels_max - 1, minified);
    require(used != 0 && used == json.size && minified == json.view() && minified != "null");
    return json;
  }

  // How many elements follow, each of at least a byte.
  std::size_t size() {
    const std::uint64_t size = in_.varint();
    require(size <= in_.left());
    return in_.ok() ? static_cast<std::size_t>(size) : 0;
  }

  std::span<const Text> ids() {
    std::vector<Text> ids(size());
    for (Text& each : ids) {
      each = id();
    }
    return arena_.copy(std::span<const Text>(ids));
  }

  std::span<const std::uint16_t> minutes() {
    std::vector<std::uint16_t> minutes(size());
    for (std::uint16_t& each : minutes) {
      const std::uint64_t minute = in_.varint();
      require(minute < minutes_of_day);
      each = static_cast<std::uint16_t>(minute);
    }
    return arena_.copy(std::span<const std::uint16_t>(minutes));
  }

  Decimal decimal(FieldKind kind) {
    const Int128 mantissa = in_.zigzag128();
    const std::int64_t exponent = in_.zigzag();
    const Decimal value{mantissa, static_cast<std::int32_t>(exponent)};
    require(value.exponent == exponent && is_decimal(value) &&
            (kind != FieldKind::positive || value.positive()) &&
            (kind != FieldKind::non_negative || !value.negative()));
    return value;
  }

  std::uint64_t up_to(std::uint64_t max) {
    const std::uint64_t value = in_.varint();
    require(value <= max);
    return value;
  }

  std::uint8_t byte_below(std::size_t end) {
    const std::uint8_t value = in_.byte();
    require(value < end);
    return value;
  }

  Time time() {
    const Time time{in_.fixed<std::int64_t>()};
    require(time.ns >= 0);
    return time;
  }

  void read_value(const FieldInfo& field, Event& event) {
    switch (field.kind) {
      case FieldKind::id:
        member<Text>(event, field) = id();
        return;
      case FieldKind::ids:
        member<std::span<const Text>>(event, field) = ids();
        return;
      case FieldKind::free_text:
        member<Text>(event, field) = text();
        return;
      case FieldKind::json:
        member<Text>(event, field) = json();
        return;
      case FieldKind::decimal:
      case FieldKind::positive:
      case FieldKind::non_negative:
        member<Decimal>(event, field) = decimal(field.kind);
        return;
      case FieldKind::count:
        member<std::int64_t>(event, field) =
            static_cast<std::int64_t>(up_to(static_cast<std::uint64_t>(field.max)));
        return;
      case FieldKind::time:
        member<Time>(event, field) = time();
        return;
      case FieldKind::flag:
        member<bool>(event, field) = byte_below(2) == 1;
        return;
      case FieldKind::word:
        member<std::uint8_t>(event, field) = byte_below(field.words.size());
        return;
      case FieldKind::word_set: {
        const std::uint64_t set = up_to((std::uint64_t{1} << field.words.size()) - 1);
        member<std::uint32_t>(event, field) = static_cast<std::uint32_t>(set);
        return;
      }
      case FieldKind::minutes:
        member<std::span<const std::uint16_t>>(event, field) = minutes();
        return;
    }
  }

  ByteReader in_;
  Arena& arena_;
};

}  // namespace

const Event* read_record(std::string_view payload, Arena& arena) {
  return Payload(payload, arena).read();
}

}  // namespace marktwacht
