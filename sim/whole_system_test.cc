// Whole systems from one seed: accounts, people, an exchange with faults, stops at any record. Of a
// seed that fails: MARKTWACHT_SEED=17; more of them: MARKTWACHT_SEEDS=1000.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "events/schema_twin.h"
#include "measures/measure_table.h"
#include "sim/crowd_twin.h"
#include "sim/invariants_twin.h"
#include "sim/system_twin.h"

namespace marktwacht::sim {
namespace {

std::uint64_t number_given(const char* name, std::uint64_t usual) {
  const char* given = std::getenv(name);
  return given == nullptr ? usual : std::strtoull(given, nullptr, 10);
}

bool equal(const Decimal& a, const Decimal& b) {
  const auto difference = sum_of(a, negated(b));
  return difference && difference->zero();
}

struct Counts {
  std::uint64_t records = 0, checks = 0, stops = 0, measures = 0, commands = 0, decisions = 0,
                accepted = 0, other_alerts = 0, reversed = 0, automatic = 0;
};

class WholeSystem {
 public:
  explicit WholeSystem(std::uint64_t seed) : crowd_(seed), random_(~seed) {
    system_.watch = [this](const System& system) { invariants_.check(system); };
  }

  void run(Counts& counts) {
    for (const std::string& line : crowd_.opening()) {
      ASSERT_EQ(system_.take(line).outcome, Step::Outcome::accepted)
          << line << format_errors("", system_.engine().config_errors());
    }
    const std::uint64_t steps = 150 + random_.below(150);
    for (std::uint64_t step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
      for (const std::string& line : crowd_.next(system_)) {
        feed(line, counts);
      }
      if (random_.chance(2)) {
        system_.keep_snapshot();
      }
    }
    for (auto lines = crowd_.calm(system_); !lines.empty(); lines = crowd_.calm(system_)) {
      for (const std::string& line : lines) {
        system_.take(line);
      }
      if (testing::Test::HasFailure()) {
        return;
      }
    }
    settled(counts);
    lines();
    system_.close();
    replays(counts);
    add(counts);
  }

  const System& system() const { return system_; }

 private:
  void feed(const std::string& line, Counts& counts) {
    if (random_.chance(3)) {
      ++counts.stops;
      system_.take_and_stop(line, random_.below(5), random_.chance(50));
    } else {
      system_.take(line);
    }
  }

  // Once the exchange has answered all, it has what the engine wants, and so has the ledger.
  void settled(Counts& counts) {
    const Engine& engine = system_.engine();
    const Measures& measures = engine.enforcement().measures();
    const auto& obeyed = crowd_.exchange().obeyed();
    for (const auto& [subject, state] : measures.subjects()) {
      if (subject.kind != SubjectKind::account && subject.kind != SubjectKind::instrument) {
        continue;
      }
      if (state.revision == 0) {
        continue;
      }
      const std::string name = std::string(word_of(subject.kind)) + " " + subject.id;
      ASSERT_TRUE(obeyed.contains(name)) << name;
      std::string wanted;
      write_restrictions(state.restrictions, wanted);
      EXPECT_EQ(obeyed.at(name).revision, state.revision) << name;
      EXPECT_EQ(obeyed.at(name).restrictions, wanted) << name;
    }
    const Directory& directory = engine.market().directory();
    for (const auto& [of, amount] : crowd_.exchange().balances()) {
      const AccountIndex account = directory.find_account(make_text(of.first));
      const AssetIndex asset = directory.find_asset(make_text(of.second));
      const Int128 units = engine.market().accounts().balance(account, asset).total.units;
      EXPECT_TRUE(equal(make_decimal(units, -6).value_or(Decimal{}), amount))
          << of.first << " " << format_decimal(amount);
      EXPECT_FALSE(amount.negative()) << of.first;
    }
    for (const auto& [number, measure] : measures.all()) {
      const std::string id = measure_id(number);
      if (terms_of(measure.plan.kind).is_money && measure.amends == Amends::nothing) {
        const bool stands = measure.in_force() || measure.ending();
        EXPECT_TRUE(stands || crowd_.exchange().moved_by(id).empty())
            << id << " " << word_of(measure.state) << " and balances are not as before";
        counts.reversed += measure.state == MeasureState::reversed ? 1 : 0;
      }
      EXPECT_TRUE(measure.state != MeasureState::releasing) << id << " never ends";
      counts.automatic += measure.automatic ? 1 : 0;
    }
    std::map<Exchange::Holding, Decimal> moved;
    for (const auto& [key, amount] : crowd_.exchange().moved()) {
      Decimal& sum = moved[{std::get<1>(key), std::get<2>(key)}];
      sum = sum_of(sum, amount).value_or(Decimal{});
    }
    std::erase_if(moved, [](const auto& each) { return each.second.zero(); });
    EXPECT_TRUE(std::ranges::equal(moved, measures.posted(), [](const auto& a, const auto& b) {
      return a.first == b.first && equal(a.second, b.second);
    })) << "the exchange has moved other amounts than enforcement knows";
  }

