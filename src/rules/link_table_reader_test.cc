// The table of weights as text: the shipped file, and what is refused.
#include "rules/link_table_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace marktwacht {
namespace {

std::string errors_of(std::string_view text) {
  const auto table = read_link_table(text);
  std::string all;
  for (const LinkTableError& error : table ? std::vector<LinkTableError>{} : table.error()) {
    all += std::to_string(error.line) + ": " + error.what + "\n";
  }
  return all;
}

TEST(LinkTableReaderTest, TheShippedFileShowsEveryDefault) {
  std::ostringstream text;
  text << std::ifstream(MARKTWACHT_SOURCE_DIR "/config/links.toml").rdbuf();
  const auto table = read_link_table(text.str());
  ASSERT_TRUE(table) << errors_of(text.str());
  EXPECT_EQ(*table, default_link_table);
  for (std::size_t i = 0; i < shared_kinds; ++i) {
    const std::string section = "\n[" + std::string(word_of(static_cast<SharedKind>(i))) + "]";
    EXPECT_NE(text.str().find(section), std::string::npos) << section;
  }
}

TEST(LinkTableReaderTest, WhatIsNotSaidHasItsDefault) {
  const auto table = read_link_table(
      "link_min = 8000\nmemory_days = { network = 7 }\n"
      "[ip]\nweights = [9000]\n");
  ASSERT_TRUE(table);
  LinkTable expected = default_link_table;
  expected.link_min = 8'000;
  expected.memory[static_cast<std::size_t>(EvidenceKind::network)] = {7 * day.ns};
  expected.shared[static_cast<std::size_t>(SharedKind::ip)].weights = {9'000};
  EXPECT_EQ(*table, expected);
}

TEST(LinkTableReaderTest, AllErrorsAtOnceWithTheirLines) {
  EXPECT_EQ(errors_of("prior = 0.5\n"
                      "odds = 3\n"
                      "[device]\n"
                      "degree_cut = -1\n"
                      "weights = [1000, 2000]\n"
                      "colour = 1\n"
                      "[memory_days]\n"
                      "device = 0\n"
                      "referral = 3\n"),
            "1: prior must be a whole number from -1000000 to 1000000\n"
            "2: unknown key \"odds\"; allowed: prior, link_min, suspect_min, group_max, "
            "referral_burst_s, memory_days, device, address, tx_sent, tx_received, transfer, ip, "
            "subnet, user_agent, referrer, lockstep, returned\n"
            "4: device: degree_cut must be a whole number from 0 to 1000\n"
            "5: device: the more common a value, the less it says: weights must not rise\n"
            "6: device: unknown key \"colour\"; allowed: degree_cut, weights\n"
            "8: device must be a whole number from 1 to 36500\n"
            "9: memory_days: unknown key \"referral\"; allowed: device, funds, network, "
            "lockstep\n");
  EXPECT_NE(errors_of("prior = = 1"), "");
}

TEST(LinkTableReaderTest, WeakEvidenceAloneMustNotLink) {
  EXPECT_NE(errors_of("[ip]\nweights = [16000]\n").find("weak evidence alone never makes a link"),
            std::string::npos);
  EXPECT_NE(errors_of("[lockstep]\nweights = [25000]\n").find("lockstep alone never makes a link"),
            std::string::npos);
  EXPECT_NE(errors_of("suspect_min = 5000\n").find("suspect_min below link_min"),
            std::string::npos);
}

}  // namespace
}  // namespace marktwacht
