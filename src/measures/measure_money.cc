// Money: who gives what to whom, never more than there is, and back again.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {
namespace {

// As units of 10^-scale, rounded down; nothing beyond 128 bits.
std::optional<Int128> units_down(const Decimal& value, int scale) {
  if (const auto exact = scaled_int128(value, scale)) {
    return *exact;
  }
  const auto finer = scaled_int128(value, value.places());
  if (!finer || value.places() <= scale || value.places() - scale > 38) {
    return std::nullopt;
  }
  return *finer / power_of_ten(value.places() - scale);
}

Decimal decimal_of(Int128 units, int scale) {
  return make_decimal(units, -scale).value_or(Decimal{});
}

}  // namespace

Measures::Asked Measures::asked() const {
  Asked asked;
  for (const auto& [number, measure] : measures_) {
    for (const MeasureJob& job : measure.jobs) {
      for (const LedgerEntry& entry : job.entries) {
        if (measure.wants(job) && entry.amount.negative()) {
          Decimal& sum = asked[{entry.account_id, entry.asset}];
          sum = sum_of(sum, negated(entry.amount)).value_or(sum);
        }
      }
    }
  }
  return asked;
}

void Measures::add_money_jobs(Measure& measure, const ActBy& by) {
  Asked asked = this->asked();
  switch (measure.plan.kind) {
    case MeasureKind::deduct_gains:
      deduct(measure, asked);
      break;
    case MeasureKind::forfeit_balance:
      forfeit(measure, asked);
      break;
    default:
      compensate(measure, asked);
      break;
  }
  for (std::size_t place = 0; place < measure.jobs.size(); ++place) {
    measure.jobs[place].first_sent = by.now;
    send_job(measure, place, by);
  }
}

// Never more than the balance, less what is asked for already: the rest stays as a claim.
void Measures::take_from(Measure& measure, const LedgerEntry& wanted, const std::string& to,
                         Asked& asked) {
  const auto& [from, asset, amount] = wanted;
  const Directory& directory = market_.directory();
  const AccountIndex account = directory.find_account(make_text(from));
  const AssetIndex index = directory.find_asset(make_text(asset));
  if (!amount.positive()) {
    return;
  }
  Decimal taken;
  if (account.exists() && index.exists()) {
    const int scale = directory.asset(index).decimals;
    const Balance balance = market_.accounts().balance(account, index);
    const Money held = balance.stated ? std::min(balance.available, balance.total) : balance.total;
    Decimal& before = asked[{from, asset}];
    const Int128 left = Int128{held.units} - units_down(before, scale).value_or(held.units);
    const Int128 units = std::min(left, units_down(amount, scale).value_or(0));
    taken = units > 0 ? decimal_of(units, scale) : Decimal{};
    before = sum_of(before, taken).value_or(before);
  }
  if (taken.positive()) {
    const auto same = [&](const MeasureJob& job) { return job.account_id == from; };
    auto job = std::ranges::find_if(measure.jobs, same);
    if (job == measure.jobs.end()) {
      measure.jobs.push_back(MeasureJob::of(from, word_of(ExchangeJob::ledger_entries), Time{}));
      job = measure.jobs.end() - 1;
    }
    job->entries.push_back({from, asset, negated(taken)});
    job->entries.push_back({to, asset, taken});
  }
  const auto rest = sum_of(amount, negated(taken));
  if (rest && rest->positive()) {
    measure.claims.push_back({from, asset, *rest});
  }
}

// The stated amount: of the next what the ones before have not; what nobody has, of the first.
void Measures::take_in_turn(Measure& measure, const std::vector<std::string>& accounts,
                            Asked& asked) {
  const MeasureParameters& parameters = measure.plan.parameters;
  Decimal left = *parameters.amount;
  for (const std::string& account : accounts) {
    const std::size_t claims = measure.claims.size();
    take_from(measure, {account, parameters.asset, left}, policy_.recovery_account_id, asked);
    if (measure.claims.size() == claims) {
      return;  // all of it was covered
    }
    left = measure.claims.back().amount;
    measure.claims.pop_back();
  }
  if (!accounts.empty()) {
    measure.claims.push_back({accounts.front(), parameters.asset, left});
  }
}

