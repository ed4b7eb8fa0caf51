// Values by kind, and equality by kind.
#include "events/event_twin.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "events/shape.h"

namespace marktwacht {
namespace {

// Pieces of text that codecs get wrong.
constexpr std::array<std::string_view, 14> pieces = {
    "a", "Z9", "-", "0", "\"", "\\", "/", "\n", "\x01", "\x7F", "ü", "€", "𝄞", "\\u0041"};

bool same_value(const FieldInfo& field, const Event& a, const Event& b) {
  switch (field.kind) {
    case FieldKind::id:
    case FieldKind::free_text:
    case FieldKind::json:
      return member<Text>(a, field) == member<Text>(b, field) &&
             member<Text>(a, field).hash == member<Text>(b, field).hash;
    case FieldKind::ids:
      return std::ranges::equal(member<std::span<const Text>>(a, field),
                                member<std::span<const Text>>(b, field));
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
      return member<Decimal>(a, field) == member<Decimal>(b, field);
    case FieldKind::count:
      return member<std::int64_t>(a, field) == member<std::int64_t>(b, field);
    case FieldKind::time:
      return member<Time>(a, field) == member<Time>(b, field);
    case FieldKind::flag:
      return member<bool>(a, field) == member<bool>(b, field);
    case FieldKind::word:
      return member<std::uint8_t>(a, field) == member<std::uint8_t>(b, field);
    case FieldKind::word_set:
      return member<std::uint32_t>(a, field) == member<std::uint32_t>(b, field);
    case FieldKind::minutes:
      return std::ranges::equal(member<std::span<const std::uint16_t>>(a, field),
                                member<std::span<const std::uint16_t>>(b, field));
  }
  return false;
}

}  // namespace

Text RandomEvents::text(Arena& arena, std::size_t bytes_min, std::size_t bytes_max) {
  std::string text;
  const std::size_t size = bytes_min + below(bytes_max - bytes_min + 1);
  while (text.size() < size) {
    const std::string_view piece = chance(80) ? pieces[below(4)] : pieces[below(pieces.size())];
    text += text.size() + piece.size() <= size ? piece : "a";
  }
  return make_text(arena.copy(std::string_view(text)));
}

Text RandomEvents::id(Arena& arena) {
  return chance(5) ? text(arena, id_bytes_max, id_bytes_max) : text(arena, 1, 20);
}

std::int64_t RandomEvents::up_to(std::int64_t max) {
  if (chance(10)) {
    return chance(50) ? 0 : max;
  }
  const std::uint64_t value = random_() >> (1 + below(62));
  return static_cast<std::int64_t>(value % (static_cast<std::uint64_t>(max) + 1));
}

Decimal RandomEvents::decimal(FieldKind kind) {
  for (;;) {
    const UInt128 wide = (UInt128{random_()} << 64) | random_();
    auto mantissa = static_cast<Int128>((wide >> 1) >> (chance(80) ? 90 + below(36) : below(90)));
    mantissa = kind == FieldKind::decimal && chance(50) ? -mantissa : mantissa;
    const int exponent =
        chance(90) ? -static_cast<int>(below(12)) : 127 - static_cast<int>(below(255));
    const auto value = make_decimal(mantissa, exponent);
    if (value && (kind != FieldKind::positive || value->positive())) {
      return *value;
    }
  }
}

std::string RandomEvents::json(int levels) {
  Arena arena;
  std::string out;
  switch (below(levels > 0 ? 6 : 4)) {
    case 0:
      return std::to_string(static_cast<std::int64_t>(random_()));
    case 1:
      return chance(50) ? "true" : "-1.5e+10";
    case 2:
    case 3:
      write_json_string(text(arena, 0, 12).view(), out);
      return out;
    case 4: {
      const std::uint64_t count = below(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        out += (i == 0 ? "" : ",") + (chance(10) ? "null" : json(levels - 1));
      }
      return "[" + out + "]";
    }
    default: {
      const std::uint64_t count = below(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        out += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + json(levels - 1);
      }
      return "{" + out + "}";
    }
  }
}

void RandomEvents::set(const FieldInfo& field, Event& event, Arena& arena) {
  event.present |= std::uint64_t{1} << (&field - event_info(event.type).fields.data());
  switch (field.kind) {
    case FieldKind::id:
      member<Text>(event, field) = id(arena);
      return;
    case FieldKind::free_text:
      member<Text>(event, field) = text(arena, 0, chance(5) ? 3000 : 40);
      return;
    case FieldKind::json:
      member<Text>(event, field) = make_text(arena.copy(std::string_view(json(5))));
      return;
    case FieldKind::ids: {
      std::vector<Text> ids(below(5));
      std::ranges::generate(ids, [&] { return id(arena); });
      member<std::span<const Text>>(event, field) = arena.copy(std::span<const Text>(ids));
      return;
    }
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
      member<Decimal>(event, field) = decimal(field.kind);
      return;
    case FieldKind::count:
      member<std::int64_t>(event, field) = up_to(field.max);
      return;
    case FieldKind::time:
      member<Time>(event, field).ns = up_to(std::numeric_limits<std::int64_t>::max());
      return;
    case FieldKind::flag:
      member<bool>(event, field) = chance(50);
      return;
    case FieldKind::word:
      member<std::uint8_t>(event, field) = static_cast<std::uint8_t>(below(field.words.size()));
      return;
    case FieldKind::word_set:
      member<std::uint32_t>(event, field) =
          static_cast<std::uint32_t>(below(std::uint64_t{1} << field.words.size()));
      return;
    case FieldKind::minutes: {
      std::vector<std::uint16_t> minutes(below(4));
      std::ranges::generate(minutes, [&] { return static_cast<std::uint16_t>(below(1440)); });
      member<std::span<const std::uint16_t>>(event, field) =
          arena.copy(std::span<const std::uint16_t>(minutes));
      return;
    }
  }
}

const Event* RandomEvents::make(EventType type, Arena& arena) {
  const EventInfo& info = event_info(type);
  Event& event = *info.make(arena);
  event.ts.ns = up_to(std::numeric_limits<std::int64_t>::max());
  event.source = chance(50) ? id(arena) : Text{};
  event.has_source_seq = chance(50);
  event.source_seq = event.has_source_seq ? random_() >> below(64) : 0;
  const std::uint64_t share = below(101);
  for (const FieldInfo& field : info.fields) {
    if (field.need == Need::required || chance(share)) {
      set(field, event, arena);
    }
  }
  while (const auto fault = shape_fault(event)) {
    const auto field = std::ranges::find(info.fields, fault->field, &FieldInfo::name);
    set(*field, event, arena);
  }
  return &event;
}

DecodedLine::DecodedLine(std::string_view line, char pad) : bytes(line) {
  static NdjsonReader reader;
  bytes.append(NdjsonReader::padding, pad);
  reader.read(std::string_view(bytes).substr(0, line.size()), batch, item);
}

std::string DecodedLine::outcome() const {
  if (item.event != nullptr) {
    return "accepted";
  }
  const std::string reason(word_of(item.fault.reason));
  return item.fault.field.empty() ? reason : reason + " " + std::string(item.fault.field);
}

std::string line_of(const Event& event) {
  std::string line;
  write_ndjson(event, line);
  return line;
}

bool same_event(const Event& a, const Event& b) {
  if (a.type != b.type || a.ts != b.ts || a.present != b.present ||
      (a.source.data == nullptr) != (b.source.data == nullptr) || a.source != b.source ||
      a.has_source_seq != b.has_source_seq || a.source_seq != b.source_seq) {
    return false;
  }
  const auto fields = event_info(a.type).fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (a.has(i) && !same_value(fields[i], a, b)) {
      return false;
    }
  }
  return true;
}

}  // namespace marktwacht
