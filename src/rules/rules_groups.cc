// Groups that form, grow, merge and come apart while rules count.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "rules/rules.h"

namespace marktwacht {

// What a batch of changes amounts to.
struct Rules::GroupMoves {
  std::set<GroupIndex> gained;                   // alive, with new members: judged
  std::set<GroupIndex> lost;                     // summed afresh, or gone
  std::map<GroupIndex, GroupIndex> merged_into;  // from those that ended

  // The group that goes on for `group`.
  GroupIndex successor(GroupIndex group) const {
    for (auto at = merged_into.find(group); at != merged_into.end(); at = merged_into.find(group)) {
      group = at->second;
    }
    return group;
  }
  bool touches(GroupIndex group) const { return gained.contains(group) || lost.contains(group); }
};

Rules::GroupMoves Rules::moves_of(std::span<const GroupChange> changes) const {
  GroupMoves moves;
  for (const GroupChange& change : changes) {
    switch (change.kind) {
      case GroupChange::Kind::formed:
      case GroupChange::Kind::grew:
        moves.gained.insert(change.group);
        break;
      case GroupChange::Kind::merged:
        moves.gained.insert(change.group);
        moves.lost.insert(change.other);
        moves.merged_into[change.other] = change.group;
        break;
      case GroupChange::Kind::split:
        moves.lost.insert(change.group);
        moves.lost.insert(change.other);
        break;
      case GroupChange::Kind::shrank:
      case GroupChange::Kind::dissolved:
        moves.lost.insert(change.group);
        break;
    }
  }
  std::erase_if(moves.gained,
                [this](GroupIndex group) { return market_.groups().members(group).empty(); });
  return moves;
}

void Rules::groups_changed(std::span<const GroupChange> changes, const Moment& moment) {
  const Time now = moment.now;
  const bool grouped =
      std::ranges::any_of(tables_, [](const auto& table) { return table->sums_groups(); });
  if (!grouped) {
    return;
  }
  const GroupMoves moves = moves_of(changes);
  state_before(moves, now);
  for (const auto& table : tables_) {
    if (table->sums_groups()) {
      expire(*table, now);
      refold_groups(*table, moves);
    }
  }
  for (const GroupIndex group : moves.lost) {
    if (group.value < summed_of_.size()) {
      for (const AccountIndex member : std::exchange(summed_of_[group.value], {})) {
        GroupIndex& into = summed_into_[member.value];
        into = into == group ? GroupIndex::none() : into;
      }
    }
  }
  for (const std::set<GroupIndex>* groups : {&moves.gained, &moves.lost}) {
    for (const GroupIndex group : *groups) {
      for (const AccountIndex member : market_.groups().members(group)) {
        note_summed(member, group);
      }
    }
  }
  move_alerts(moves, moment);
  judge_groups(moves, now);
}

// Whether the alert's subject is part of what has changed.
bool Rules::affected(const OpenAlert& alert, const GroupMoves& moves) const {
  if (!alert.rule->by_group() || !tables_[alert.rule->table]->by_owner() || alert.frozen) {
    return false;
  }
  const std::uint32_t owner = alert.subject.key.parts[0];
  return alert.subject.of == RowsOf::groups ? moves.touches(GroupIndex{owner})
                                            : market_.group(AccountIndex{owner}).exists();
}

// As the rows stand just before, for alerts that may close by this.
void Rules::state_before(const GroupMoves& moves, Time now) {
  for (auto& [number, alert] : open_) {
    if (!affected(alert, moves)) {
      continue;
    }
    RuleTable& table = *tables_[alert.rule->table];
    const RowRef row = table.rows->find(alert.subject.of, alert.subject.key);
    if (row.exists() && !alert.rule->sliding()) {
      evaluate(*alert.rule, table, row, judged_, now);
      state_facts(alert, judged_);
    }
    mark_row(*alert.rule, alert.subject, -1);
  }
}

void Rules::refold_groups(RuleTable& table, const GroupMoves& moves) {
  for (const GroupIndex group : moves.lost) {
    drop_group(table, group);
  }
  for (const std::set<GroupIndex>* groups : {&moves.gained, &moves.lost}) {
    for (const GroupIndex group : *groups) {
      if (groups == &moves.lost && moves.gained.contains(group)) {
        continue;
      }
      const bool whole = moves.lost.contains(group);
      for (const AccountIndex member : market_.groups().members(group)) {
        const bool summed =
            member.value < summed_into_.size() && summed_into_[member.value] == group;
        if (whole || !summed) {
          fold_member(table, member, group);
        }
      }
    }
  }
}

// As before, without what a member's row that is gone had counted.
void Rules::refold_group(RuleTable& table, GroupIndex group) {
  std::vector<std::pair<Key, std::uint32_t>> marked;
  for (const std::uint32_t row : table.rows->rows_of_owner(RowsOf::groups, group.value)) {
    const RowRef ref{RowsOf::groups, row};
    if (table.rows->open(ref) > 0) {
      marked.emplace_back(table.rows->key(ref), table.rows->open(ref));
    }
  }
  drop_group(table, group);
  for (const AccountIndex member : market_.groups().members(group)) {
    fold_member(table, member, group);
  }
  for (const auto& [key, open] : marked) {
    RowRef row = table.rows->find(RowsOf::groups, key);
    row = row.exists() ? row : table.rows->add(RowsOf::groups, key);
    table.rows->open(row) = open;
  }
}

void Rules::sum_all_groups() {
  for (std::uint32_t at = 0; at < market_.directory().accounts(); ++at) {
    note_summed(AccountIndex{at}, market_.group(AccountIndex{at}));
  }
  for (const auto& table : tables_) {
    if (!table->sums_groups()) {
      continue;
    }
    for (const std::uint32_t row : table->rows->ordered(RowsOf::accounts)) {
      const AccountIndex account{table->rows->key({RowsOf::accounts, row}).parts[0]};
      const GroupIndex group = market_.group(account);
      if (group.exists()) {
        fold_row(*table, row, group);
      }
    }
  }
}

void Rules::note_summed(AccountIndex account, GroupIndex group) {
  if (account.value >= summed_into_.size()) {
    summed_into_.resize(std::max<std::size_t>(account.value + 1, 2 * summed_into_.size()));
  }
  if (group.exists() && summed_into_[account.value] != group) {
    if (group.value >= summed_of_.size()) {
      summed_of_.resize(group.value + 1);
    }
    summed_of_[group.value].push_back(account);
  }
  summed_into_[account.value] = group;
}

void Rules::drop_group(RuleTable& table, GroupIndex group) {
  for (const std::uint32_t row : table.rows->rows_of_owner(RowsOf::groups, group.value)) {
    table.rows->remove({RowsOf::groups, row});
  }
}

void Rules::fold_member(RuleTable& table, AccountIndex account, GroupIndex group) {
  for (const std::uint32_t row : table.rows->rows_of_owner(RowsOf::accounts, account.value)) {
    fold_row(table, row, group);
  }
}

RowRef Rules::fold_row(RuleTable& table, std::uint32_t row, GroupIndex group) {
  Key key = table.rows->key({RowsOf::accounts, row});
  key.parts[0] = group.value;
  const RowRef to = group_row_for(table, key);
  table.rows->fold({RowsOf::accounts, row}, to);
  return to;
}

// One row of a group's, from its members' as they are now.
void Rules::refold_row(RuleTable& table, RowRef row) {
  table.rows->empty_cells(row);
  for (const RowRef member : rows_below(table, row)) {
    table.rows->fold(member, row);
  }
}

// Of a group's row, those of the members that are summed in it; else the row itself.
std::vector<RowRef> Rules::rows_below(const RuleTable& table, RowRef row) const {
  if (row.of == RowsOf::accounts) {
    return {row};
  }
  Key key = table.rows->key(row);
  const GroupIndex group{key.parts[0]};
  std::vector<RowRef> rows;
  for (const AccountIndex member : market_.groups().members(group)) {
    key.parts[0] = member.value;
    const bool summed = member.value < summed_into_.size() && summed_into_[member.value] == group;
    if (const RowRef one = table.rows->find(RowsOf::accounts, key); summed && one.exists()) {
      rows.push_back(one);
    }
  }
  return rows;
}

// Alerts go to what their subject has become; of several on one, the first opened goes on.
void Rules::move_alerts(const GroupMoves& moves, const Moment& moment) {
  const Time now = moment.now;
  std::map<SubjectKey, std::uint64_t> heirs;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> superseded;  // number, successor
  for (auto& [number, alert] : open_) {
    if (!affected(alert, moves)) {
      continue;
    }
    open_by_subject_.erase({alert.rule, alert.subject});
    const std::uint32_t owner = alert.subject.key.parts[0];
    const GroupIndex group = alert.subject.of == RowsOf::groups
                                 ? moves.successor(GroupIndex{owner})
                                 : market_.group(AccountIndex{owner});
    if (market_.groups().members(group).empty()) {
      freeze(alert, now);
      continue;
    }
    Subject after{RowsOf::groups, alert.subject.key};
    after.key.parts[0] = group.value;
    const auto [heir, first] = heirs.emplace(SubjectKey{alert.rule, after}, number);
    if (first) {
      alert.subject = after;
    } else {
      superseded.emplace_back(number, heir->second);
    }
  }
  for (const auto& [number, successor] : superseded) {
    report(open_.at(number), Finding::Act::supersede, now, successor);
    forget(number);
  }
  for (const auto& [key, number] : heirs) {
    OpenAlert& alert = open_.at(number);
    open_by_subject_[key] = number;
    const std::vector<AccountIndex> before = alert.accounts;
    name_accounts(alert);
    gather_from_newcomers(alert, before, moment);
    row_of(alert);  // so that there is one to mark
    mark_row(*alert.rule, alert.subject, 1);
  }
}

// Whoever joins an episode brings what stands in the window, but not again what it brought before.
void Rules::gather_from_newcomers(OpenAlert& alert, const std::vector<AccountIndex>& before,
                                  const Moment& moment) {
  if (!alert.rule->sliding()) {
    return;
  }
  for (const AccountIndex member : before) {
    if (!std::ranges::binary_search(alert.accounts, member)) {
      alert.left[member] = moment.seq;
    }
  }
  RuleTable& table = *tables_[alert.rule->table];
  expire(table, moment.now);
  std::vector<std::uint64_t> seqs;
  for (const AccountIndex member : alert.accounts) {
    if (std::ranges::binary_search(before, member)) {
      continue;
    }
    Key key = alert.subject.key;
    key.parts[0] = member.value;
    if (const RowRef row = table.rows->find(RowsOf::accounts, key); row.exists()) {
      const auto left = alert.left.find(member);
      const std::uint64_t known = left == alert.left.end() ? 0 : left->second;
      visit_counted(alert, *table.rows, row, [&](const EntryQueue::Entry& entry) {
        if (entry.at >= alert.from && entry.seq > known) {
          seqs.push_back(entry.seq);
        }
      });
    }
  }
  alert.pending.absorb(std::move(seqs));
}

void Rules::freeze(OpenAlert& alert, Time now) {
  alert.frozen_evidence = evidence_of(alert);
  alert.frozen = true;
  if (alert.rule->sliding()) {
    alert.false_since = alert.holds ? now : alert.false_since;
    alert.holds = false;
    set_episode_timer(alert, std::nullopt);
  }
}

// New wholes are judged by every rule; where members left, only episodes are looked after.
void Rules::judge_groups(const GroupMoves& moves, Time now) {
  for (const auto& rule : rules_) {
    RuleTable& table = *tables_[rule->table];
    if (!rule->by_group() || !table.by_owner() || table.window.kind == WindowKind::cycle) {
      continue;
    }
    for (const std::set<GroupIndex>* groups : {&moves.gained, &moves.lost}) {
      for (const GroupIndex group : *groups) {
        if (groups == &moves.lost && (moves.gained.contains(group) || !rule->sliding())) {
          continue;
        }
        std::vector<std::pair<Key, std::uint32_t>> mine;
        for (const std::uint32_t row : table.rows->rows_of_owner(RowsOf::groups, group.value)) {
          mine.emplace_back(table.rows->key({RowsOf::groups, row}), row);
        }
        std::ranges::sort(mine);
        for (const auto& [key, row] : mine) {
          const RowRef ref{RowsOf::groups, row};
          if (groups == &moves.gained || find_open(*rule, {RowsOf::groups, key}) != nullptr) {
            judge(*rule, table, ref, now, std::nullopt);
          }
        }
      }
    }
  }
}

}  // namespace marktwacht
