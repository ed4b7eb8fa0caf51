// Links: random evidence against the slow twin; order; expiry; what people decide.
#include "links/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "base/token.h"
#include "links/links_twin.h"

namespace marktwacht {
namespace {

using Sets = std::vector<LinksTwin::Set>;

constexpr Time start{1'700'000'000'000'000'000};

AccountIndex account(std::uint32_t value) { return AccountIndex{value}; }
AccountPair pair_of(std::uint32_t a, std::uint32_t b) {
  return AccountPair::of(account(a), account(b));
}
Time after(std::int64_t days) { return {start.ns + days * day.ns}; }

Sets partition(const Links& links, std::uint32_t accounts) {
  std::map<GroupIndex, LinksTwin::Set> parts;
  for (std::uint32_t i = 0; i < accounts; ++i) {
    if (const GroupIndex group = links.groups().group(account(i)); group.exists()) {
      parts[group].insert(i);
    }
  }
  Sets all;
  for (const auto& [group, part] : parts) {
    all.push_back(part);
  }
  std::ranges::sort(all);
  return all;
}

bool same_group(const Links& links, std::uint32_t a, std::uint32_t b) {
  return links.groups().same_group(account(a), account(b));
}

void log_in(Links& links, std::uint32_t of, std::string_view ip, std::string_view device,
            Time now = start) {
  links.log_in({account(of), ip, device, "", now});
}

void pay_to_and_fro(Links& links, std::uint32_t a, std::uint32_t b, Time now) {
  links.transfer(account(a), account(b), now);
  links.transfer(account(b), account(a), now);
}

std::string saved(const Links& links) {
  std::string bytes;
  ByteWriter out(bytes);
  links.save(out);
  return bytes;
}

// One statement, for both.
struct Act {
  enum class Kind {
    see,
    login,  // from `value`, by the device and the browser that `number` says
    transfer,
    referral,
    nobody,
    label,
    person,
    confirm,
    refuse,
    pass
  } kind{};
  SharedKind what{};
  std::string value;
  std::uint32_t a = 0, b = 0;
  std::int64_t number = 0;

  void apply(Links& links, Time now) const {
    switch (kind) {
      case Kind::see:
        return see(links, now);
      case Kind::login:
        return log_in(links, {account(a), value, device(), user_agent(), now});
      case Kind::transfer:
        return links.transfer(account(a), account(b), now);
      case Kind::referral:
        return links.set_referral(account(a), account(b), Time{number});
      case Kind::nobody:
        return links.set_links_nobody(account(a), number != 0);
      case Kind::label:
        return links.label_address(value);
      case Kind::person:
        return links.set_person(account(a), make_text(value));
      case Kind::confirm:
        return a == b ? void() : links.confirm(pair_of(a, b));
      case Kind::refuse:
        return a == b ? void() : links.refuse(pair_of(a, b));
      case Kind::pass:
        return;
    }
  }

  // After looks ahead, one of them at what has changed since.
  static void log_in(Links& links, const Links::Login& login) {
    static Links::Coming coming;
    using enum Links::Look;
    for (const Links::Look look : {pieces, row, usual, values}) {
      links.look_ahead(look, login, coming);
    }
    links.log_in(login);
  }

  void apply(LinksTwin& twin, Time now) const {
    switch (kind) {
      case Kind::see:
        if (what == SharedKind::ip) {  // a login says the subnet too
          const std::string subnet = value.substr(0, value.rfind('.')) + "/24";
          twin.see(SharedKind::subnet, subnet, a, now);
        }
        return twin.see(what, value, a, now);
      case Kind::login:
        twin.see(SharedKind::device, device(), a, now);
        twin.see(SharedKind::ip, value, a, now);
        twin.see(SharedKind::subnet, value.substr(0, value.rfind('.')) + "/24", a, now);
        return twin.see(SharedKind::user_agent, user_agent(), a, now);
      case Kind::transfer:
        return twin.transfer(a, b, now);
      case Kind::referral:
        return twin.set_referral(a, b, Time{number});
      case Kind::nobody:
        return twin.set_links_nobody(a, number != 0);
      case Kind::label:
        return twin.label_address(value);
      case Kind::person:
        return twin.set_person(a, value);
      case Kind::confirm:
        return a == b ? void() : twin.confirm(a, b);
      case Kind::refuse:
        return a == b ? void() : twin.refuse(a, b);
      case Kind::pass:
        return;
    }
  }

