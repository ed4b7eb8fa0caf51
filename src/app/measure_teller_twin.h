// Test support: tells a story of enforcement line by line to an engine, and looks whether what is
// expected came.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/measure_run_twin.h"
#include "app/measure_story_twin.h"
#include "app/measure_words_twin.h"
#include "app/scenario_lines.h"

namespace marktwacht {

class MeasureTeller {
 public:
  MeasureTeller(MeasureRun& run, MeasureStoryCover& cover) : run_(run), cover_(cover) {}

  // "", or what is wrong.
  std::string tell(std::string_view line);
  // What nobody has spoken of.
  std::string finish() const;

 private:
  using Words = StoryWords;

  // measure_teller_twin.cc
  std::string take_time(Words& words);
  std::string tell_words(Words& words, std::string_view line);
  std::string alert(Words& words);
  std::string config(std::string_view name, const std::string& text);
  std::string answers(Words& words);
  std::string event(std::string_view line);
  std::string give(const MeasureInput& input);
  std::string pass_time();
  void see();
  void see_decisions();

  // measure_decides_twin.cc
  struct Said;
  std::string decide(const std::string& user, Words& words);
  std::string decide_measure(Words& words, Said& said);
  std::string decide_other(Words& words, Said& said);
  void say_plan(Words& words, Said& said);
  void say_closing(Words& words, Said& said);
  void say_subject(Words& words, Said& said);
  void say_fields(Words& words, Said& said);
  std::string send(Said& said, Words& words);

  // measure_expects_twin.cc
  std::string expect(Words& words);
  std::string expect_proposal(Words& words);
  std::string expect_measure(const Measure& measure, Words& words);
  std::string expect_case(const Case& of, Words& words);
  std::string expect_alert(const KnownAlert& known, Words& words);
  std::string expect_gate(const std::string& list);
  std::string expect_one_answer(Words& words);
  struct Asked;
  static std::string read_question(Words& words, Asked& asked);
  std::string expect_commands(const std::string& list);
  std::string expect_stuck(const std::string& list);
  std::string expect_ledger(const std::string& list);
  std::string never_denied() const;

  // Ids of M1, C1, A1, X1; what is no name stays as it is.
  std::string id_of(const std::string& name) const;
  std::string name_of(const std::string& id) const;
  const Measure* measure(const std::string& name) const;
  const Case* case_named(const std::string& name) const;

  MeasureRun& run_;
  MeasureStoryCover& cover_;
  ScenarioLines lines_;
  Time day_ = *parse_rfc3339("2026-01-05T00:00:00Z");
  Time now_ = day_;
  std::string policy_;
  std::map<std::string, std::string> ids_;    // by name
  std::map<std::string, std::string> names_;  // by id
  int alerts_ = 0, cases_ = 0, changes_ = 0;
  std::map<std::string, Alert> told_;                  // by name
  std::vector<std::uint64_t> proposals_;               // by policy, that nobody has expected yet
  std::vector<std::string> commands_;                  // first attempts, since they were asked for
  std::size_t retries_ = 0;                            // since they were asked for
  std::map<std::string, ExchangeCommand> unanswered_;  // the last attempt of each
  std::map<std::string, std::string> offered_;         // preview hashes, by measure id
  std::string last_decision_;                          // "" accepted, else the refusal
  std::string last_field_;
  std::uint64_t last_measure_ = 0;
};

}  // namespace marktwacht
