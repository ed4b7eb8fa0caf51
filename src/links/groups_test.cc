// Groups: worked examples, and random declarations against the slow twin.
#include "links/groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "links/groups_twin.h"

namespace marktwacht {
namespace {

using Kind = GroupChange::Kind;
using Set = GroupsTwin::Set;

AccountIndex account(std::uint32_t value) { return AccountIndex{value}; }

void declare(Groups& groups, const std::string& id, const std::vector<std::uint32_t>& members) {
  std::vector<AccountIndex> accounts;
  for (const std::uint32_t member : members) {
    accounts.push_back(account(member));
  }
  groups.declare(make_text(id), accounts);
}

void set_person(Groups& groups, std::uint32_t of, const std::string& id) {
  groups.set_person(account(of), make_text(id));
}

void set_pair(Groups& groups, std::uint32_t a, std::uint32_t b, bool linked) {
  const std::array pair{std::pair(account(a), account(b))};
  if (a == b || groups.has_pair(account(a), account(b)) == linked) {
    return;
  }
  groups.set_pairs(std::span(pair).first(linked ? 0 : 1), std::span(pair).first(linked ? 1 : 0));
}

std::vector<std::uint32_t> members(const Groups& groups, GroupIndex group) {
  std::vector<std::uint32_t> result;
  for (const AccountIndex member : groups.members(group)) {
    result.push_back(member.value);
  }
  return result;
}

std::vector<std::uint32_t> group_of(const Groups& groups, std::uint32_t of) {
  const GroupIndex group = groups.group(account(of));
  return group.exists() ? members(groups, group) : std::vector<std::uint32_t>{};
}

using List = std::vector<std::uint32_t>;
using Changes = std::vector<GroupChange>;
constexpr GroupIndex no_group = GroupIndex::none();

std::string saved(const Groups& groups) {
  std::string bytes;
  ByteWriter out(bytes);
  groups.save(out);
  return bytes;
}

TEST(Groups, an_account_alone_has_none) {
  Groups groups;
  EXPECT_FALSE(groups.group(account(7)).exists());
  declare(groups, "g", {7});
  set_person(groups, 7, "p");
  declare(groups, "twice", {7, 7});
  groups.set_master(account(7), account(7));
  groups.set_links_nobody(account(7), true);
  EXPECT_FALSE(groups.group(account(7)).exists());
  EXPECT_TRUE(groups.same_group(account(7), account(7)));
  EXPECT_FALSE(groups.same_group(account(7), account(8)));
  groups.withdraw(make_text("unknown"));
  EXPECT_EQ(groups.size(), 0U);
  EXPECT_TRUE(groups.take_changes().empty());
}

TEST(Groups, forms_grows_merges_and_is_called_after_the_first_seen) {
  Groups groups;
  declare(groups, "a", {5, 3, 4});
  const GroupIndex a{0}, b{1};
  EXPECT_EQ(groups.named_after(a), account(3));
  set_person(groups, 9, "p");
  set_person(groups, 8, "p");
  EXPECT_EQ(groups.named_after(b), account(8));
  groups.set_master(account(1), account(5));  // seen earlier, but the name stays
  EXPECT_EQ(groups.named_after(a), account(3));
  EXPECT_EQ(members(groups, a), (List{1, 3, 4, 5}));
  EXPECT_TRUE(groups.aliases(a).empty());

  declare(groups, "joins", {8, 1, 20});
  EXPECT_EQ(members(groups, a), (List{1, 3, 4, 5, 8, 9, 20}));
  EXPECT_TRUE(members(groups, b).empty());
  EXPECT_EQ(groups.named_after(b), account(8));
  ASSERT_EQ(groups.aliases(a).size(), 1U);
  EXPECT_EQ(groups.aliases(a)[0], b);
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::formed, a, no_group},
                                            {Kind::formed, b, no_group},
                                            {Kind::grew, a, no_group},
                                            {Kind::merged, a, b},
                                            {Kind::grew, a, no_group}}));
  EXPECT_TRUE(groups.take_changes().empty());
}

TEST(Groups, a_split_leaves_the_name_with_its_account) {
  Groups groups;
  set_person(groups, 1, "p");
  set_person(groups, 2, "p");
  set_person(groups, 5, "q");
  set_person(groups, 6, "q");
  declare(groups, "bridge", {2, 5, 9});
  ASSERT_EQ(group_of(groups, 1), (List{1, 2, 5, 6, 9}));
  ASSERT_EQ(groups.named_after(GroupIndex{0}), account(1));
  groups.take_changes();
  groups.withdraw(make_text("bridge"));
  const GroupIndex old{0}, apart{2};
  EXPECT_EQ(members(groups, old), (List{1, 2}));
  EXPECT_EQ(members(groups, apart), (List{5, 6}));
  EXPECT_EQ(groups.named_after(apart), account(5));
  EXPECT_FALSE(groups.group(account(9)).exists());
  EXPECT_EQ(groups.take_changes(),
            (Changes{{Kind::split, apart, old}, {Kind::shrank, old, no_group}}));
  set_person(groups, 1, "");
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::dissolved, old, no_group}}));
  EXPECT_TRUE(members(groups, old).empty());
}

