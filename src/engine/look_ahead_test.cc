// Looking ahead changes nothing but time.
#include <gtest/gtest.h>

#include <random>

#include "engine/engine.h"
#include "engine/stream_twin.h"
#include "market/lines_twin.h"
#include "rules/shipped.h"

namespace marktwacht {
namespace {

// A line that puts a rulebook in force.
std::string in_force(std::string_view text) {
  std::string line = R"({"type":"config","ts":1,"name":"rulebook","text":")";
  for (const char byte : text) {
    if (byte == '\n') {
      line += "\\n";
      continue;
    }
    line += byte == '"' || byte == '\\' ? "\\" : "";
    line += byte;
  }
  return line + "\"}";
}

// Rules come and go, names are new, and ids end and are used again, within a few lines.
std::vector<std::string> stream_with_rules(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> lines;
  for (std::string& line : random_stream(seed, 1'500)) {
    if (random() % 100 == 0) {
      const auto& book = shipped_rulebooks()[random() % shipped_rulebooks().size()];
      const bool goes = random() % 3 == 0;
      lines.push_back(
          in_force(goes ? "[rulebook]\nid = \"" + std::string(book.name) + "\"\ntitle = \"t\"\n"
                        : std::string(book.text)));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// In batches of any size, whose events stand where those of the one before stood.
void step_ahead(Engine& engine, const std::vector<std::string>& lines, std::mt19937_64& random) {
  std::vector<LineDecoder> decoders(120);
  std::vector<const Event*> events;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t size = std::min(lines.size() - at, 1 + random() % decoders.size());
    events.clear();
    for (std::size_t i = 0; i < size; ++i) {
      events.push_back(decoders[i].decode(lines[at + i]));
    }
    for (std::size_t i = 0; i < size; ++i) {
      engine.look_ahead(i, size, [&](std::size_t one) { return events[one]; });
      if (events[i] != nullptr && random() % 50 != 0) {  // not each is taken
        engine.step(*events[i]);
      }
    }
    at += size;
  }
}

void step_each(Engine& engine, const std::vector<std::string>& lines, std::mt19937_64& random) {
  LineDecoder decoder;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t size = std::min(lines.size() - at, 1 + random() % 120);
    for (const std::size_t end = at + size; at < end; ++at) {
      const Event* const event = decoder.decode(lines[at]);
      if (event != nullptr && random() % 50 != 0) {
        engine.step(*event);
      }
    }
  }
}

TEST(LookAheadTest, ChangesNothingButTime) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto lines = stream_with_rules(seed);
    Engine plain, ahead;
    std::mt19937_64 same(seed), random(seed);
    step_each(plain, lines, same);
    step_ahead(ahead, lines, random);
    ASSERT_GT(plain.last_seq(), 500u);
    EXPECT_EQ(ahead.snapshot(), plain.snapshot()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace marktwacht
