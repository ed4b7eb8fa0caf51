// Test support for whoever needs events: random ones made from the table, and a slow comparison.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "base/arena.h"
#include "events/batch.h"
#include "events/event.h"
#include "events/ndjson.h"

namespace marktwacht {

// Makes valid events of any type: the shape holds, optional fields come and go, values are drawn
// from the whole of their range with a liking for its ends. Same seed, same events.
class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  // Lives in `arena`, as do its texts.
  const Event* make(EventType type, Arena& arena);

  // From 0 to `end` − 1.
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  void set(const FieldInfo& field, Event& event, Arena& arena);
  Text text(Arena& arena, std::size_t bytes_min, std::size_t bytes_max);
  Text id(Arena& arena);
  Decimal decimal(FieldKind kind);
  std::int64_t up_to(std::int64_t max);
  std::string json(int levels);

  std::mt19937_64 random_;
};

// One line read by a reader that all of them share, with the memory its event lives in.
struct DecodedLine {
  // `pad` stands behind the line.
  explicit DecodedLine(std::string_view line, char pad = '\n');

  const Event* event() const { return item.event; }
  // "accepted", or the reason with the field where there is one: "bad_value price".
  std::string outcome() const;

  std::string bytes;
  Batch batch;
  Item item;
};

// The canonical line.
std::string line_of(const Event& event);

// Type, common fields, presence and every present field are equal.
bool same_event(const Event& a, const Event& b);

}  // namespace marktwacht
