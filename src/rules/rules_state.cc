// All of the rules' state in canonical order.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {
namespace {

void save_evidence(const Evidence& evidence, ByteWriter& out) {
  out.varint(evidence.count);
  out.varint(evidence.seqs.size());
  for (const std::uint64_t seq : evidence.seqs) {
    out.varint(seq);
  }
}

Evidence load_evidence(ByteReader& in) {
  Evidence evidence;
  evidence.count = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    evidence.seqs.push_back(in.varint());
  }
  return evidence;
}

}  // namespace

void Rules::save(ByteWriter& out) const {
  out.varint(books_.size());
  for (const Book& book : books_) {
    out.text(book.text);
    for (const std::uint64_t epoch : book.epochs) {
      out.varint(epoch);
    }
  }
  for (const auto& rule : rules_) {
    out.byte(rule->while_running ? 1 : 0);
    out.zigzag(rule->since.ns);
    out.varint(rule->learnt.size());
    for (const auto& [key, days] : rule->learnt) {
      out.varint(key.first);
      out.varint(key.second);
      out.varint(days.size());
      for (const Number& one : days) {
        save_number(one, out);
      }
    }
  }
  out.varint(epochs_);
  out.zigzag(day_start_.ns);
  out.varint(findings_made_);
  out.varint(recorded_days_.size());
  for (const auto& [end, stated] : recorded_days_) {
    out.zigzag(end.ns);
    out.text(write_learnt_day(stated));
  }
  save_tables(out);
  out.varint(open_.size());
  for (const auto& [number, alert] : open_) {
    save_open(alert, out);
  }
}

// Numbers of texts in keys mean nothing outside: the texts themselves are written.
void Rules::save_key(const RuleTable& table, const Key& key, ByteWriter& out) const {
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    if (is_text_key(table.parts[at])) {
      out.text(values_.text(key.parts[at]));
    } else {
      out.fixed(key.parts[at]);
    }
  }
}

Key Rules::load_key(const RuleTable& table, ByteReader& in) {
  Key key;
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    key.parts[at] =
        is_text_key(table.parts[at]) ? values_.intern(in.text()) : in.fixed<std::uint32_t>();
  }
  return key;
}

void Rules::save_tables(ByteWriter& out) const {
  for (const auto& table : tables_) {
    const bool has_end = table->cycle_end < never;
    out.byte(has_end ? 1 : 0);
    out.zigzag(has_end ? table->cycle_end.ns : 0);
    table->evictions.save(out);
    std::vector<std::string> rows;
    for (const std::uint32_t row : table->rows->ordered(RowsOf::accounts)) {
      std::string bytes;
      ByteWriter row_out(bytes);
      save_key(*table, table->rows->key({RowsOf::accounts, row}), row_out);
      table->rows->save({RowsOf::accounts, row}, row_out);
      rows.push_back(std::move(bytes));
    }
    std::ranges::sort(rows);
    out.varint(rows.size());
    for (const std::string& row : rows) {
      out.raw(row);
    }
  }
}

bool Rules::load_tables(ByteReader& in) {
  for (const auto& table : tables_) {
    const bool has_end = in.byte() != 0;
    const Time cycle_end{in.zigzag()};
    table->cycle_end = has_end ? cycle_end : never;
    table->evictions = BlindSpot::load(in);
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      const Key key = load_key(*table, in);
      const bool account_known =
          !table->by_owner() || key.parts[0] < market_.directory().accounts();
      if (!in.ok() || !account_known || table->rows->find(RowsOf::accounts, key).exists()) {
        return false;
      }
      use_values(*table, key, true);
      const RowRef row = table->rows->add(RowsOf::accounts, key);
      if (!table->rows->load(row, in)) {
        return false;
      }
    }
    table->rows->queue_arrived();
    note_reached_from_now(*table);
  }
  return in.ok();
}

