// What a reader sees: templates, the general sentence, numbers, notes, in both languages.
#include "edges/texts/texts.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

constexpr Time midnight{1'761'523'200'000'000'000};  // 2025-10-27 00:00:00

struct Templates {
  std::string en, de;
};

Alert cancels(const Templates& templates = {}) {
  FindingSource source;
  source.detector = "frequent_cancel";
  source.rulebook_id = "cn-futures";
  source.rulebook = "cn-futures@3f2a";
  source.clause = "2.8";
  source.text_en = templates.en;
  source.text_de = templates.de;
  Alert alert;
  alert.alert_id = "x";
  alert.source = std::make_shared<const FindingSource>(source);
  alert.account_ids = {"a1", "a7"};
  alert.group_id = "g-a1";
  alert.instrument_id = "BTC-USDT";
  alert.from = midnight;
  alert.to = midnight + Duration{6'800 * second.ns};
  alert.facts = {{"cancels", "1500", "500"}, {"filled_ratio", "0.0200", ""}};
  return alert;
}

std::string english(const std::string& pattern, const Alert& of) {
  Alert alert = of;
  FindingSource source = *of.source;
  source.text_en = pattern;
  alert.source = std::make_shared<const FindingSource>(source);
  return render_text(alert).en;
}

std::string english(const std::string& pattern) { return english(pattern, cancels()); }

TEST(TextsTest, TheGeneralSentence) {
  const AlertText text = render_text(cancels());
  EXPECT_EQ(text.en,
            "Rule frequent_cancel (clause 2.8) fired for group g-a1 (accounts a1 and a7) on "
            "BTC-USDT between 2025-10-27 00:00:00 and 2025-10-27 01:53:20 UTC: cancels 1,500 "
            "(limit 500).");
  EXPECT_EQ(text.de,
            "Die Regel frequent_cancel (Ziffer 2.8) hat bei der Gruppe g-a1 (Konten a1 und a7) im "
            "Instrument BTC-USDT zwischen dem 27.10.2025 um 00:00:00 Uhr und dem 27.10.2025 um "
            "01:53:20 Uhr (UTC) angeschlagen: cancels 1.500 (Grenzwert 500).");
}

TEST(TextsTest, TheGeneralSentenceLeavesOutWhatThereIsNot) {
  Alert alert = cancels();
  FindingSource source = *alert.source;
  source.detector = "spoofing";
  source.is_rule = false;
  alert.source = std::make_shared<const FindingSource>(source);
  alert.group_id.clear();
  alert.account_ids = {"a1"};
  alert.facts.clear();
  alert.from = alert.to = midnight + Duration{250'000'000};
  AlertText text = render_text(alert);
  EXPECT_EQ(text.en,
            "Detector spoofing (clause 2.8) fired for account a1 on BTC-USDT at 2025-10-27 "
            "00:00:00.25 UTC.");
  EXPECT_EQ(text.de,
            "Der Detektor spoofing (Ziffer 2.8) hat bei Konto a1 im Instrument BTC-USDT am "
            "27.10.2025 um 00:00:00,25 Uhr (UTC) angeschlagen.");
  alert.account_ids.clear();
  EXPECT_EQ(render_text(alert).en,
            "Detector spoofing (clause 2.8) fired on BTC-USDT at 2025-10-27 00:00:00.25 UTC.");
  alert.account_ids = {"a", "b", "c"};
  alert.instrument_id.clear();
  text = render_text(alert);
  EXPECT_EQ(text.en,
            "Detector spoofing (clause 2.8) fired for accounts a, b and c at 2025-10-27 "
            "00:00:00.25 UTC.");
  EXPECT_EQ(text.de,
            "Der Detektor spoofing (Ziffer 2.8) hat bei den Konten a, b und c am 27.10.2025 um "
            "00:00:00,25 Uhr (UTC) angeschlagen.");
  alert.group_id = "g-a";
  alert.account_ids = {"a"};
  EXPECT_TRUE(render_text(alert).en.contains(" for group g-a (account a) at "));
  EXPECT_TRUE(render_text(alert).de.contains(" bei der Gruppe g-a (Konto a) am "));
}

TEST(TextsTest, TheGeneralSentenceSpellsNamesAndFactsWithoutALimit) {
  Alert alert = cancels();
  alert.facts = {{"filled_ratio", "0.0200", ""}};
  EXPECT_TRUE(render_text(alert).en.ends_with(": filled ratio 0.0200."));
  EXPECT_TRUE(render_text(alert).de.ends_with(": filled ratio 0,0200."));
}

TEST(TextsTest, PlaceholdersOfATemplate) {
  EXPECT_EQ(english("{cancels} of {cancels.limit} by {accounts} on {instrument}, {filled_ratio}"),
            "1,500 of 500 by a1 and a7 on BTC-USDT, 0.0200");
  EXPECT_EQ(render_text(cancels({"",
                                 "{cancels} von {cancels.limit} durch {accounts}; {filled_ratio}"
                                 " in {instrument}"}))
                .de,
            "1.500 von 500 durch a1 und a7; 0,0200 in BTC-USDT");
  Alert alert = cancels();
  alert.account_ids.clear();
  alert.instrument_id.clear();
  EXPECT_EQ(english("{accounts}: {instrument}", alert), "no account: all instruments");
  alert.facts.push_back({"instrument", "7", ""});
  EXPECT_EQ(english("{instrument}", alert), "7") << "a fact of that name comes first";
}

TEST(TextsTest, WhatMeansNothingStaysVisible) {
  EXPECT_EQ(english("{nobody} {cancels.max} {filled_ratio.limit} {} {cancels"),
            "{nobody} {cancels.max} {filled_ratio.limit} {} {cancels");
  EXPECT_EQ(english("{{cancels}} } {a{cancels}"), "{1,500} } {a1,500");
  EXPECT_EQ(english("Ä{cancels}Ü"), "Ä1,500Ü");
}

TEST(TextsTest, WhatIsFilledInIsNotReadAgain) {
  Alert alert = cancels();
  alert.account_ids = {"{cancels}"};
  EXPECT_EQ(english("{accounts}", alert), "{cancels}");
}

TEST(TextsTest, NumbersKeepEveryDigit) {
  struct Case {
    const char *value, *en, *de;
  };
  for (const Case& one : {
           Case{"0", "0", "0"},
           Case{"999", "999", "999"},
           Case{"1000", "1,000", "1.000"},
           Case{"-1234567.500", "-1,234,567.500", "-1.234.567,500"},
           Case{"-999.12345", "-999.12345", "-999,12345"},
           Case{"123456789012345678901234567890", "123,456,789,012,345,678,901,234,567,890",
                "123.456.789.012.345.678.901.234.567.890"},
           Case{"1e6", "1e6", "1e6"},
           Case{"true", "true", "true"},
           Case{"1234-5678", "1234-5678", "1234-5678"},
           Case{"", "", ""},
       }) {
    Alert alert = cancels({"{n}", "{n}"});
    alert.facts = {{"n", one.value, ""}};
    EXPECT_EQ(render_text(alert).en, one.en);
    EXPECT_EQ(render_text(alert).de, one.de);
  }
}

TEST(TextsTest, OfManyAccountsTheFirstFive) {
  Alert alert = cancels({"{accounts}", "{accounts}"});
  alert.account_ids = {"a", "b", "c", "d", "e"};
  EXPECT_EQ(render_text(alert).en, "a, b, c, d and e");
  for (int i = 0; i < 1'200; ++i) {
    alert.account_ids.push_back("f" + std::to_string(i));
  }
  EXPECT_EQ(render_text(alert).en, "a, b, c, d, e and 1,200 more");
  EXPECT_EQ(render_text(alert).de, "a, b, c, d, e und 1.200 weitere");
}

TEST(TextsTest, NotesFollowAsSentences) {
  Alert alert = cancels({"{cancels} cancels", "{cancels} Stornos."});
  alert.facts.push_back({"warming", "true", ""});
  alert.facts.push_back({"superseded_by", "12345", ""});
  AlertText text = render_text(alert);
  EXPECT_EQ(text.en,
            "1,500 cancels. The rule was loaded while this window was already running: what came "
            "before is not counted. Continued as alert 12345.");
  EXPECT_EQ(text.de,
            "1.500 Stornos. Die Regel wurde geladen, als dieser Zeitraum schon lief: was davor "
            "geschah, ist nicht mitgezählt. Fortgeführt als Alarm 12345.");
  alert = cancels({"X", "Y"});
  for (const auto& [reason, en, de] : std::vector<std::array<const char*, 3>>{
           {"rule_removed", "X. Closed because the rule was removed.",
            "Y. Geschlossen, weil die Regel entfernt wurde."},
           {"rule_changed", "X. Closed because the rule was changed.",
            "Y. Geschlossen, weil die Regel geändert wurde."},
           {"eva", "X. Closed by eva.", "Y. Geschlossen durch eva."}}) {
    alert.facts = {{"closed_by", reason, ""}};
    EXPECT_EQ(render_text(alert).en, en);
    EXPECT_EQ(render_text(alert).de, de);
  }
}

TEST(TextsTest, ANoteIsNeverTheLeadingFact) {
  Alert alert = cancels();
  alert.facts = {{"warming", "true", ""}};
  EXPECT_TRUE(render_text(alert).en.contains(" UTC. The rule was loaded"));
}

}  // namespace
}  // namespace marktwacht
