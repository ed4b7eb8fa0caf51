// Copying events field by field, as their table says.
#include "edges/adapters/event_copy.h"

#include <bit>
#include <functional>
#include <span>

namespace marktwacht {
namespace {

struct Move {
  std::string_view from;
  std::string_view to;
  Arena& arena;

  void text(Text& text) const {
    if (text.data == nullptr) {
      return;
    }
    const char* end = text.data + text.size;
    const bool in_line = std::less_equal<>{}(from.data(), text.data) &&
                         std::less_equal<>{}(end, from.data() + from.size());
    text.data = in_line ? to.data() + (text.data - from.data()) : arena.copy(text.view()).data();
  }

  void texts(std::span<const Text>& texts) const {
    if (texts.empty()) {
      return;
    }
    auto* copies = static_cast<Text*>(arena.allocate(texts.size_bytes(), alignof(Text)));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      copies[i] = texts[i];
      text(copies[i]);
    }
    texts = {copies, texts.size()};
  }

  void field(Event& event, const FieldInfo& info) const {
    switch (info.kind) {
      case FieldKind::id:
      case FieldKind::free_text:
      case FieldKind::json:
        return text(member<Text>(event, info));
      case FieldKind::ids:
        return texts(member<std::span<const Text>>(event, info));
      case FieldKind::minutes: {
        auto& minutes = member<std::span<const std::uint16_t>>(event, info);
        minutes = arena.copy(minutes);
        return;
      }
      case FieldKind::decimal:
      case FieldKind::positive:
      case FieldKind::non_negative:
      case FieldKind::count:
      case FieldKind::time:
      case FieldKind::flag:
      case FieldKind::word:
      case FieldKind::word_set:
        return;  // the value itself
    }
  }
};

}  // namespace

const Event* copy_event(const Event& event, std::string_view from, std::string_view to,
                        Arena& arena) {
  check(from.size() == to.size(), "a line and its copy are of one size");
  Event* copy = visit(event, [&]<class T>(const T& whole) -> Event* {
    T* made = arena.make<T>();
    *made = whole;
    return made;
  });
  const Move move{from, to, arena};
  move.text(copy->source);
  const EventInfo& info = event_info(copy->type);
  for (std::uint64_t left = copy->present; left != 0; left &= left - 1) {
    move.field(*copy, info.fields[static_cast<std::size_t>(std::countr_zero(left))]);
  }
  return copy;
}

}  // namespace marktwacht
