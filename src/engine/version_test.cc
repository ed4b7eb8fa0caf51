// That the engine's version is raised when alerts change.
#include "engine/version.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/engine.h"
#include "market/lines_twin.h"
#include "rules/threshold_stream_twin.h"

namespace marktwacht {
namespace {

// One rule of each window, aggregate and key that makes them differ.
constexpr const char* rulebook =
    R"({"type":"config","ts":1,"name":"rulebook","text":"[rulebook]\nid = \"v\"\n)"
    R"([[rule]]\nid = \"day\"\nclause = \"1\"\non = [\"cancel\"]\nby = [\"group\", \"instrument\"]\n)"
    R"(window = \"day\"\nlet = { n = \"count()\" }\nwhen = \"n >= 3 and n > baseline('n')\"\n)"
    R"([[rule]]\nid = \"sliding\"\nclause = \"1\"\non = [\"fill\", \"withdrawn\"]\nby = [\"account\"]\n)"
    R"(window = \"sliding 10s\"\nlet = { share = \"sum_if(notional, event == 'fill') / sum(notional)\", )"
    R"(n = \"count()\" }\nwhen = \"n >= 3 and share < 0.5\"\n)"
    R"([[rule]]\nid = \"cycle\"\nclause = \"1\"\non = [\"order\", \"order_closed\"]\nby = [\"group\"]\n)"
    R"(window = \"cycle 10m\"\nlet = { n = \"count()\", top = \"max(quantity)\" }\n)"
    R"(when = \"n >= 5\"\n"})";

std::string digest_of_alerts() {
  Sha256 digest;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Engine engine;
    LineDecoder decoder;
    std::string text;
    const auto gather = [&] {
      for (const Alert& alert : engine.alerts()) {
        write_alert(alert, nullptr, text);
      }
      for (const BaselinesMade& baselines : engine.baselines()) {
        text += baselines.text;
      }
    };
    const auto feed = [&](const std::string& line) {
      if (const Event* event = decoder.decode(line)) {
        engine.step(*event);
        gather();
      }
    };
    feed(rulebook);
    for (const std::string& line : threshold_stream(seed, 1'000)) {
      feed(line);
    }
    feed(R"({"type":"tick","ts":)" + std::to_string(engine.clock()->ns + day.ns) + "}");
    engine.close();
    gather();
    EXPECT_GT(engine.rules().rules().size(), 2u);
    for (const char* rule : {"\"day\"", "\"sliding\"", "\"cycle\"", "v day "}) {
      EXPECT_NE(text.find(rule), text.npos) << rule;
    }
    digest.add(text);
    digest.add(bytes_of(engine.state_hash()));
  }
  return hex(digest.finish());
}

// The same events now make other alerts, or another state: raise `engine_version`, which lets
// `verify` tell that from a forged journal, and state both here.
TEST(EngineVersionTest, IsRaisedWhenTheSameEventsMakeOtherAlerts) {
  EXPECT_EQ(engine_version, 1u);
  EXPECT_EQ(digest_of_alerts(), "17d80a55168ae50aa594561ea0ecddcbbe672aeeead41d539ddaa5c0d4960bb4");
}

}  // namespace
}  // namespace marktwacht