void Rules::save_open(const OpenAlert& alert, ByteWriter& out) const {
  const auto rule = std::ranges::find(rules_, alert.rule, &std::unique_ptr<ActiveRule>::get);
  const RuleTable& table = *tables_[alert.rule->table];
  out.varint(alert.number);
  out.varint(static_cast<std::uint64_t>(rule - rules_.begin()));
  out.byte(static_cast<std::uint8_t>(alert.subject.of));
  save_key(table, alert.subject.key, out);
  out.zigzag(alert.from.ns);
  out.byte(static_cast<std::uint8_t>((alert.warming ? 1 : 0) | (alert.frozen ? 2 : 0) |
                                     (alert.holds ? 4 : 0) | (alert.timer ? 8 : 0)));
  out.varint(alert.accounts.size());
  for (const AccountIndex account : alert.accounts) {
    out.varint(account.value);
  }
  out.text(alert.group_id);
  save_number(alert.revised_at, out);
  save_number(alert.peak, out);
  out.varint(alert.facts.size());
  for (const Fact& fact : alert.facts) {
    out.text(fact.name);
    out.text(fact.value);
    out.text(fact.limit);
  }
  out.varint(alert.score_parts.size());
  for (const ScorePart& part : alert.score_parts) {
    out.text(part.name);
    out.varint(static_cast<std::uint64_t>(part.points));
  }
  out.zigzag(alert.false_since.ns);
  alert.evidence.save(out);
  alert.pending.save(out);
  out.varint(alert.left.size());
  for (const auto& [account, seq] : alert.left) {
    out.varint(account.value);
    out.varint(seq);
  }
  save_evidence(alert.frozen_evidence, out);
  out.zigzag(alert.timer.value_or(Time{}).ns);
}

bool Rules::load_open(ByteReader& in) {
  OpenAlert alert;
  alert.number = in.varint();
  const std::uint64_t rule = in.varint();
  if (rule >= rules_.size()) {
    return false;
  }
  alert.rule = rules_[rule].get();
  const std::uint8_t of = in.byte();
  alert.subject.of = of == 0 ? RowsOf::accounts : RowsOf::groups;
  alert.subject.key = load_key(*tables_[alert.rule->table], in);
  alert.from.ns = in.zigzag();
  const std::uint8_t flags = in.byte();
  alert.warming = (flags & 1) != 0;
  alert.frozen = (flags & 2) != 0;
  alert.holds = (flags & 4) != 0;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const AccountIndex account{static_cast<std::uint32_t>(in.varint())};
    if (account.value >= market_.directory().accounts()) {
      return false;
    }
    alert.accounts.push_back(account);
  }
  alert.group_id = in.text();
  alert.revised_at = load_number(in);
  alert.peak = load_number(in);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Fact& fact = alert.facts.emplace_back();
    fact.name = in.text();
    fact.value = in.text();
    fact.limit = in.text();
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    ScorePart& part = alert.score_parts.emplace_back();
    part.name = in.text();
    part.points = static_cast<int>(in.varint());
  }
  alert.false_since.ns = in.zigzag();
  if (!alert.evidence.load(in) || !alert.pending.load(in)) {
    return false;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const AccountIndex account{static_cast<std::uint32_t>(in.varint())};
    alert.left[account] = in.varint();
  }
  alert.frozen_evidence = load_evidence(in);
  const Time timer{in.zigzag()};
  if (!in.ok() || of > 1 || open_.contains(alert.number)) {
    return false;
  }
  if ((flags & 8) != 0) {
    alert.timer = timer;
    timers_.insert({timer, alert.number});
  }
  if (!alert.frozen) {
    open_by_subject_[{alert.rule, alert.subject}] = alert.number;
  }
  open_.emplace(alert.number, std::move(alert));
  return true;
}

bool Rules::load(ByteReader& in) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::string text(in.text());
    auto book = load_rulebook(text);
    if (!book || book->rules.empty()) {
      return false;
    }
    std::size_t at = rules_.size();
    take_in(*std::move(book), text, std::nullopt);
    for (std::uint64_t& epoch : books_.back().epochs) {
      epoch = rules_[at++]->epoch = in.varint();
    }
  }
  for (const auto& rule : rules_) {
    rule->while_running = in.byte() != 0;
    rule->since.ns = in.zigzag();
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      const auto place = static_cast<std::uint32_t>(in.varint());
      const auto instrument = static_cast<std::uint32_t>(in.varint());
      auto& days = rule->learnt[{place, instrument}];
      for (std::uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
        days.push_back(load_number(in));
      }
    }
  }
  epochs_ = in.varint();
  day_start_.ns = in.zigzag();
  findings_made_ = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const Time end{in.zigzag()};
    if (!expect_baselines(in.text(), end)) {
      return false;
    }
  }
  if (!in.ok()) {
    return false;
  }
  lay_out();
  if (!load_tables(in)) {
    return false;
  }
  sum_all_groups();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    if (!load_open(in)) {
      return false;
    }
  }
  carry_open_marks();
  return in.ok();
}

}  // namespace marktwacht
