// The stream whose instructions instructions_check.py counts: 200,000 events, everything on.
#include <algorithm>
#include <cstdio>

#include "bench/measure.h"
#include "rules/shipped.h"

int main() {
  using namespace marktwacht;
  using namespace marktwacht::bench;
  const Stream stream =
      make_stream(Shape::tight, {.events = 100'000, .instruments = 50, .accounts = 10'000});
  const auto shipped = std::ranges::find(shipped_rulebooks(), "default", &ShippedRulebook::name);
  const auto lane = engine_lane(stream, {std::string(shipped->text)});
  lane->advance(stream.commands);
  std::printf("%zu\n", stream.commands.size());
  return lane->live_orders() == stream.facts.live_orders ? 0 : 1;
}
