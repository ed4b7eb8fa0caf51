// Each member into its field; one that is unknown is a fault, for it may have meant a limit.
#include "measures/measure_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "base/sort_unique.h"
#include "events/json_members.h"
#include "measures/measure_table.h"

namespace marktwacht {
namespace {

constexpr std::int64_t seconds_most = 100LL * 366 * 86'400;

// Takes members one by one; the first fault is kept.
class Reader {
 public:
  explicit Reader(const JsonMembers& object) : object_(object) {}

  void text(std::string_view name, std::string& to) {
    if (object_.has(name)) {
      take(name, object_.text(name), to);
    }
  }
  void texts(std::string_view name, std::vector<std::string>& to) {
    if (object_.has(name)) {
      take(name, object_.texts(name), to);
    }
  }
  void decimal(std::string_view name, std::optional<Decimal>& to) {
    if (object_.has(name)) {
      to = object_.decimal(name);
      fault_unless(name, to && !to->negative());
    }
  }
  void flag(std::string_view name, bool& to) {
    if (object_.has(name)) {
      take(name, object_.flag(name), to);
    }
  }
  template <class Integer>
  void integer(std::string_view name, std::int64_t most, Integer& to) {
    if (object_.has(name)) {
      const auto value = object_.integer(name);
      fault_unless(name, value && *value >= 0 && *value <= most);
      to = static_cast<Integer>(value.value_or(0));
    }
  }
  std::optional<Duration> seconds(std::string_view name) {
    std::int64_t value = 0;
    integer(name, seconds_most, value);
    return value == 0 ? std::nullopt : std::optional(Duration{value * second.ns});
  }
  template <class Word>
  std::optional<Word> word(std::string_view name) {
    if (!object_.has(name)) {
      return std::nullopt;
    }
    const auto word = word_in<Word>(object_.text(name).value_or(""));
    fault_unless(name, word.has_value());
    return word;
  }
  template <class Word>
  static std::optional<Word> word_in(std::string_view text) {
    const auto& words = Words<Word>::list;
    const auto found = std::ranges::find(words, text);
    return found == words.end() ? std::nullopt
                                : std::optional(static_cast<Word>(found - words.begin()));
  }

  void fault_unless(std::string_view name, bool good) {
    if (!good && fault_.empty()) {
      fault_ = name;
    }
  }
  // Names that nobody takes are told by the place where they would stand: `where`.
  void known(std::span<const std::string_view> names, std::string_view where) {
    for (const auto& [name, value] : object_.all()) {
      fault_unless(where, std::ranges::find(names, name) != names.end());
    }
  }
  std::string_view fault() const { return fault_; }

 private:
  template <class T>
  void take(std::string_view name, std::optional<T> value, T& to) {
    fault_unless(name, value.has_value());
    to = std::move(value).value_or(T{});
  }

