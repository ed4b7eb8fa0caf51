// Detectors that come, change and go while running; groups that merge; limits; errors in rulebooks.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "market/lines_twin.h"

namespace marktwacht {
namespace {

using Outcome = Step::Outcome;
using Texts = std::vector<std::string>;

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    made += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  }
  return made;
}

std::string book(const std::string& more, const std::string& id = "own",
                 const std::string& detectors = R"(["quote_stuffing"])") {
  return "[rulebook]\nid = \"" + id + "\"\ndetectors = " + detectors + "\n" + more;
}

// Stuffing by refused orders: 40 in a second are enough.
const std::string few = "[detector.quote_stuffing]\nparams = { messages_min = 40 }\n";

struct DetectorLines {
  Engine engine;
  LineDecoder decoder;
  std::vector<Alert> alerts;

  DetectorLines() {
    for (const char* id : {"X", "Y"}) {
      line(0, std::string(R"("type":"instrument","instrument_id":")") + id +
                  R"(","kind":"spot","base":"B","quote":"Q","tick_size":1,"lot_size":1)");
    }
  }

  Step line(std::int64_t ms, const std::string& rest) {
    const std::string text =
        "{\"ts\":" + std::to_string(1'700'006'400'000'000'000 + ms * millisecond.ns) + "," + rest +
        "}";
    const Event* event = decoder.decode(text);
    EXPECT_NE(event, nullptr) << text << " " << fault_text(decoder.fault());
    const Step step = engine.step(*event);
    alerts.insert(alerts.end(), engine.alerts().begin(), engine.alerts().end());
    return step;
  }
  Step publish(std::int64_t ms, const std::string& text) {
    return line(ms, R"("type":"config","name":"rulebook","text":")" + escaped(text) + "\"");
  }
  void put(std::int64_t ms, const std::string& text) {
    EXPECT_EQ(publish(ms, text).outcome, Outcome::accepted)
        << format_errors("", engine.config_errors());
  }
  // So many refused orders within the second that begins there.
  void stuff(std::int64_t ms, const std::string& account, int messages,
             const std::string& instrument = "X") {
    for (int i = 0; i < messages; ++i) {
      line(ms + i, R"("type":"reject","reason":"rate","account_id":")" + account +
                       R"(","instrument_id":")" + instrument + "\"");
    }
  }
  void tick(std::int64_t ms) { line(ms, R"("type":"tick")"); }

  // "detector state accounts name=value…", what was made since the last call.
  Texts said() {
    Texts texts;
    for (; told_ < alerts.size(); ++told_) {
      const Alert& alert = alerts[told_];
      std::string text = alert.source->detector + " " + std::string(word_of(alert.state));
      for (const std::string& id : alert.account_ids) {
        text += " " + id;
      }
      for (const Fact& fact : alert.facts) {
        text += fact.name == "messages" || fact.name == "closed_by" || fact.name == "superseded_by"
                    ? " " + fact.name + "=" + fact.value
                    : "";
      }
      texts.push_back(text);
    }
    return texts;
  }

 private:
  std::size_t told_ = 0;
};

