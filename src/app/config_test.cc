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
  EXPECT_EQ(config->source_silence_max, Config{}.source_silence_max);
  EXPECT_TRUE(config->source_silence_max_of.empty());
  EXPECT_EQ(config->gap_alarm, Config{}.gap_alarm);
  EXPECT_EQ(config->canary_hour, Config{}.canary_hour);
}

TEST(ConfigTest, EachSourceMayHaveASilenceOfItsOwn) {
  const TestFolder folder;
  const auto config = load_config(folder.write(
      "c.toml", "source_silence_s_max_of = { \"gateway\" = 5, nightly-kyc = 90000 }\n"));
  ASSERT_TRUE(config) << config.error();
  ASSERT_EQ(config->source_silence_max_of.size(), 2u);
  EXPECT_EQ(config->source_silence_max_of.at("gateway"), Duration{5 * second.ns});
  const std::string file =
      folder.write("d.toml", "canary_hour = 24\nsource_silence_s_max_of = { gateway = -1 }\n");
  const auto wrong = load_config(file);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error(),
            file + ":1: canary_hour must be a whole number, -1 to 23\n" + file +
                ":2: source_silence_s_max_of of \"gateway\" must be a whole number, 0 to 31622400");
}

// The codes are checked, so that a report does not go out with a slip of the pen.
TEST(ConfigTest, WhoReportsAndOfWhat) {
  const TestFolder folder;
  const auto config = load_config(folder.write(
      "c.toml",
      "venue_lei = \"529900T8BM49AURSDO55\"\nvenue_mic = \"XTST\"\nvenue_country = \"AT\"\n"
      "[[crypto_asset]]\nasset = \"BTC\"\nname = \"Bitcoin\"\ndti = \"4H95J0R2X\"\nkind = "
      "\"other\"\n"
      "[[crypto_asset]]\nasset = \"EUR\"\nname = \"Euro\"\nkind = \"currency\"\n"));
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->filer.venue_mic, "XTST");
  ASSERT_EQ(config->filer.crypto_assets.size(), 2U);
  EXPECT_EQ(config->filer.crypto_assets[0].dti, "4H95J0R2X");

  for (const auto& [line, error] :
       {std::pair("venue_lei = \"529900T8BM49AURSDO56\"", "venue_lei must be empty or an LEI"),
        {"venue_lei = \"529900T8\"", "venue_lei must be empty or an LEI"},
        {"venue_mic = \"xtst\"", "venue_mic must be empty or a MIC"},
        {"venue_country = \"Austria\"", "venue_country must be empty or a country"},
        {"venue_country = \"XX\"", "venue_country must be empty or a country"},
        {"crypto_asset = \"BTC\"", "crypto_asset must be written as tables"},
        {"[[crypto_asset]]\nasset = \"BTC\"", "line 1: asset and name are needed"},
        {"[[crypto_asset]]\nasset = \"B\"\nname = \"B\"",
         "kind must be art, emt, other or currency"},
        {"[[crypto_asset]]\nasset = \"B\"\nname = \"B\"\nkind = \"art\"\ndti = \"x\"",
         "dti must be"},
        {"[[crypto_asset]]\ncoin = \"B\"", "line 2: unknown key \"coin\""}}) {
    const auto bad = load_config(folder.write("d.toml", std::string(line) + "\n"));
    ASSERT_FALSE(bad) << line;
    EXPECT_NE(bad.error().find(error), std::string::npos) << bad.error();
  }
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
