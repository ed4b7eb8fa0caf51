// Writing a record's payload. Every byte: format.md.
#include "base/bytes.h"
#include "events/record.h"
#include "events/record_layout.h"

namespace marktwacht {
namespace {

void write_value(const FieldInfo& field, const Event& event, ByteWriter& out) {
  switch (field.kind) {
    case FieldKind::id:
    case FieldKind::free_text:
    case FieldKind::json:
      return out.text(member<Text>(event, field).view());
    case FieldKind::ids: {
      const auto& ids = member<std::span<const Text>>(event, field);
      out.varint(ids.size());
      for (const Text& id : ids) {
        out.text(id.view());
      }
      return;
    }
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative: {
      const Decimal& value = member<Decimal>(event, field);
      out.zigzag128(value.mantissa);
      return out.zigzag(value.exponent);
    }
    case FieldKind::count:
      return out.varint(static_cast<std::uint64_t>(member<std::int64_t>(event, field)));
    case FieldKind::time:
      return out.fixed(member<Time>(event, field).ns);
    case FieldKind::flag:
      return out.byte(member<bool>(event, field) ? 1 : 0);
    case FieldKind::word:
      return out.byte(member<std::uint8_t>(event, field));
    case FieldKind::word_set:
      return out.varint(member<std::uint32_t>(event, field));
    case FieldKind::minutes: {
      const auto& minutes = member<std::span<const std::uint16_t>>(event, field);
      out.varint(minutes.size());
      for (const std::uint16_t minute : minutes) {
        out.varint(minute);
      }
      return;
    }
  }
}

}  // namespace

void write_record(const Event& event, std::string& out) {
  ByteWriter writer(out);
  const bool has_source = event.source.data != nullptr;
  writer.byte(static_cast<std::uint8_t>(event.type));
  writer.byte(static_cast<std::uint8_t>((has_source ? record_has_source : 0) |
                                        (event.has_source_seq ? record_has_source_seq : 0)));
  writer.fixed(event.ts.ns);
  if (has_source) {
    writer.text(event.source.view());
  }
  if (event.has_source_seq) {
    writer.varint(event.source_seq);
  }
  writer.varint(event.present);
  const auto fields = event_info(event.type).fields;
  for (std::uint64_t rest = event.present; rest != 0; rest &= rest - 1) {
    write_value(fields[static_cast<std::size_t>(std::countr_zero(rest))], event, writer);
  }
}

}  // namespace marktwacht