 private:
  std::string device() const { return "d" + std::to_string(number / 2); }
  std::string user_agent() const { return "b" + std::to_string(number % 2); }
  void see(Links& links, Time now) const {
    switch (what) {
      case SharedKind::device:
        return links.log_in({account(a), "", value, "", now});
      case SharedKind::ip:
        return links.log_in({account(a), value, "", "", now});
      case SharedKind::user_agent:
        return links.log_in({account(a), "", "", value, now});
      case SharedKind::tx_sent:
        return links.send_by(account(a), value, now);
      case SharedKind::tx_received:
        return links.receive_by(account(a), value, now);
      default:
        return links.see_address(account(a), value, now);
    }
  }
};

// Values come from pools of several sizes, so that some stay below their cuts and some do not.
Act any_act(std::mt19937_64& random, std::uint32_t accounts) {
  const auto any = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  Act act;
  act.a = any(accounts);
  act.b = any(accounts);
  const std::string value = std::to_string(any(4) == 0 ? any(2) : any(accounts / 2 + 3));
  const std::uint32_t drawn = any(48);
  if (drawn < 24) {
    constexpr SharedKind kinds[] = {SharedKind::device,      SharedKind::address,
                                    SharedKind::ip,          SharedKind::tx_sent,
                                    SharedKind::tx_received, SharedKind::user_agent};
    act.kind = Act::Kind::see;
    act.what = kinds[any(6)];
    act.value =
        act.what == SharedKind::ip ? "10.0." + std::to_string(any(3)) + "." + value : "v" + value;
  } else if (drawn < 29) {
    act.kind = Act::Kind::transfer;
    act.b = any(3) == 0 ? 0 : act.b;
    if (any(2) == 0) {
      std::swap(act.a, act.b);
    }
  } else if (drawn < 32) {
    act.kind = Act::Kind::referral;
    act.b = any(3);
    act.number = start.ns + any(5) * 1'000 * second.ns;
  } else if (drawn < 38) {
    constexpr Act::Kind kinds[] = {Act::Kind::nobody, Act::Kind::label,   Act::Kind::person,
                                   Act::Kind::person, Act::Kind::confirm, Act::Kind::refuse};
    act.kind = kinds[drawn - 32];
    act.number = any(2);
    act.value = act.kind == Act::Kind::person ? "p" + value : "v" + value;
  } else if (drawn < 40) {
    act.kind = Act::Kind::pass;
    act.number = any(40);
  } else {  // mostly as usual
    act.kind = Act::Kind::login;
    const std::uint32_t odd = any(3) == 0 ? any(4) : 0;
    act.value = "10.0." + std::to_string(act.a % 3) + "." + std::to_string(act.a / 2 + odd % 2);
    act.number = act.a / 2 * 2 + odd / 2;
  }
  return act;
}

// Time passes in both; each piece goes when it is due.
void pass(Links& links, LinksTwin& twin, Time& now, std::int64_t days) {
  now = now + Duration{days * day.ns};
  for (Time due = links.next_due(); is_due(due, now); due = links.next_due()) {
    links.expire(due);
  }
  twin.expire(now);
}

// Other numbers, within what link_table_reader.cc allows.
LinkTable some_table(std::uint32_t number) {
  LinkTable table = default_link_table;
  if (number == 1) {
    table.link_min = 2'500;
    table.memory = {Duration{10 * day.ns}, Duration{20 * day.ns}, Duration{5 * day.ns}, {}};
    table.shared[static_cast<std::size_t>(SharedKind::transfer)] = {30, {23'000, 22'600}};
    table.shared[static_cast<std::size_t>(SharedKind::device)] = {2, {30'000}};
  } else if (number == 2) {
    table.link_min = 12'000;
    table.suspect_min = 9'000;
    table.referral_burst = {day.ns};
    table.shared[static_cast<std::size_t>(SharedKind::address)] = {3, {33'000, 1'000}};
    table.shared[static_cast<std::size_t>(SharedKind::ip)] = {4, {9'000, 8'000}};
  }
  return table;
}

using Star = std::tuple<SharedKind, std::string, std::uint32_t, std::int64_t>;

Star as_tuple(const SharedStar& star) {
  return {star.what, star.value, star.degree, star.since.ns};
}

std::vector<Star> stars_of(const Links& links, std::uint32_t account) {
  std::vector<Star> stars;
  for (const SharedStar& star : links.evidence().stars_of({account})) {
    stars.push_back(as_tuple(star));
  }
  return stars;
}

// The slow way: of all stars those whose accounts it is among.
std::vector<Star> stars_with(const Links& links, std::uint32_t account) {
  std::vector<Star> stars;
  for (const SharedStar& star : links.evidence().stars()) {
    if (std::ranges::binary_search(links.evidence().star_accounts(star), AccountIndex{account})) {
      stars.push_back(as_tuple(star));
    }
  }
  return stars;
}

TEST(Links, random_evidence_agrees_with_the_twin) {
  std::uint64_t linked = 0, apart = 0, over_cuts = 0, own_stars = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    std::mt19937_64 random(seed);
    const std::uint32_t accounts = seed % 2 != 0 ? 10 : 26;
    Links links;
    LinksTwin twin;
    Time now = start;
    for (int i = 0; i < 400; ++i) {
      const Act act = any_act(random, accounts);
      if (act.kind == Act::Kind::pass) {
        pass(links, twin, now, act.number);
      }
      act.apply(links, now);
      act.apply(twin, now);
      if (i % 60 == 59) {
        twin.table = some_table(static_cast<std::uint32_t>(random() % 3));
        twin.expire(now);
        links.set_table(twin.table, now);
      }
      const Sets parts = partition(links, accounts);
      ASSERT_EQ(parts, twin.partition(accounts)) << "seed " << seed << " step " << i;
      const std::uint32_t a = act.a, b = (act.a + 1 + i % (accounts - 1)) % accounts;
      ASSERT_EQ(links.evidence().weigh(pair_of(a, b)).sum, twin.sum(a, b))
          << "seed " << seed << " step " << i;
      linked += parts.size();
      apart += parts.empty() ? 1 : 0;
      over_cuts += links.evidence().stars().size();
      const auto own = stars_of(links, a);
      ASSERT_EQ(own, stars_with(links, a)) << "seed " << seed << " step " << i;
      own_stars += own.size();
    }
  }
  EXPECT_GT(linked, 5'000U);
  EXPECT_GT(apart, 100U);
  EXPECT_GT(over_cuts, 500U);
  EXPECT_GT(own_stars, 500U);
}

TEST(Links, the_partition_depends_on_the_set_of_evidence_only) {
  constexpr std::uint32_t accounts = 40;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<Act> acts;
    std::set<std::pair<int, std::uint32_t>> stated;  // so that none replaces another
    while (acts.size() < 120) {
      const Act act = any_act(random, accounts);
      const bool replaces = act.kind == Act::Kind::referral || act.kind == Act::Kind::person ||
                            act.kind == Act::Kind::nobody;
      if (act.kind < Act::Kind::confirm && act.kind != Act::Kind::label &&
          (!replaces || stated.emplace(static_cast<int>(act.kind), act.a).second)) {
        acts.push_back(act);
      }
    }
    LinksTwin twin;
    for (const Act& act : acts) {
      act.apply(twin, start);
    }
    const Sets expected = twin.partition(accounts);
    for (int round = 0; round < 10; ++round) {
      std::shuffle(acts.begin(), acts.end(), random);
      Links links;
      for (const Act& act : acts) {
        act.apply(links, start);
      }
      ASSERT_EQ(partition(links, accounts), expected) << "seed " << seed;
    }
  }
}

TEST(Links, restored_copies_go_on_alike) {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    std::mt19937_64 random(seed);
    constexpr std::uint32_t accounts = 20;
    Links links, copy;
    LinksTwin twin, other_twin;
    Time now = start, other_now = start;
    const auto step = [&](Links& to, LinksTwin& by, Time& at, const Act& act, std::uint64_t seq) {
      if (act.kind == Act::Kind::pass) {
        pass(to, by, at, act.number);
      }
      act.apply(to, at);
      to.remember(at, seq);
    };
    for (std::uint64_t i = 0; i < 250; ++i) {
      step(links, twin, now, any_act(random, accounts), i);
    }
    links.take_changes();
    const std::string bytes = saved(links);
    ByteReader in(bytes);
    ASSERT_TRUE(copy.load(in, {accounts, 0}));
    EXPECT_TRUE(in.done());
    ASSERT_EQ(saved(copy), bytes);
    other_now = now;
    for (std::uint64_t i = 250; i < 500; ++i) {
      const Act act = any_act(random, accounts);
      step(links, twin, now, act, i);
      step(copy, other_twin, other_now, act, i);
      ASSERT_EQ(links.take_changes(), copy.take_changes()) << "seed " << seed << " step " << i;
    }
    ASSERT_EQ(saved(copy), saved(links));
  }
}

TEST(Links, cut_snapshots_are_refused) {
  std::mt19937_64 random(7);
  Links links;
  for (std::uint64_t i = 0; i < 80; ++i) {
    any_act(random, 12).apply(links, start);
    links.remember(start, i);
  }
  const std::string bytes = saved(links);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Links copy;
    ByteReader in(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(copy.load(in, {12, 0})) << size;
  }
  Links copy;
  ByteReader in(bytes);
  EXPECT_FALSE(copy.load(in, {5, 0})) << "accounts that there are not";
}

TEST(Links, evidence_expires_from_its_creation) {
  Links links;
  links.see_address(account(1), "bc1", start);
  links.see_address(account(2), "bc1", after(100));
  log_in(links, 1, "", "phone", after(100));
  log_in(links, 2, "", "phone", after(101));
  ASSERT_TRUE(same_group(links, 1, 2));
  links.see_address(account(1), "bc1", after(300));  // said again: no later end
  EXPECT_EQ(links.evidence().since(SharedKind::address, "bc1", account(1)), start);
  EXPECT_EQ(links.evidence().since(SharedKind::address, "bc1", account(3)), std::nullopt);
  EXPECT_EQ(links.evidence().since(SharedKind::device, "bc1", account(1)), std::nullopt);
  EXPECT_EQ(links.evidence().degree(SharedKind::address, "bc1"), 2U);
  EXPECT_EQ(links.next_due(), after(280));  // the phone of 1
  links.expire(after(280));
  EXPECT_TRUE(same_group(links, 1, 2));
  EXPECT_EQ(links.next_due(), after(281));
  links.expire(after(281));
  EXPECT_EQ(links.next_due(), after(365));
  links.expire(Time{after(365).ns - 1});
  EXPECT_TRUE(same_group(links, 1, 2));
  links.expire(after(365));
  EXPECT_FALSE(same_group(links, 1, 2));
  EXPECT_EQ(links.next_due(), after(465));
  links.expire(after(465));
  EXPECT_EQ(links.next_due(), never);
  EXPECT_EQ(links.evidence().pieces(), 0U);
  EXPECT_EQ(links.evidence().values(), 0U);
  EXPECT_EQ(links.evidence().since(SharedKind::address, "bc1", account(1)), std::nullopt);
  EXPECT_EQ(links.evidence().degree(SharedKind::address, "bc1"), 0U);
}

// A login as usual is not looked up; the subnet was known before the address, and goes before it.
TEST(Links, a_usual_login_says_its_subnet_anew) {
  Links links;
  const auto expire_until = [&](Time now) {
    for (Time due = links.next_due(); is_due(due, now); due = links.next_due()) {
      links.expire(due);
    }
  };
  const auto since_subnet = [&] {
    return links.evidence().since(SharedKind::subnet, "10.1.2/24", account(1));
  };
  log_in(links, 1, "10.1.2.7", "phone", after(0));
  for (int i = 0; i < 9; ++i) {
    log_in(links, 1, "10.1.2.8", "phone", after(20));
  }
  EXPECT_EQ(since_subnet(), after(0));
  for (const std::int64_t day : {29, 31, 49, 51}) {
    expire_until(after(day));
    log_in(links, 1, "10.1.2.8", "phone", after(day));
    EXPECT_EQ(since_subnet(), after(day < 31 ? 0 : 31)) << day;
    const auto address = links.evidence().since(SharedKind::ip, "10.1.2.8", account(1));
    EXPECT_EQ(address, after(day < 51 ? 20 : 51)) << day;
  }
}

TEST(Links, what_stands_behind_a_confirmed_link_does_not_expire) {
  Links links;
  log_in(links, 1, "", "phone");
  log_in(links, 2, "", "phone");
  log_in(links, 3, "", "phone");
  links.confirm(pair_of(1, 2));
  links.expire(after(400));
  EXPECT_TRUE(same_group(links, 1, 2));
  EXPECT_FALSE(same_group(links, 1, 3));
  ASSERT_EQ(links.why(pair_of(1, 2)).shared.size(), 1U);
  EXPECT_EQ(links.why(pair_of(1, 2)).shared[0].value, "phone");
  links.confirm(pair_of(5, 6));  // with nothing but a person's word
  EXPECT_TRUE(same_group(links, 5, 6));
  links.refuse(pair_of(5, 6));
  EXPECT_FALSE(same_group(links, 5, 6));
}

TEST(Links, a_refused_pair_stays_apart_until_there_is_another_kind_of_evidence) {
  Links links;
  log_in(links, 1, "", "phone");
  log_in(links, 2, "", "phone");
  links.refuse(pair_of(1, 2));
  EXPECT_FALSE(same_group(links, 1, 2));
  log_in(links, 1, "", "tablet", after(1));
  log_in(links, 2, "", "tablet", after(1));
  EXPECT_FALSE(same_group(links, 1, 2));
  links.transfer(account(1), account(2), after(2));
  EXPECT_TRUE(same_group(links, 1, 2));
  links.refuse(pair_of(1, 2));
  EXPECT_FALSE(same_group(links, 1, 2));
  links.confirm(pair_of(1, 2));
  EXPECT_TRUE(same_group(links, 1, 2));
}

TEST(Links, money_that_comes_back_links_and_money_that_does_not_is_a_suspicion) {
  Links links;
  links.transfer(account(1), account(2), start);
  links.transfer(account(1), account(2), after(1));
  EXPECT_EQ(links.why(pair_of(1, 2)).state, PairState::suspected);
  links.transfer(account(2), account(1), after(100));
  EXPECT_EQ(links.why(pair_of(1, 2)).state, PairState::linked);
  links.expire(after(365));  // what was paid first
  EXPECT_EQ(links.why(pair_of(1, 2)).state, PairState::apart);
  links.transfer(account(1), account(2), after(366));
  EXPECT_EQ(links.why(pair_of(1, 2)).state, PairState::linked);
  // With one address in common one way is enough.
  links.transfer(account(3), account(4), after(366));
  log_in(links, 3, "203.0.113.9", "", after(366));
  log_in(links, 4, "203.0.113.9", "", after(366));
  EXPECT_EQ(links.why(pair_of(3, 4)).state, PairState::linked);
}

TEST(Links, a_transaction_links_who_sent_with_who_received) {
  Links links;
  links.send_by(account(1), "tx", start);
  links.send_by(account(1), "batch", start);
  links.send_by(account(2), "batch", start);
  EXPECT_EQ(links.groups().size(), 0U);
  links.receive_by(account(3), "tx", start);
  EXPECT_TRUE(same_group(links, 1, 3));
  links.receive_by(account(4), "batch",
                   start);  // from one of two: which is not known
  EXPECT_FALSE(same_group(links, 1, 4));
  EXPECT_EQ(links.why(pair_of(2, 4)).state, PairState::suspected);
  EXPECT_EQ(links.suspects(account(4)), (std::vector{account(1), account(2)}));
}

TEST(Links, why_path_and_history) {
  Links links;
  links.set_person(account(1), make_text("p"));
  links.set_person(account(2), make_text("p"));
  log_in(links, 2, "203.0.113.9", "phone");
  log_in(links, 3, "203.0.113.9", "phone");
  links.remember(start, 5);
  const Why why = links.why(pair_of(2, 3));
  EXPECT_EQ(why.state, PairState::linked);
  ASSERT_EQ(why.shared.size(), 3U);
  EXPECT_EQ(why.shared[0].what, SharedKind::device);
  EXPECT_EQ(why.shared[0].weight, 26'000);
  EXPECT_EQ(why.shared[1].what, SharedKind::ip);
  EXPECT_EQ(why.shared[1].value, "203.0.113.9");
  EXPECT_EQ(why.shared[2].value, "203.0.113/24");
  EXPECT_EQ(why.weighed.sum,
            -20'000 + 26'000 + 12'000);  // the subnet is not counted beside its ip
  EXPECT_TRUE(why.declared.empty());
  const Why declared = links.why(pair_of(1, 2));
  EXPECT_EQ(declared.state, PairState::linked);
  ASSERT_EQ(declared.declared.size(), 1U);
  EXPECT_EQ(links.groups().links().text(declared.declared[0]), "p");
  EXPECT_EQ(links.why(pair_of(1, 3)).state, PairState::apart);

  const auto path = links.path(account(1), account(3));
  ASSERT_EQ(path.size(), 2U);
  EXPECT_EQ(path[0].account, account(2));
  EXPECT_EQ(path[0].by.kind, LinkValue::Kind::person);
  EXPECT_EQ(path[1].account, account(3));
  EXPECT_EQ(path[1].by.kind, LinkValue::Kind::pair);
  EXPECT_TRUE(links.path(account(1), account(9)).empty());

  log_in(links, 8, "", "laptop", after(1));
  log_in(links, 9, "", "laptop", after(1));
  pay_to_and_fro(links, 9, 1, after(2));
  links.remember(after(2), 9);
  const auto history = links.history(links.groups().group(account(1)));
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[0].change.kind, GroupChange::Kind::formed);
  EXPECT_EQ(history[0].seq, 5U);
  EXPECT_EQ(history[1].change.kind, GroupChange::Kind::grew);
  EXPECT_EQ(history[2].change.kind, GroupChange::Kind::formed);
  EXPECT_EQ(history[3].change.kind, GroupChange::Kind::merged);
  EXPECT_EQ(history[3].at, after(2));
}

TEST(Links, tokens_link_as_what_they_stand_for) {
  const std::string_view ips[] = {"203.0.113.9",  "203.0.113.9",    "203.0.113.77",
                                  "198.51.100.9", "not an address", "not an address"};
  Links plain, tokens;
  for (std::uint32_t i = 0; i < std::size(ips); ++i) {
    const std::string device = i < 3 ? "phone" : "pad";
    log_in(plain, i, ips[i], device);
    log_in(tokens, i, token_of("key", ips[i]), token_of("key", device));
  }
  plain.remember(start, std::size(ips));
  tokens.remember(start, std::size(ips));
  for (std::uint32_t a = 0; a < std::size(ips); ++a) {
    for (std::uint32_t b = a + 1; b < std::size(ips); ++b) {
      const Why of_plain = plain.why(pair_of(a, b)), of_tokens = tokens.why(pair_of(a, b));
      EXPECT_EQ(of_plain.state, of_tokens.state) << a << " " << b;
      EXPECT_EQ(of_plain.weighed.sum, of_tokens.weighed.sum) << a << " " << b;
      EXPECT_EQ(of_plain.shared.size(), of_tokens.shared.size()) << a << " " << b;
    }
  }
  const Why near = tokens.why(pair_of(0, 2));  // one device, one /24
  ASSERT_EQ(near.shared.size(), 2U);
  EXPECT_EQ(near.shared[1].what, SharedKind::subnet);
  EXPECT_EQ(near.shared[1].value, network_of_token(token_of("key", ips[0])));
}

TEST(Links, a_group_that_hangs_on_one_edge_is_fragile) {
  Links links;
  for (const std::uint32_t of : {1U, 2U, 3U}) {
    log_in(links, of, "", "left");
    log_in(links, of + 10, "", "right");
  }
  EXPECT_FALSE(links.fragile(links.groups().group(account(1))));
  pay_to_and_fro(links, 3, 11, start);
  const GroupIndex group = links.groups().group(account(1));
  ASSERT_EQ(links.groups().members(group).size(), 6U);
  EXPECT_TRUE(links.fragile(group));
  // A second kind of evidence on the same edge makes it firm, and so does a person's word.
  log_in(links, 3, "203.0.113.9", "");
  log_in(links, 11, "203.0.113.9", "");
  EXPECT_FALSE(links.fragile(group));
  links.expire(after(31));
  EXPECT_TRUE(links.fragile(group));
  links.confirm(pair_of(3, 11));
  EXPECT_FALSE(links.fragile(group));
  links.refuse(pair_of(3, 11));
  pay_to_and_fro(links, 2, 12, after(31));
  EXPECT_TRUE(links.fragile(links.groups().group(account(1))));
  // Two edges are no bridge.
  pay_to_and_fro(links, 1, 13, after(31));
  EXPECT_FALSE(links.fragile(links.groups().group(account(1))));
}

TEST(Links, a_group_over_group_max_is_fragile) {
  Links links;
  std::vector<AccountIndex> list;
  for (std::uint32_t i = 0; i < default_link_table.group_max; ++i) {
    list.push_back(account(i));
  }
  links.declare(make_text("g"), list);
  EXPECT_FALSE(links.fragile(GroupIndex{0}));
  list.push_back(account(500));
  links.declare(make_text("g"), list);
  EXPECT_TRUE(links.fragile(GroupIndex{0}));
}

}  // namespace
}  // namespace marktwacht
