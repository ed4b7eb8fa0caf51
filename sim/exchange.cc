// Commands arrive, are done once, and are answered.
#include "sim/exchange.h"

#include <algorithm>

#include "base/check.h"
#include "events/json_object.h"

namespace marktwacht::sim {
namespace {

std::string without_attempt(const std::string& command_id) {
  return command_id.substr(0, command_id.rfind('/'));
}

std::string text_in(const JsonMembers& object, std::string_view name) {
  return object.text(name).value_or("");
}

void add(Decimal& sum, const Decimal& amount) {
  const auto with = sum_of(sum, amount);
  check(with.has_value(), "sums of a simulation stay small");
  sum = *with;
}

}  // namespace

void Exchange::post(Message message, Time now) {
  const Duration delay{
      random_.between(1, std::max<std::int64_t>(1, faults_.delay_most.ns / second.ns)) * second.ns};
  under_way_.emplace(std::pair(now + delay, next_++), std::move(message));
}

void Exchange::send(std::string_view command, Time now) {
  if (random_.chance(faults_.lost)) {
    return;
  }
  post({false, std::string(command)}, now);
  if (random_.chance(faults_.repeated)) {
    post({false, std::string(command)}, now);
  }
}

std::optional<Time> Exchange::next_due() const {
  return under_way_.empty() ? std::nullopt : std::optional(under_way_.begin()->first.first);
}

std::vector<std::string> Exchange::take_next() {
  const auto next = under_way_.extract(under_way_.begin());
  const Time now = next.key().first;
  std::vector<std::string> told;
  if (next.mapped().is_answer) {
    told.push_back(next.mapped().text);
  } else {
    arrive(next.mapped().text, now, told);
  }
  for (std::string& line : told) {
    line.insert(1, "\"ts\":" + std::to_string(now.ns) + ",");
  }
  return told;
}

void Exchange::arrive(const std::string& text, Time now, std::vector<std::string>& told) {
  const auto command = JsonMembers::of(text);
  check(command.has_value(), "a command is an object");
  const std::string id = text_in(*command, "command_id");
  const std::string what = text_in(*command, "command");
  const auto done = done_.find(without_attempt(id));
  if (what != "set_restrictions" && done != done_.end()) {
    return answer(*command, "applied", "", parse_decimal(done->second), now);
  }
  if (random_.chance(faults_.refused)) {
    return answer(*command, "failed", "refused", std::nullopt, now);
  }
  if (what == "set_restrictions") {
    return restrict_subject(*command, now);
  }
  if (what == "ledger_entries") {
    return move(*command, now, told);
  }
  if (what == "cancel_orders" || what == "cancel_opening_orders") {
    cancel_orders(text_in(*command, "account_id"), told);
  }
  done_[without_attempt(id)] = "";
  answer(*command, "applied", "", std::nullopt, now);
}

// An older revision is passed over in silence.
void Exchange::restrict_subject(const JsonMembers& command, Time now) {
  const std::string account = text_in(command, "account_id");
  Obeyed& obeyed = obeyed_[account.empty() ? "instrument " + text_in(command, "instrument_id")
                                           : "account " + account];
  const std::uint64_t revision = command.number("revision").value_or(0);
  if (revision < obeyed.revision) {
    return;
  }
  obeyed = {revision, std::string(command.value("restrictions"))};
  answer(command, "applied", "", std::nullopt, now);
}

void Exchange::answer(const JsonMembers& command, std::string_view result, std::string_view detail,
                      const std::optional<Decimal>& amount, Time now) {
  if (random_.chance(faults_.answer_lost)) {
    return;
  }
  std::string line;
  ObjectWriter object(line);
  object.text("type", "command_result");
  object.text("command_id", text_in(command, "command_id"));
  object.text_unless_empty("account_id", text_in(command, "account_id"));
  object.text_unless_empty("instrument_id", text_in(command, "instrument_id"));
  if (command.has("revision")) {
    object.number("revision", command.number("revision").value_or(0));
  }
  object.text("result", result);
  object.text_unless_empty("detail", detail);
  if (amount) {
    object.text("amount", format_decimal(*amount));
  }
  object.end();
  post({true, line}, now);
}

void Exchange::cancel_orders(const std::string& account_id, std::vector<std::string>& told) {
  for (const std::string& order : std::exchange(orders_[account_id], {})) {
    std::string line;
    ObjectWriter object(line);
    object.text("type", "cancel");
    object.text("order_id", order);
    object.text("reason", "admin");
    object.end();
    told.push_back(std::move(line));
  }
}

// One pair of entries takes what is there; of several, all or nothing.
void Exchange::move(const JsonMembers& command, Time now, std::vector<std::string>& told) {
  std::vector<Entry> entries;
  std::map<Holding, Decimal> after = balances_;
  for (const std::string_view text :
       command.elements("entries").value_or(std::vector<std::string_view>{})) {
    const auto object = JsonMembers::of(text);
    check(object.has_value(), "an entry is an object");
    entries.push_back({text_in(*object, "account_id"), text_in(*object, "asset"),
                       object->decimal("amount").value_or(Decimal{})});
  }
  const std::string id = without_attempt(text_in(command, "command_id"));
  std::optional<Decimal> partly;
  if (entries.size() == 2 && id.find("/undo_") == id.npos) {
    const Decimal held = balance(entries[0].account_id, entries[0].asset);
    if (held.positive() && is_less(held, entries[1].amount)) {
      partly = held;
      entries[0].amount = negated(held);
      entries[1].amount = held;
    }
  }
  for (const Entry& entry : entries) {
    add(after[{entry.account_id, entry.asset}], entry.amount);
  }
  const bool covered = std::ranges::all_of(
      entries, [&](const Entry& each) { return !after[{each.account_id, each.asset}].negative(); });
  if (!covered) {
    return answer(command, "failed", "not covered", std::nullopt, now);
  }
  for (const Entry& entry : entries) {
    book(entry, text_in(command, "measure_id"), told);
  }
  done_[id] = partly ? format_decimal(*partly) : "";
  answer(command, "applied", "", partly, now);
}

void Exchange::book(const Entry& entry, const std::string& measure_id,
                    std::vector<std::string>& told) {
  credit(entry.account_id, entry.asset, entry.amount);
  add(moved_[{measure_id, entry.account_id, entry.asset}], entry.amount);
  std::string line;
  ObjectWriter object(line);
  object.text("type", "ledger");
  object.text("account_id", entry.account_id);
  object.text("asset", entry.asset);
  object.text("amount", format_decimal(entry.amount));
  object.text("kind", entry.amount.negative() ? "deduction" : "adjustment");
  object.text("ref", measure_id);
  object.end();
  told.push_back(std::move(line));
}

void Exchange::credit(const std::string& account_id, const std::string& asset,
                      const Decimal& amount) {
  add(balances_[{account_id, asset}], amount);
}

void Exchange::place(const std::string& order_id, const std::string& account_id) {
  orders_[account_id].insert(order_id);
}

bool Exchange::denies(const std::string& account_id, std::string_view action) const {
  const auto found = obeyed_.find("account " + account_id);
  return found != obeyed_.end() &&
         found->second.restrictions.find("\"action\":\"" + std::string(action) + "\"") !=
             std::string::npos;
}

Decimal Exchange::balance(const std::string& account_id, const std::string& asset) const {
  const auto found = balances_.find({account_id, asset});
  return found == balances_.end() ? Decimal{} : found->second;
}

std::map<Exchange::Holding, Decimal> Exchange::moved_by(const std::string& measure_id) const {
  std::map<Holding, Decimal> moved;
  for (const auto& [key, amount] : moved_) {
    if (std::get<0>(key) == measure_id && !amount.zero()) {
      moved[{std::get<1>(key), std::get<2>(key)}] = amount;
    }
  }
  return moved;
}

}  // namespace marktwacht::sim