// As the first eighth of what makes a busy moment is nobody's, the 44th message is one's own 40th.
TEST(DetectorsChangeTest, AnAlertGrowsAndEndsWithItsLastReport) {
  DetectorLines lines;
  lines.put(0, book(few));
  lines.stuff(1'000, "a", 60);
  EXPECT_EQ(lines.said(), Texts{"quote_stuffing open a messages=40"});
  lines.stuff(5'000, "a", 300);
  EXPECT_EQ(lines.said(),
            (Texts{"quote_stuffing open a messages=80", "quote_stuffing open a messages=160"}));
  lines.tick(200'000);
  EXPECT_EQ(lines.said(), Texts{"quote_stuffing ended a messages=160"});
  const Alert& last = lines.alerts.back();
  EXPECT_EQ(last.revision, 4u);
  EXPECT_EQ((last.to - last.from).ns / second.ns, 4);
  EXPECT_EQ(last.source->rulebook_id, "own");
  EXPECT_TRUE(last.source->rulebook.starts_with("own@"));
  EXPECT_FALSE(last.source->is_rule);
  EXPECT_EQ(last.facts[0].limit, "40");
}

TEST(DetectorsChangeTest, AnUnchangedDetectorKeepsItsAlertAChangedOrRemovedOneEndsIt) {
  const auto run = [](const std::string& next) {
    DetectorLines lines;
    lines.put(0, book(few));
    lines.stuff(1'000, "a", 60);
    lines.said();
    lines.put(3'000, next);
    return lines.said();
  };
  EXPECT_EQ(run(book(few + "# said otherwise\n")), Texts{});
  EXPECT_EQ(run(book("[detector.quote_stuffing]\nparams = { messages_min = 41 }\n")),
            Texts{"quote_stuffing ended a messages=40 closed_by=detector_changed"});
  EXPECT_EQ(run(book("[set]\n\"quote_stuffing.messages_min\" = 41\n")),
            Texts{"quote_stuffing ended a messages=40 closed_by=detector_changed"});
  EXPECT_EQ(run("[rulebook]\nid = \"own\"\n"),
            Texts{"quote_stuffing ended a messages=40 closed_by=detector_removed"});
  EXPECT_EQ(run(book(few, "other")), Texts{});
}

TEST(DetectorsChangeTest, TwoRulebooksHaveOneEach) {
  DetectorLines lines;
  lines.put(0, book(few));
  lines.put(0, book(few, "other", "\"all\""));
  lines.stuff(1'000, "a", 60);
  lines.put(2'000, "[rulebook]\nid = \"own\"\n");
  EXPECT_EQ(lines.said(),
            (Texts{"quote_stuffing open a messages=40", "quote_stuffing open a messages=40",
                   "quote_stuffing ended a messages=40 closed_by=detector_removed"}));
  EXPECT_EQ(lines.alerts[1].source->rulebook_id, "other");
  EXPECT_EQ(lines.alerts[2].alert_id, lines.alerts[0].alert_id);
}

TEST(DetectorsChangeTest, WhoBecomesOneHandHasOneAlert) {
  DetectorLines lines;
  lines.put(0, book(few));
  lines.stuff(1'000, "a", 60);
  lines.stuff(3'000, "b", 60);
  lines.stuff(5'000, "b", 60, "Y");
  lines.said();
  lines.line(6'000, R"("type":"control_group","group_id":"g","account_ids":["a","b"])");
  EXPECT_EQ(lines.said(), Texts{"quote_stuffing superseded a b messages=40 superseded_by=" +
                                lines.alerts[0].alert_id});
  lines.stuff(7'000, "b", 120);
  EXPECT_EQ(lines.said(), (Texts{"quote_stuffing open a b messages=80"}));
  EXPECT_EQ(lines.alerts.back().alert_id, lines.alerts[0].alert_id);
  EXPECT_EQ(lines.alerts.back().group_id, "g-a");
}

// With room for one hand the other is forgotten, and that is said.
TEST(DetectorsChangeTest, WhatHasNoRoomIsABlindSpot) {
  DetectorLines lines;
  lines.put(0,
            book("[detector.quote_stuffing]\nparams = { messages_min = 40 }\nentries_max = 1\n"));
  for (int i = 0; i < 40; ++i) {
    lines.stuff(1'000 + 2 * i, "a", 1);
    lines.stuff(1'001 + 2 * i, "b", 1);
  }
  EXPECT_EQ(lines.said(), Texts{});
  const ActiveDetector& detector = *lines.engine.detectors().active()[0];
  EXPECT_GT(detector.forgot.times, 60u);
  EXPECT_LT(detector.forgot.first, detector.forgot.last);
  Engine resumed;
  ASSERT_TRUE(resumed.restore(lines.engine.snapshot()).has_value());
  EXPECT_EQ(resumed.detectors().active()[0]->forgot.times, detector.forgot.times);
  EXPECT_EQ(resumed.detectors().active()[0]->forgot.last, detector.forgot.last);
}

TEST(DetectorsChangeTest, ADetectorIsHeardByARuleOnAlerts) {
  DetectorLines lines;
  lines.put(
      0,
      book(few + "[[rule]]\nid = \"twice\"\nclause = \"2.12\"\non = [\"alert\"]\n"
                 "where = \"detector == 'quote_stuffing'\"\nby = [\"account\"]\nwindow = \"day\"\n"
                 "let = { alerts = \"count()\" }\nwhen = \"alerts >= 2\"\n"));
  lines.stuff(1'000, "a", 60);
  lines.stuff(3'000, "a", 60, "Y");
  EXPECT_EQ(lines.said(), (Texts{"quote_stuffing open a messages=40",
                                 "quote_stuffing open a messages=40", "twice open a"}));
}

TEST(DetectorsChangeTest, ASnapshotOfAnOpenAlertGoesOn) {
  DetectorLines lines;
  lines.put(0, book(few));
  lines.stuff(1'000, "a", 60);
  DetectorLines other;
  Engine fresh;
  const std::string snapshot = lines.engine.snapshot();
  ASSERT_TRUE(fresh.restore(snapshot).has_value());
  EXPECT_EQ(fresh.snapshot(), snapshot);
  EXPECT_FALSE(Engine{}.restore(snapshot.substr(0, snapshot.size() - 1)).has_value());
}

// Each text with what is said of it.
TEST(DetectorsChangeTest, ErrorsHaveTheirLineAndSayWhatIsAllowed) {
  const std::pair<std::string, std::string> cases[] = {
      {book("", "own", "\"some\""), ":3: detectors must be \"all\" or a list of: "},
      {book("", "own", "[\"spoofng\"]"), ":3: detectors: there is no spoofng; there are: "},
      {book("[detector.spoofng]\n"), ":4: there is no detector spoofng; there are: "},
      {book("[detector.spoofing]\n"), ":4: detector spoofing: not in force: name it in "},
      {book("[detector.quote_stuffing]\nparam = 1\n"),
       ":5: detector quote_stuffing: unknown key param; allowed: params entries_max"},
      {book("[detector.quote_stuffing]\nparams = { many = 1 }\n"),
       ":5: detector quote_stuffing: no parameter many; allowed: messages_min "},
      {book("[detector.quote_stuffing]\nparams = { messages_min = 19 }\n"),
       ":5: detector quote_stuffing: messages_min must be a number from 20 to 1000000"},
      {book("[detector.quote_stuffing]\nparams = { idle_share_min = 0.50001 }\n"),
       ":5: detector quote_stuffing: idle_share_min must be a number from 0.01 to 1, with at "
       "most four decimals"},
      {book("[detector.quote_stuffing]\nentries_max = 0\n"),
       ":5: detector quote_stuffing: entries_max must be a whole number from 1 to "},
      {book("[set]\n\"quote_stuffing.messages_min\" = 1\n"),
       ":5: detector quote_stuffing: messages_min must be a number from 20 to "},
      {book("[set]\n\"spoofing.ratio_min\" = 1\n"), ":5: set: there is no parameter spoofing."},
      {"detector = 1\n" + book(""), ":1: write each detector as [detector.ID]"},
      {book("[[rule]]\nid = \"spoofing\"\nclause = \"1\"\non = [\"fill\"]\nby = [\"account\"]\n"
            "window = \"day\"\nlet = { n = \"count()\" }\nwhen = \"n > 1\"\n"),
       ":4: rule spoofing: a detector is called so: choose another id"},
  };
  for (const auto& [text, error] : cases) {
    DetectorLines lines;
    EXPECT_EQ(lines.publish(0, text).outcome, Outcome::rejected) << text;
    const std::string errors = format_errors("", lines.engine.config_errors());
    EXPECT_NE(errors.find(error), std::string::npos) << text << "\n" << errors;
  }
  DetectorLines lines;
  lines.publish(
      0, book("[detector.quote_stuffing]\nparams = { messages_min = 1, own_factor = 0 }\n", "own",
              "[\"quote_stuffing\", \"nobody\"]"));
  EXPECT_EQ(lines.engine.config_errors().size(), 3u);
}

// sam drives the spot market that P's index follows, and then sells P where the index has gone.
void push_and_sell(DetectorLines& lines, const std::string& holder) {
  const auto deal = [&](std::int64_t s, const std::string& id, const char* instrument,
                        const std::string& buyer, const std::string& seller, int price,
                        const char* aggressor) {
    lines.line(s * 1'000, R"("type":"trade","quantity":5,"trade_id":")" + id + std::to_string(s) +
                              R"(","instrument_id":")" + instrument + R"(","buyer_id":")" + buyer +
                              R"(","seller_id":")" + seller + R"(","price":)" +
                              std::to_string(price) + R"(,"aggressor":")" + aggressor + "\"");
  };
  const auto index = [&](std::int64_t s, int price) {
    lines.line(s * 1'000,
               R"("type":"index_price","instrument_id":"P","price":)" + std::to_string(price));
  };
  lines.line(0, R"("type":"instrument","instrument_id":"S","kind":"spot","base":"B","quote":"Q",)"
                R"("underlying":"B","tick_size":1,"lot_size":1)");
  lines.line(0, R"("type":"instrument","instrument_id":"P","kind":"perpetual","base":"B",)"
                R"("quote":"Q","underlying":"B","tick_size":1,"lot_size":1)");
  index(1, 10'000);
  deal(2, "p", "P", "sam", "eve", 10'000, "buy");
  for (int s = 30; s < 1'200; s += 30) {
    deal(s, "s", "S", "tom", "eve", 10'000 + s / 30 % 2, "buy");
  }
  for (int s = 1'200; s < 1'240; s += 10) {
    deal(s, "s", "S", "sam", "eve", 10'000 + (s - 1'200) * 10, "buy");
  }
  index(1'241, 10'300);
  deal(1'242, "p", "P", "eve", holder, 10'300, "sell");
}

TEST(DetectorsChangeTest, OneDetectorHearsWhatAnotherHasFound) {
  const auto found = [](const std::string& detectors, const std::string& holder) {
    DetectorLines lines;
    lines.put(0, book("", "own", detectors));
    push_and_sell(lines, holder);
    lines.engine.close();
    std::string ids;
    for (const Alert& alert : lines.alerts) {
      ids += alert.revision == 1 ? alert.source->detector + " " : "";
    }
    return ids;
  };
  EXPECT_EQ(found(R"(["off_index_gain", "index_push"])", "sam"), "index_push off_index_gain ");
  EXPECT_EQ(found(R"(["index_push", "off_index_gain"])", "sam"), "index_push off_index_gain ");
  EXPECT_EQ(found(R"(["off_index_gain", "index_push"])", "tom"), "index_push ");
  EXPECT_EQ(found(R"(["off_index_gain"])", "sam"), "");
}

}  // namespace
}  // namespace marktwacht