TEST(Groups, a_name_whose_account_left_is_not_given_twice) {
  Groups groups;
  declare(groups, "a", {1, 2, 3});
  declare(groups, "a", {2, 3});
  const GroupIndex first = groups.group(account(2));
  EXPECT_EQ(first, GroupIndex{0});
  EXPECT_EQ(groups.named_after(first), account(1));
  declare(groups, "b", {1, 7});
  EXPECT_EQ(groups.named_after(groups.group(account(1))), account(7));
  groups.withdraw(make_text("a"));
  groups.withdraw(make_text("b"));
  declare(groups, "b", {1, 7});
  EXPECT_EQ(groups.named_after(groups.group(account(1))), account(1));
}

TEST(Groups, a_later_list_replaces_the_earlier) {
  Groups groups;
  declare(groups, "a", {1, 2, 3});
  groups.take_changes();
  declare(groups, "a", {2, 3, 4});
  EXPECT_EQ(group_of(groups, 2), (List{2, 3, 4}));
  EXPECT_FALSE(groups.group(account(1)).exists());
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::shrank, GroupIndex{0}, no_group},
                                            {Kind::grew, GroupIndex{0}, no_group}}));
  declare(groups, "a", {4, 3, 2, 2});
  EXPECT_TRUE(groups.take_changes().empty());
  declare(groups, "a", {5, 6});
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::dissolved, GroupIndex{0}, no_group},
                                            {Kind::formed, GroupIndex{1}, no_group}}));
  declare(groups, "a", {});
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::dissolved, GroupIndex{1}, no_group}}));
}

TEST(Groups, a_master_links_itself_and_all_who_name_it) {
  Groups groups;
  groups.set_master(account(5), account(9));
  groups.set_master(account(3), account(9));
  EXPECT_EQ(group_of(groups, 9), (List{3, 5, 9}));
  groups.set_master(account(3), account(11));
  EXPECT_EQ(group_of(groups, 9), (List{5, 9}));
  EXPECT_EQ(group_of(groups, 3), (List{3, 11}));
  groups.set_master(account(9), account(11));  // a master may have one itself
  EXPECT_EQ(group_of(groups, 5), (List{3, 5, 9, 11}));
  groups.set_master(account(3), AccountIndex::none());
  groups.set_master(account(5), AccountIndex::none());
  groups.set_master(account(9), AccountIndex::none());
  for (const std::uint32_t of : {3U, 5U, 9U, 11U}) {
    EXPECT_FALSE(groups.group(account(of)).exists());
  }
}

TEST(Groups, says_what_holds_a_group_together) {
  Groups groups;
  set_person(groups, 3, "p");
  set_person(groups, 1, "p");
  set_person(groups, 7, "alone");
  groups.set_master(account(4), account(3));
  groups.set_master(account(9), account(8));
  groups.set_links_nobody(account(8), true);
  declare(groups, "family", {4, 7});
  std::vector<std::string> links;
  const auto collect = [&](const Link& link) {
    links.emplace_back(link.kind == LinkValue::Kind::person ? "person "
                       : link.kind == LinkValue::Kind::list ? "list "
                                                            : "star ");
    links.back() += link.master.exists() ? std::to_string(link.master.value) : link.name;
    for (const AccountIndex of : link.accounts) {
      links.back() += " " + std::to_string(of.value);
    }
  };
  groups.visit_links(groups.group(account(7)), collect);
  EXPECT_EQ(links, (std::vector<std::string>{"person p 1 3", "star 3 3 4", "list family 4 7"}));
  links.clear();
  groups.withdraw(make_text("family"));
  groups.visit_links(groups.group(account(1)), collect);
  EXPECT_EQ(links, (std::vector<std::string>{"person p 1 3", "star 3 3 4"}));
}