Int128 Measures::gain_left(const Measure& measure, const std::string& account_id) const {
  const Case& of = *cases_.find(cases_.standing(measure.case_number));
  Decimal taken;
  const auto add = [&](const std::vector<LedgerEntry>& entries) {
    for (const LedgerEntry& entry : entries) {
      if (entry.account_id == account_id && entry.asset == of.gain_currency) {
        taken = sum_of(taken, entry.amount.negative() ? negated(entry.amount) : entry.amount)
                    .value_or(taken);
      }
    }
  };
  for (const std::uint64_t number : of.measures) {
    const Measure& other = measures_.at(number);
    if (number == measure.number || other.plan.kind != MeasureKind::deduct_gains ||
        !other.in_force()) {
      continue;
    }
    for (const MeasureJob& job : other.jobs) {
      add(job.entries);
    }
    add(other.claims);
  }
  return of.gains.sum_of(account_id) - units_down(taken, Case::gain_scale).value_or(0);
}

// Each account its own gain; of a stated amount, who gained most first.
void Measures::deduct(Measure& measure, Asked& asked) {
  const Case& of = *cases_.find(cases_.standing(measure.case_number));
  std::vector<std::pair<Int128, std::string>> gains;
  for (const std::string& account : measure.account_ids) {
    gains.emplace_back(gain_left(measure, account), account);
  }
  std::ranges::stable_sort(gains, [](const auto& a, const auto& b) { return a.first > b.first; });
  if (measure.plan.parameters.amount) {
    std::vector<std::string> accounts;
    for (const auto& [gain, account] : gains) {
      accounts.push_back(account);
    }
    return take_in_turn(measure, accounts, asked);
  }
  for (const auto& [gain, account] : gains) {
    take_from(measure, {account, of.gain_currency, decimal_of(gain, Case::gain_scale)},
              policy_.recovery_account_id, asked);
  }
}

// All that there is, or the stated amount of it; what is bound in orders now is not forfeit later.
void Measures::forfeit(Measure& measure, Asked& asked) {
  if (measure.plan.parameters.amount) {
    take_in_turn(measure, measure.account_ids, asked);
    measure.claims.clear();
    return;
  }
  const Directory& directory = market_.directory();
  for (const std::string& id : measure.account_ids) {
    const AccountIndex account = directory.find_account(make_text(id));
    for (std::uint32_t i = 0; account.exists() && i < directory.assets(); ++i) {
      const AssetIndex asset{i};
      const Balance balance = market_.accounts().balance(account, asset);
      if (balance.total.units > 0) {
        take_from(measure,
                  {id, directory.asset_id(asset),
                   decimal_of(balance.total.units, directory.asset(asset).decimals)},
                  policy_.recovery_account_id, asked);
      }
    }
  }
  measure.claims.clear();
}

// From the recovery account, and never more than it holds.
void Measures::compensate(Measure& measure, Asked& asked) {
  const MeasureParameters& parameters = measure.plan.parameters;
  for (const std::string& account : measure.account_ids) {
    take_from(
        measure,
        {policy_.recovery_account_id, parameters.asset, parameters.amount.value_or(Decimal{})},
        account, asked);
  }
}

// What was made is undone; what is not answered yet is asked for until it is.
void Measures::reverse_money(Measure& measure, const ActBy& by) {
  measure.claims.clear();
  const std::size_t made = measure.jobs.size();
  for (std::size_t place = 0; place < made; ++place) {
    const MeasureJob& job = measure.jobs[place];
    if (job.state == MeasureJob::State::applied) {
      undo(measure, place, by);
    } else if (job.state == MeasureJob::State::waiting) {
      timers_.set(
          {by.now + back_off(job.attempt), EnforcementTimerKind::retry_job, measure.number, place});
    }
  }
}

// Exactly what was made, with sides changed.
void Measures::undo(Measure& measure, std::size_t place, const ActBy& by) {
  MeasureJob mirrored = measure.jobs[place];
  mirrored.state = MeasureJob::State::waiting;
  mirrored.undoing = true;
  mirrored.attempt = 1;
  mirrored.first_sent = by.now;
  mirrored.detail.clear();
  for (LedgerEntry& entry : mirrored.entries) {
    entry.amount = negated(entry.amount);
  }
  measure.jobs.push_back(std::move(mirrored));
  send_job(measure, measure.jobs.size() - 1, by);
}

void Measures::post(const MeasureJob& job) {
  for (const LedgerEntry& entry : job.entries) {
    Decimal& sum = posted_[{entry.account_id, entry.asset}];
    const auto with = sum_of(sum, entry.amount);
    check(with.has_value(), "sums of entries stay within 38 digits");
    sum = *with;
    if (sum.zero()) {
      posted_.erase({entry.account_id, entry.asset});
    }
  }
}

}  // namespace marktwacht
