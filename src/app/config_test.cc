// The configuration: the shipped example says every default; files that it names are checked.
#include "app/config.h"

#include <gtest/gtest.h>

#include "app/binary_twin.h"

namespace marktwacht {
namespace {

TEST(ConfigTest, TheShippedExampleSaysTheDefaults) {
  const auto config = load_config(MARKTWACHT_SOURCE_DIR "/config/marktwacht.toml");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->trading_day_start, Config{}.trading_day_start);
  EXPECT_EQ(config->jump_max, Config{}.jump_max);
  EXPECT_EQ(config->journal_signing_key_file, "");
  EXPECT_EQ(config->links_text, "");
  EXPECT_EQ(config->policy_text, "");
}

TEST(ConfigTest, APolicyIsTakenAsItsText) {
  const TestFolder folder;
  const std::string text = "automatic = true\nmemory_days = 90  # a quarter\n";
  const std::string policy = folder.write("policy.toml", text);
  const auto config = load_config(folder.write("c.toml", "policy_file = \"" + policy + "\"\n"));
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->policy_text, text);
}

TEST(ConfigTest, APolicyWithErrorsIsRefusedWithAllOfThem) {
  const TestFolder folder;
  const std::string policy =
      folder.write("policy.toml", "memory_days = 0\nmany_accounts = 21\nmercy = 1\n");
  const std::string file = folder.write("c.toml", "\npolicy_file = \"" + policy + "\"\n");
  const auto config = load_config(file);
  ASSERT_FALSE(config);
  EXPECT_TRUE(config.error().starts_with(
      file + ":2: policy_file names a file with errors:\n" + policy +
      ":1: memory_days must be a whole number from 1 to 3650\n" + policy +
      ":2: many_accounts must be a whole number from 1 to 20\n" + policy +
      ":3: unknown key \"mercy\"; allowed: automatic, "))
      << config.error();
  const auto missing = load_config(folder.write("d.toml", "policy_file = \"/nowhere.toml\"\n"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().find("policy_file cannot be read: /nowhere.toml"), std::string::npos);
}

}  // namespace
}  // namespace marktwacht
