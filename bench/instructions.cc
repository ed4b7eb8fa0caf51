// The stream whose instructions instructions_check.py counts: 200,000 events, everything on. Three
// numbers as arguments make another one for profilers: events, accounts, instruments.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "bench/measure.h"
#include "rules/shipped.h"

int main(int arguments, char** argument) {
  using namespace marktwacht;
  using namespace marktwacht::bench;
  StreamOptions options{.events = 100'000, .instruments = 50, .accounts = 10'000};
  if (arguments == 4) {
    const auto number = [&](int at) {
      return static_cast<std::uint32_t>(std::strtoul(argument[at], nullptr, 10));
    };
    options = {.events = number(1), .instruments = number(3), .accounts = number(2)};
  }
  const Stream stream = make_stream(Shape::tight, options);
  const auto shipped = std::ranges::find(shipped_rulebooks(), "default", &ShippedRulebook::name);
  const auto lane = engine_lane(stream, {std::string(shipped->text)});
  lane->advance(stream.commands);
  std::printf("%zu\n", stream.commands.size());
  return lane->live_orders() == stream.facts.live_orders ? 0 : 1;
}
