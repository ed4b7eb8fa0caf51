// Which accounts are one hand, and why: evidence, what people decided, and the groups that follow.
// docs/links.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/index.h"
#include "base/text.h"
#include "base/time.h"
#include "links/evidence.h"
#include "links/groups.h"
#include "links/lockstep.h"

namespace marktwacht {

// A group's change, as it happened.
struct GroupEvent {
  GroupChange change;
  Time at;
  std::uint64_t seq = 0;
  auto operator<=>(const GroupEvent&) const = default;
};

// What people decided about a pair.
struct LinkVerdict {
  bool confirmed = false;          // linked, whatever evidence says
  std::uint8_t refused_kinds = 0;  // else: apart, until there is evidence of another kind
  auto operator<=>(const LinkVerdict&) const = default;
};

enum class PairState : std::uint8_t { apart, suspected, linked };

// All that is known about two accounts. Texts are valid until the next change.
struct Why {
  std::vector<LinkValue> declared;  // that name both
  std::vector<SharedValue> shared;  // the heaviest of each kind counts
  Weighed weighed;
  std::optional<LinkVerdict> verdict;
  PairState state{};  // of the two alone: they may be in one group by others
};

// One step from an account to the next along the links in force.
struct PathStep {
  AccountIndex account;
  LinkValue by{};  // of kind pair: `why` tells more
};

// One thread. What it answers is a function of the set of live evidence, declarations and verdicts;
// only ids of groups, their history and a star's `since` depend on order.
class Links {
 public:
  // --- declared; see Groups
  void declare(Text group_id, std::span<const AccountIndex> members) {
    groups_.declare(group_id, members);
  }
  void withdraw(Text group_id) { groups_.withdraw(group_id); }
  void set_master(AccountIndex account, AccountIndex master) {
    groups_.set_master(account, master);
  }
  void set_person(AccountIndex account, Text person_id) { groups_.set_person(account, person_id); }
  void set_links_nobody(AccountIndex account, bool links_nobody);

  // --- evidence; an empty text says nothing
  struct Login {
    AccountIndex account;
    std::string_view ip, device_id, user_agent;
    Time now;
  };
  void log_in(const Login& login);
  // What a login will look at, fetched in steps, each some events nearer to it than the one before.
  // They change nothing; without them it takes longer. `Coming` goes from each to the next.
  enum class Look : std::uint8_t { row, usual, values, pieces };
  using Coming = EvidenceStore::Coming;
  void look_ahead(Look look, const Login& login, Coming& coming) const;
  // Neither is for an address that has a label; a label takes back what was seen before.
  void see_address(AccountIndex account, std::string_view address, Time now);
  void label_address(std::string_view address);
  void send_by(AccountIndex account, std::string_view tx_id, Time now);
  void receive_by(AccountIndex account, std::string_view tx_id, Time now);
  void transfer(AccountIndex from, AccountIndex to, Time now);
  void set_referral(AccountIndex account, AccountIndex referrer, Time opened);

  // --- the table of weights
  const LinkTable& table() const { return evidence_.table(); }
  void set_table(const LinkTable& table, Time now);

  // --- what is done in lockstep; see Lockstep. Evidence only where the table gives it a weight
  bool weighs_lockstep() const { return table().of(SharedKind::lockstep).weight(2) != 0; }
  // Whether anything has come of it for the groups.
  bool act(const BookAction& action, Time now, std::uint64_t seq);
  void notice(InstrumentIndex instrument, Time now) { lockstep_.notice(instrument, now); }
  const Lockstep& lockstep() const { return lockstep_; }

  // --- what people decide; the later decision on a pair stands
  void confirm(AccountPair pair);
  void refuse(AccountPair pair);

  // --- time
  Time next_due() const { return evidence_.next_due(); }
  void expire(Time due);

  // What has happened to the groups since this was called last is history of this moment.
  void remember(Time now, std::uint64_t seq);
  // What has happened to the groups since this was asked last.
  std::vector<GroupChange> take_changes();
  bool has_changes() const { return !groups_.changes().empty(); }

  const Groups& groups() const { return groups_; }
  const EvidenceStore& evidence() const { return evidence_; }

  // --- for people
  Why why(AccountPair pair) const;
  // The shortest way from `from` to `to`, which are in one group; of several the one over accounts
  // first seen. Without `from`; empty when there is none.
  std::vector<PathStep> path(AccountIndex from, AccountIndex to) const;
  // What happened to the group and to those that became part of it.
  std::vector<GroupEvent> history(GroupIndex group) const;
  // Over `group_max`, or held together by a bridge: one kind of evidence on one edge, whose loss
  // would leave three accounts or more on both sides.
  bool fragile(GroupIndex group) const;
  // Accounts with which evidence suspects a link, but not enough for one; ascending.
  std::vector<AccountIndex> suspects(AccountIndex account) const;

  void save(ByteWriter& out) const;
  // Into fresh Links; false when the bytes are malformed.
  bool load(ByteReader& in, NumberBounds bounds);

 private:
  bool linked(AccountPair pair) const;
  void settle();

  Groups groups_;
  EvidenceStore evidence_;
  Lockstep lockstep_;
  std::map<AccountPair, LinkVerdict> verdicts_;
  std::vector<GroupEvent> history_;
  std::size_t remembered_ = 0;  // of the changes that nobody took yet
};

}  // namespace marktwacht
