// What must not be linked (docs/links.md), and what must; what the table of weights has to hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "links/links.h"

namespace marktwacht {
namespace {

constexpr Time start{1'700'000'000'000'000'000};

AccountIndex account(std::uint32_t value) { return AccountIndex{value}; }
std::string number(std::uint32_t value) { return std::to_string(value); }

std::size_t linked_accounts(const Links& links, std::uint32_t accounts) {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < accounts; ++i) {
    count += links.groups().group(account(i)).exists() ? 1 : 0;
  }
  return count;
}

// Everybody on a device of their own, from the address.
void log_in_all(Links& links, std::uint32_t accounts, std::string_view ip) {
  for (std::uint32_t i = 0; i < accounts; ++i) {
    links.log_in({account(i), ip, "device of " + number(i), "browser", start});
  }
}

TEST(LookAlikes, an_office_of_200_behind_one_address) {
  Links links;
  log_in_all(links, 200, "203.0.113.9");
  EXPECT_EQ(linked_accounts(links, 200), 0U);
  EXPECT_TRUE(links.suspects(account(7)).empty());
  const auto stars = links.evidence().stars();
  ASSERT_EQ(stars.size(), 2U);  // the address and its subnet
  EXPECT_EQ(stars[0].what, SharedKind::ip);
  EXPECT_EQ(stars[0].degree, 200U);
  EXPECT_EQ(links.evidence().star_accounts(stars[0]).size(), 200U);
  // Two of them are one hand all the same.
  links.log_in({account(7), "", "a phone", "", start});
  links.log_in({account(8), "", "a phone", "", start});
  EXPECT_EQ(linked_accounts(links, 200), 2U);
}

TEST(LookAlikes, an_office_while_it_is_small) {
  for (const std::uint32_t accounts : {2U, 3U, 5U, 8U, 16U}) {
    Links links;
    log_in_all(links, accounts, "203.0.113.9");
    EXPECT_EQ(linked_accounts(links, accounts), 0U) << accounts;
    EXPECT_TRUE(links.suspects(account(0)).empty()) << accounts;
  }
}

TEST(LookAlikes, a_mobile_carriers_nat_with_50000_accounts) {
  Links links;
  log_in_all(links, 50'000, "198.51.100.1");
  EXPECT_EQ(linked_accounts(links, 50'000), 0U);
  EXPECT_EQ(links.evidence().stars()[0].degree, 50'000U);
}

TEST(LookAlikes, a_family_on_one_network_with_devices_and_funds_of_their_own) {
  Links links;
  log_in_all(links, 4, "2001:db8:1:2::7");
  for (std::uint32_t i = 0; i < 4; ++i) {
    links.see_address(account(i), "wallet of " + number(i), start);
    links.set_referral(account(i), account(0), Time{start.ns + i * day.ns});
  }
  EXPECT_EQ(linked_accounts(links, 4), 0U);
  EXPECT_TRUE(links.suspects(account(0)).empty());
}

TEST(LookAlikes, the_hot_wallet_of_another_exchange) {
  Links labelled;
  for (std::uint32_t i = 0; i < 7; ++i) {
    labelled.see_address(account(i), "hot wallet", start);
  }
  EXPECT_EQ(linked_accounts(labelled, 7),
            7U);  // nothing tells it from a common wallet yet
  labelled.label_address("hot wallet");
  EXPECT_EQ(linked_accounts(labelled, 7), 0U);
  EXPECT_TRUE(labelled.evidence().stars().empty());

  Links discovered;
  for (std::uint32_t i = 0; i < 21; ++i) {
    discovered.see_address(account(i), "hot wallet", start);
  }
  EXPECT_EQ(linked_accounts(discovered, 21),
            0U);  // those who were linked included
  const auto stars = discovered.evidence().stars();
  ASSERT_EQ(stars.size(), 1U);
  EXPECT_EQ(stars[0].what, SharedKind::address);
  EXPECT_EQ(stars[0].value, "hot wallet");
  EXPECT_EQ(discovered.evidence().star_accounts(stars[0]).size(), 21U);
}

TEST(LookAlikes, a_brokers_10000_clients) {
  constexpr std::uint32_t clients = 10'000;
  Links links;
  links.set_links_nobody(account(0), true);
  for (std::uint32_t i = 1; i <= clients; ++i) {
    links.set_master(account(i), account(0));
    links.transfer(account(0), account(i), start);
    links.see_address(account(i), "the broker's wallet", start);
    links.log_in({account(i), "203.0.113.9", "", "the broker's terminal", start});
    if (i == 3) {
      links.label_address("the broker's wallet");
      EXPECT_EQ(linked_accounts(links, 4), 0U) << "also while it is small";
    }
  }
  EXPECT_EQ(linked_accounts(links, clients + 1), 0U);
}

TEST(LookAlikes, one_who_pays_many) {
  Links links;
  for (std::uint32_t i = 1; i <= 8; ++i) {
    links.transfer(account(0), account(i), start);
  }
  EXPECT_EQ(linked_accounts(links, 10), 0U) << "eight counterparties: suspected";
  EXPECT_EQ(links.suspects(account(0)).size(), 8U);
  links.transfer(account(0), account(9), start);
  EXPECT_TRUE(links.suspects(account(0)).empty());
  ASSERT_EQ(links.evidence().stars().size(), 1U);
  EXPECT_EQ(links.evidence().star_accounts(links.evidence().stars()[0]).size(), 10U);
}

TEST(LookAlikes, friends_who_pay_each_other_one_way) {
  Links links;
  for (std::uint32_t i = 0; i < 5; ++i) {
    links.transfer(account(i), account(i + 1), start);
    links.transfer(account(i), account(i + 1), start);
  }
  EXPECT_EQ(linked_accounts(links, 6), 0U);
}

TEST(LookAlikes, readers_of_one_promoter) {
  Links links;
  for (std::uint32_t i = 1; i <= 51; ++i) {
    links.set_referral(account(i), account(0), Time{start.ns + i * second.ns});
    EXPECT_EQ(linked_accounts(links, 52), 0U);
  }
  EXPECT_TRUE(links.suspects(account(1)).empty());
}

TEST(LookAlikes, weak_signs_together_are_a_suspicion_and_no_more) {
  Links links;
  log_in_all(links, 2, "203.0.113.9");
  for (std::uint32_t i = 0; i < 2; ++i) {
    links.set_referral(account(i), account(9), Time{start.ns + i * 600 * second.ns});
  }
  EXPECT_EQ(linked_accounts(links, 2), 0U);
  EXPECT_EQ(links.suspects(account(0)), std::vector{account(1)});
}

TEST(LinkTable, holds_what_the_page_claims) {
  const auto most = [](SharedKind what) { return default_link_table.of(what).weight(2); };
  const std::int32_t prior = default_link_table.prior;
  for (const SharedKind what : {SharedKind::device, SharedKind::address, SharedKind::tx_sent,
                                SharedKind::tx_received, SharedKind::returned}) {
    EXPECT_GE(prior + most(what), default_link_table.link_min) << word_of(what);
  }
  // A payment alone is a suspicion; lockstep says nothing unless it is turned on.
  EXPECT_GE(prior + most(SharedKind::transfer), default_link_table.suspect_min);
  EXPECT_LT(prior + most(SharedKind::transfer), default_link_table.link_min);
  EXPECT_EQ(most(SharedKind::lockstep), 0);
  std::int32_t weak = 0, network = 0;
  for (const SharedKind what : {SharedKind::ip, SharedKind::subnet, SharedKind::user_agent}) {
    EXPECT_LE(most(what), most(SharedKind::ip));
    network = std::max(network, most(what));
  }
  weak = network + most(SharedKind::referrer);
  EXPECT_LT(prior + network, default_link_table.suspect_min);
  EXPECT_LT(prior + most(SharedKind::referrer), default_link_table.suspect_min);
  EXPECT_GE(prior + weak, default_link_table.suspect_min);
  EXPECT_LT(prior + weak, default_link_table.link_min);  // evidence.cc relies on this
  EXPECT_LT(default_link_table.suspect_min, default_link_table.link_min);
}

TEST(LinkTable, the_more_common_a_value_the_less_it_says) {
  for (std::size_t i = 0; i < shared_kinds; ++i) {
    const SharedWeights& of = default_link_table.shared[i];
    EXPECT_EQ(of.weight(0), 0);
    EXPECT_EQ(of.weight(1), 0);
    for (std::uint32_t degree = 2; degree <= of.degree_cut; ++degree) {
      EXPECT_EQ(of.weight(degree) > 0, static_cast<SharedKind>(i) != SharedKind::lockstep)
          << i << " " << degree;
      EXPECT_LE(of.weight(degree + 1), of.weight(degree)) << i << " " << degree;
    }
    EXPECT_EQ(of.weight(of.degree_cut + 1), 0);
  }
  const auto cut = [](SharedKind what) { return default_link_table.of(what).degree_cut; };
  EXPECT_EQ(cut(SharedKind::device), 8U);
  EXPECT_EQ(cut(SharedKind::address), 20U);
  EXPECT_EQ(cut(SharedKind::transfer), 8U + 1);
  EXPECT_EQ(cut(SharedKind::ip), 16U);
  EXPECT_EQ(cut(SharedKind::referrer), 50U);
}

TEST(LinkTable, probability_is_that_of_the_odds) {
  EXPECT_EQ(probability_ppm(0), 500'000U);
  EXPECT_EQ(probability_ppm(1'000), 666'667U);
  EXPECT_EQ(probability_ppm(-1'000), 333'333U);
  EXPECT_EQ(probability_ppm(5'000), 969'697U);
  EXPECT_EQ(probability_ppm(-20'000), 1U);
  EXPECT_EQ(probability_ppm(60'000), 999'999U);
  EXPECT_EQ(probability_ppm(-60'000), 1U);
}

}  // namespace
}  // namespace marktwacht
