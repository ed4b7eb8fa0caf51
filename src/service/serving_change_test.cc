// The configuration read anew: what changes at once, and what is named as needing a restart.
#include <algorithm>

#include "service/serving_twin.h"

namespace marktwacht {
namespace {

using ServingChange = ServingTest;

TEST_F(ServingChange, WhatNeedsARestartIsNamed) {
  add_user("ada", UserRole::administrator);
  start();
  EXPECT_EQ(serving->change(options).value(), std::vector<std::string>{});
  ServingOptions wanted = options;
  wanted.canary.hour = 7;
  wanted.sources.silence_max = Duration{5 * second.ns};
  wanted.sources.silence_max_of["feed"] = Duration{9 * second.ns};
  wanted.sources.gap_alarm = Duration{7 * second.ns};
  wanted.filer.venue_name = "X";
  wanted.filer.contact_name = "Y";
  wanted.filer.crypto_assets.emplace_back().asset = "BTC";
  const std::vector<std::string> named = {
      "canary_hour", "source_silence_s_max", "source_silence_s_max_of",
      "gap_alarm_s", "venue_name",           "stor_contact_name",
      "crypto_asset"};
  EXPECT_EQ(serving->change(wanted).value(), named);
}

TEST_F(ServingChange, OnAFullDiskLessCanBeAskedFor) {
  add_user("ada", UserRole::administrator);
  options.service.free_bytes_min = 1ULL << 60;
  start();
  Caller ada = person("ada");
  EXPECT_EQ(ada.decide("publish_policy", R"(,"text":"x")").status, 503);
  ServingOptions wanted = options;
  wanted.service.free_bytes_min = 1ULL << 59;
  EXPECT_FALSE(serving->change(wanted).has_value());
  wanted.service.free_bytes_min = 0;
  const auto changed = serving->change(wanted);
  ASSERT_TRUE(changed) << changed.error();
  EXPECT_EQ(serving->service().status().failed, "");
  EXPECT_NE(ada.decide("publish_policy", R"(,"text":"x")").status, 503);
}

}  // namespace
}  // namespace marktwacht