  // A sample of what was written.
  void lines() {
    static const Schema cases(MARKTWACHT_SOURCE_DIR "/src/cases/schema.json");
    static const Schema measures(MARKTWACHT_SOURCE_DIR "/src/measures/schema.json", "measure");
    static const Schema decisions = measures.of("decision"), commands = measures.of("command");
    const Schema* const schemas[] = {&cases, &measures, &decisions, &commands};
    for (std::size_t kind = 0; kind < std::size(schemas); ++kind) {
      const auto& written = system_.outputs().lines[kind];
      for (std::size_t at = random_.below(5); at < written.size(); at += 5) {
        const std::string line = written[at].substr(written[at].find('{'));
        ASSERT_EQ(schemas[kind]->violation(line), "") << line;
      }
    }
  }

  void replays(Counts& counts) {
    const auto same = system_.replayed();
    same.engine->close();
    EXPECT_EQ(difference(system_.outputs(), same.outputs), "");
    EXPECT_EQ(system_.engine().state_hash(), same.engine->state_hash());
    for (const RecordedLines* lines :
         {&same.engine->recorded(), &same.engine->recorded_proposals()}) {
      EXPECT_EQ(lines->different(), 0U) << lines->first_different().first << "\n"
                                        << lines->first_different().second;
      EXPECT_EQ(lines->unmatched(), 0U);
      EXPECT_EQ(lines->unrecorded(), 0U);
    }
    const auto other = system_.replayed(crowd_.other_rulebook());
    EXPECT_EQ(difference(system_.outputs(), other.outputs), "") << "with another rulebook";
    counts.other_alerts += other.engine->recorded().different() > 0 ? 1 : 0;
    EXPECT_EQ(other.engine->recorded_proposals().different(), 0U);
  }

  void add(Counts& counts) const {
    counts.records += system_.journal().size();
    counts.checks += invariants_.checks();
    counts.measures += system_.engine().enforcement().measures().all().size();
    counts.commands += system_.outputs().commands.size();
    for (const std::string& decision : system_.outputs().lines[2]) {
      ++counts.decisions;
      counts.accepted += decision.find("\"result\":\"accepted\"") != decision.npos ? 1 : 0;
    }
  }

  Crowd crowd_;
  Random random_;
  System system_;
  Invariants invariants_;
};

TEST(WholeSystemTest, HoldsWhateverHappens) {
  const std::uint64_t only = number_given("MARKTWACHT_SEED", 0);
  const std::uint64_t last = only != 0 ? only : number_given("MARKTWACHT_SEEDS", 100);
  Counts counts;
  for (std::uint64_t seed = only != 0 ? only : 1; seed <= last && !HasFailure(); ++seed) {
    SCOPED_TRACE("MARKTWACHT_SEED=" + std::to_string(seed));
    WholeSystem whole(seed);
    whole.run(counts);
    if (only != 0 && std::getenv("MARKTWACHT_SHOW") != nullptr) {
      for (const auto& kind : whole.system().outputs().lines) {
        for (const std::string& line : kind) {
          std::puts(line.c_str());
        }
      }
      for (const std::string& line : whole.system().refused()) {
        std::puts(("refused " + line).c_str());
      }
    }
  }
  std::printf(
      "records %llu, checks %llu, stops %llu, measures %llu (automatic %llu, money reversed %llu), "
      "commands %llu, decisions %llu (accepted %llu), seeds with other alerts %llu\n",
      static_cast<unsigned long long>(counts.records),
      static_cast<unsigned long long>(counts.checks), static_cast<unsigned long long>(counts.stops),
      static_cast<unsigned long long>(counts.measures),
      static_cast<unsigned long long>(counts.automatic),
      static_cast<unsigned long long>(counts.reversed),
      static_cast<unsigned long long>(counts.commands),
      static_cast<unsigned long long>(counts.decisions),
      static_cast<unsigned long long>(counts.accepted),
      static_cast<unsigned long long>(counts.other_alerts));
  if (only == 0 && !HasFailure()) {  // it tries what it is for
    EXPECT_GT(counts.stops, last);
    EXPECT_GT(counts.measures, last);
    EXPECT_GT(counts.automatic, 0U);
    EXPECT_GT(counts.reversed, 0U);
    EXPECT_GT(counts.other_alerts, 0U);
  }
}

}  // namespace
}  // namespace marktwacht::sim