TEST(Groups, a_brokers_ten_thousand_clients_are_not_linked) {
  constexpr std::uint32_t clients = 10'000;
  Groups groups;
  groups.set_links_nobody(account(0), true);
  for (std::uint32_t i = 1; i <= clients; ++i) {
    groups.set_master(account(i), account(0));
  }
  EXPECT_EQ(groups.size(), 0U);
  // Two of them are one person all the same.
  set_person(groups, 17, "p");
  set_person(groups, 9'000, "p");
  EXPECT_EQ(group_of(groups, 17), (List{17, 9'000}));

  groups.set_links_nobody(account(0), false);  // no broker after all
  EXPECT_EQ(group_of(groups, 17).size(), clients + 1);
  EXPECT_EQ(groups.named_after(groups.group(account(0))), account(17));
  groups.take_changes();
  groups.set_links_nobody(account(0), true);
  EXPECT_EQ(group_of(groups, 17), (List{17, 9'000}));
  EXPECT_FALSE(groups.group(account(1)).exists());
  EXPECT_EQ(groups.take_changes(), (Changes{{Kind::shrank, GroupIndex{0}, no_group}}));
}

TEST(Groups, a_star_of_a_hundred_thousand_is_quick_both_ways) {
  constexpr std::uint32_t subs = 100'000;
  Groups groups;
  std::vector<std::uint32_t> order(subs);
  for (std::uint32_t i = 0; i < subs; ++i) {
    order[i] = i + 1;
  }
  std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
  // Each joins with a group of its own that is older than the star's in half of all cases.
  for (const std::uint32_t sub : order) {
    set_person(groups, sub, "p" + std::to_string(sub / 2));
    groups.set_master(account(sub), account(0));
    if (sub % 1000 == 0) {
      ASSERT_TRUE(std::ranges::is_sorted(groups.members(groups.group(account(0)))));
    }
  }
  const GroupIndex star = groups.group(account(0));
  EXPECT_EQ(groups.members(star).size(), subs + 1);
  for (const std::uint32_t sub : order) {
    set_person(groups, sub, "");  // each loses a link, and the star stays whole
  }
  EXPECT_EQ(groups.group(account(0)), star);
  for (const std::uint32_t sub : order) {
    groups.set_master(account(sub), AccountIndex::none());
  }
  EXPECT_FALSE(groups.group(account(0)).exists());
}

// A random declaration, for both.
struct Act {
  std::uint32_t kind, account, other;
  std::string id;
  Set members;

  void apply(Groups& groups) const {
    switch (kind) {
      case 0:
        return set_person(groups, account, id);
      case 1:
        return groups.set_master(AccountIndex{account}, AccountIndex{other});
      case 2:
        return groups.set_links_nobody(AccountIndex{account}, other % 2 != 0);
      case 4:
        return set_pair(groups, account, other, id == "linked");
      default:
        if (members.empty()) {
          return groups.withdraw(make_text(id));
        }
        return declare(groups, id, {members.rbegin(), members.rend()});
    }
  }

  void apply(GroupsTwin& twin) const {
    switch (kind) {
      case 0:
        return twin.set_person(account, id);
      case 1:
        return twin.set_master(account, AccountIndex{other});
      case 2:
        return twin.set_links_nobody(account, other % 2 != 0);
      case 4:
        return account == other ? void() : twin.set_pair(account, other, id == "linked");
      default:
        return twin.declare(id, members);
    }
  }
};

Act any_act(std::mt19937_64& random, std::uint32_t accounts) {
  const auto any = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  Act act{any(10), any(accounts), any(accounts), "", {}};
  if (act.kind >= 8) {
    act.kind = 4;
    act.id = any(2) == 0 ? "linked" : "apart";
    std::tie(act.account, act.other) = std::minmax({act.account, act.other});
    return act;
  }
  if (act.kind == 0 || act.kind >= 6) {
    act.kind = 0;
    act.id = any(3) == 0 ? "" : "p" + std::to_string(any(accounts / 2));
  } else if (act.kind == 1 || act.kind == 5) {
    act.kind = 1;
    act.other = any(3) == 0 ? AccountIndex::none_value : any(accounts / 3 + 1);
  } else if (act.kind == 2) {
    act.account = any(accounts / 3 + 1);
  } else {
    act.kind = 3;
    act.id = "g" + std::to_string(any(accounts / 3 + 1));
    for (std::uint32_t size = any(4) == 0 ? 0 : any(5); size > 0; --size) {
      act.members.insert(any(accounts));
    }
  }
  return act;
}

void compare(const Groups& ours, const GroupsTwin& twin, std::uint32_t accounts) {
  ASSERT_EQ(ours.size(), twin.groups.size());
  std::vector<GroupIndex> expected(accounts);
  for (std::uint32_t i = 0; i < twin.groups.size(); ++i) {
    const auto& group = twin.groups[i];
    for (const std::uint32_t member : group.members) {
      expected[member] = GroupIndex{i};
    }
    ASSERT_EQ(members(ours, GroupIndex{i}), List(group.members.begin(), group.members.end()));
    ASSERT_EQ(ours.named_after(GroupIndex{i}).value, group.named_after);
    const auto aliases = ours.aliases(GroupIndex{i});
    ASSERT_EQ(aliases.size(), group.aliases.size());
    for (std::size_t k = 0; k < aliases.size(); ++k) {
      ASSERT_EQ(aliases[k].value, group.aliases[k]);
    }
  }
  for (std::uint32_t i = 0; i < accounts; ++i) {
    ASSERT_EQ(ours.group(AccountIndex{i}), expected[i]) << "account " << i;
  }
}

TEST(Groups, random_streams_agree_with_the_twin) {
  int kinds[6] = {};
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    std::mt19937_64 random(seed);
    const std::uint32_t accounts = seed % 2 != 0 ? 9 : 40;
    Groups groups;
    GroupsTwin twin;
    for (int i = 0; i < 400; ++i) {
      const Act act = any_act(random, accounts);
      act.apply(groups);
      act.apply(twin);
      const auto changes = groups.take_changes();
      ASSERT_EQ(changes, twin.changes) << "seed " << seed << " step " << i;
      for (const GroupChange& change : changes) {
        ++kinds[static_cast<int>(change.kind)];
      }
      twin.changes.clear();
      compare(groups, twin, accounts);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << " step " << i;
    }
  }
  for (const int count : kinds) {
    EXPECT_GT(count, 100);
  }
}

TEST(Groups, the_partition_depends_on_the_set_of_declarations_only) {
  constexpr std::uint32_t accounts = 60;
  const auto partition = [](const Groups& groups) {
    std::set<List> parts;
    for (std::uint32_t i = 0; i < accounts; ++i) {
      parts.insert(group_of(groups, i));
    }
    return parts;
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<Act> final_acts;  // at most one of each subject, so that order cannot matter
    std::set<std::string> subjects;
    while (final_acts.size() < 40) {
      const Act act = any_act(random, accounts);
      const std::string subject = std::to_string(act.kind) +
                                  (act.kind == 3 ? act.id : std::to_string(act.account)) +
                                  (act.kind == 4 ? " " + std::to_string(act.other) : "");
      if (subjects.insert(subject).second) {
        final_acts.push_back(act);
      }
    }
    GroupsTwin twin;
    for (const Act& act : final_acts) {
      act.apply(twin);
    }
    std::set<List> expected;
    for (const Set& part : twin.partition()) {
      expected.insert(List(part.begin(), part.end()));
    }
    for (int round = 0; round < 10; ++round) {
      std::shuffle(final_acts.begin(), final_acts.end(), random);
      Groups groups;
      for (const Act& act : final_acts) {
        // What stood before, and is replaced, leaves no trace.
        Act noise = any_act(random, accounts);
        noise.kind = act.kind;
        noise.id = act.kind == 0 && noise.id.starts_with("g") ? "x" : noise.id;
        noise.id = act.kind == 3 ? act.id : noise.id;
        noise.account = act.account;
        noise.other = act.kind == 1 ? noise.other % accounts : noise.other;
        if (act.kind == 4) {
          noise = act;
          noise.id = act.id == "linked" ? "apart" : "linked";
        }
        noise.apply(groups);
        act.apply(groups);
      }
      auto parts = partition(groups);
      parts.erase(List{});
      ASSERT_EQ(parts, expected) << "seed " << seed;
    }
  }
}

TEST(Groups, equal_histories_and_restored_copies_agree_byte_for_byte) {
  for (std::uint64_t seed = 200; seed < 230; ++seed) {
    std::mt19937_64 random(seed);
    Groups groups, again;
    for (int i = 0; i < 150; ++i) {
      const Act act = any_act(random, 30);
      act.apply(groups);
      act.apply(again);
      if (i < 140) {
        groups.take_changes();
        again.take_changes();
      }
    }
    for (std::uint32_t i = 0; i < again.size(); ++i) {
      again.members(GroupIndex{i});  // reading leaves no trace
    }
    const std::string bytes = saved(groups);
    ASSERT_EQ(saved(again), bytes);
    Groups copy;
    ByteReader in(bytes);
    ASSERT_TRUE(copy.load(in));
    EXPECT_TRUE(in.done());
    ASSERT_EQ(saved(copy), bytes);
    for (int i = 0; i < 150; ++i) {
      const Act act = any_act(random, 30);
      act.apply(groups);
      act.apply(copy);
      ASSERT_EQ(groups.take_changes(), copy.take_changes()) << "seed " << seed << " step " << i;
    }
    ASSERT_EQ(saved(copy), saved(groups));
  }
}

TEST(Groups, cut_snapshots_are_refused) {
  std::mt19937_64 random(5);
  Groups groups;
  for (int i = 0; i < 60; ++i) {
    any_act(random, 12).apply(groups);
  }
  const std::string bytes = saved(groups);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Groups copy;
    ByteReader in(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(copy.load(in)) << size;
  }
}

}  // namespace
}  // namespace marktwacht