  const JsonMembers& object_;
  std::string_view fault_;
};

constexpr std::string_view target_names[] = {"account_id", "group_id",      "account_ids",
                                             "exclude",    "instrument_id", "device_id",
                                             "ip",         "address"};
constexpr std::string_view plan_names[] = {
    "kind",        "clause",       "target",    "instrument_id", "amount",     "asset",
    "held_min_s",  "leverage_max", "channel",   "kyc_level",     "devices",    "actions",
    "text",        "amount_of",    "until_ts",  "duration_s",    "deadline_s", "trade_ids",
    "legal_basis", "reason",       "alert_ids", "amends",        "amended",    "automatic",
    "ladder_row",  "ladder_step"};
constexpr std::size_t proposal_names = 6;  // of those, the last: only in proposal records

void read_parameters(Reader& reader, const JsonMembers& object, MeasureParameters& to) {
  reader.text("instrument_id", to.instrument_id);
  reader.decimal("amount", to.amount);
  reader.text("asset", to.asset);
  to.held_min = reader.seconds("held_min_s").value_or(Duration{0});
  reader.decimal("leverage_max", to.leverage_max);
  to.channel = reader.word<Channel>("channel");
  reader.integer("kyc_level", 3, to.kyc_level);
  reader.texts("devices", to.devices);
  for (const std::string& text : object.texts("actions").value_or(std::vector<std::string>{})) {
    const auto action = Reader::word_in<GateAction>(text);
    reader.fault_unless("actions", action.has_value());
    to.actions.push_back(action.value_or(GateAction{}));
  }
  reader.text("text", to.text);
}

// Exactly one of the ways to name somebody.
bool is_one(const MeasureTarget& target) {
  const int ways = (target.account_id.empty() ? 0 : 1) + (target.group_id.empty() ? 0 : 1) +
                   (target.account_ids.empty() ? 0 : 1) + (target.instrument_id.empty() ? 0 : 1) +
                   (target.place ? 1 : 0);
  return ways == 1 && (target.excluded.empty() || !target.group_id.empty());
}

std::expected<MeasurePlan, std::string_view> plan_of(const JsonMembers& object, std::size_t names) {
  Reader reader(object);
  reader.known(std::span(plan_names).first(names), "measure");
  MeasurePlan plan;
  const auto kind = reader.word<MeasureKind>("kind");
  reader.fault_unless("kind", kind.has_value());
  plan.kind = kind.value_or(MeasureKind{});
  reader.text("clause", plan.clause);
  if (auto target = read_target(object.value("target"))) {
    plan.target = *std::move(target);
  } else {
    reader.fault_unless(target.error(), false);
  }
  read_parameters(reader, object, plan.parameters);
  plan.amount_of = reader.word<AmountOf>("amount_of").value_or(AmountOf::stated);
  reader.fault_unless("amount_of", !object.has("amount_of") || terms_of(plan.kind).is_money);
  if (object.has("until_ts")) {
    plan.until = Time{};
    reader.integer("until_ts", std::numeric_limits<std::int64_t>::max() - 1, plan.until->ns);
  }
  plan.duration = reader.seconds("duration_s");
  plan.deadline = reader.seconds("deadline_s");
  reader.fault_unless("duration_s", !plan.until || !plan.duration);
  reader.texts("trade_ids", plan.trade_ids);
  reader.text("legal_basis", plan.legal_basis);
  reader.text("reason", plan.reason);
  const MeasureTerms& terms = terms_of(plan.kind);
  // What is done once has no end; that of money would give it back without anybody.
  reader.fault_unless("until_ts", terms.lasts || !plan.until);
  reader.fault_unless("duration_s", terms.lasts || !plan.duration);
  reader.fault_unless("deadline_s", !terms.needs_deadline || plan.deadline);
  reader.fault_unless("trade_ids",
                      (plan.kind == MeasureKind::void_trades) == !plan.trade_ids.empty());
  const bool on_instrument = !plan.target.instrument_id.empty();
  reader.fault_unless("target", (terms.aim == MeasureAim::instrument) == on_instrument &&
                                    (terms.aim == MeasureAim::anyone || !plan.target.place));
  reader.fault_unless("measure", parameter_fault(plan.kind, plan.parameters).empty());
  if (!reader.fault().empty()) {
    return std::unexpected(reader.fault());
  }
  return plan;
}

}  // namespace

std::expected<MeasureTarget, std::string_view> read_target(std::string_view json) {
  const auto object = JsonMembers::of(json);
  if (!object) {
    return std::unexpected("target");
  }
  Reader reader(*object);
  reader.known(target_names, "target");
  MeasureTarget target;
  reader.text("account_id", target.account_id);
  reader.text("group_id", target.group_id);
  reader.texts("account_ids", target.account_ids);
  sort_unique(target.account_ids);
  reader.texts("exclude", target.excluded);
  reader.text("instrument_id", target.instrument_id);
  for (const auto& [name, kind] :
       {std::pair("device_id", SubjectKind::device), std::pair("ip", SubjectKind::ip),
        std::pair("address", SubjectKind::address)}) {
    std::string id;
    reader.text(name, id);
    if (!id.empty()) {
      reader.fault_unless(name, !target.place);
      target.place = GateSubject{kind, std::move(id)};
    }
  }
  reader.fault_unless("target", is_one(target));
  return reader.fault().empty() ? std::expected<MeasureTarget, std::string_view>(std::move(target))
                                : std::unexpected(reader.fault());
}

std::expected<MeasurePlan, std::string_view> read_plan(std::string_view json) {
  const auto object = JsonMembers::of(json);
  return object ? plan_of(*object, std::size(plan_names) - proposal_names)
                : std::unexpected(std::string_view("measure"));
}

std::expected<MeasureProposal, std::string_view> read_proposal(std::string_view json) {
  const auto object = JsonMembers::of(json);
  auto plan = object ? plan_of(*object, std::size(plan_names))
                     : std::unexpected(std::string_view("measure"));
  if (!plan) {
    return std::unexpected(plan.error());
  }
  MeasureProposal proposal;
  proposal.plan = *std::move(plan);
  Reader reader(*object);
  reader.texts("alert_ids", proposal.alert_ids);
  proposal.amends = reader.word<Amends>("amends").value_or(Amends::nothing);
  std::string amended;
  reader.text("amended", amended);
  proposal.amended = measure_number(amended);
  reader.fault_unless("amended", (proposal.amended != 0) == (proposal.amends != Amends::nothing));
  reader.flag("automatic", proposal.automatic);
  reader.text("ladder_row", proposal.row);
  reader.integer("ladder_step", 1'000, proposal.step);
  return reader.fault().empty()
             ? std::expected<MeasureProposal, std::string_view>(std::move(proposal))
             : std::unexpected(reader.fault());
}

}  // namespace marktwacht
