// What every detector of the catalogue must state.
#include "detectors/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "detectors/trading_memory.h"

namespace marktwacht {
namespace {

TEST(CatalogueTest, EachStatesWhatItMust) {
  std::set<std::string_view> ids;
  TradingMemories memories;
  for (const CatalogueEntry& entry : catalogue()) {
    const DetectorSpec& spec = *entry.spec;
    SCOPED_TRACE(spec.id);
    EXPECT_TRUE(ids.insert(spec.id).second);
    EXPECT_EQ(find_detector(spec.id), &entry);
    EXPECT_TRUE(spec.claim.ends_with(".") && spec.claim.find('"') == spec.claim.npos);
    EXPECT_TRUE(std::regex_match(std::string(spec.clause), std::regex("2\\.[0-9]+")));
    EXPECT_TRUE(spec.hears.any());
    EXPECT_GT(spec.memory_max.ns, 0);
    EXPECT_GT(spec.quiet_max.ns, 0);
    EXPECT_GT(spec.entries_max, 0u);
    EXPECT_FALSE(spec.text_en.empty() || spec.text_de.empty());
    std::set<std::string_view> params;
    for (const ParamSpec& param : spec.params) {
      EXPECT_TRUE(params.insert(param.name).second) << param.name;
      EXPECT_TRUE(param.least <= param.value && param.value <= param.most) << param.name;
    }
    EXPECT_NE(entry.make(default_setup(spec), memories), nullptr);
  }
  EXPECT_EQ(find_detector("nobody"), nullptr);
}

TEST(ParamTest, IsWhatStandsInTheSource) {
  EXPECT_EQ(param_of("1'000").units, 10'000'000);
  EXPECT_EQ(param_of("0.3032").units, 3'032);
  EXPECT_EQ(param_of("-1.5").units, -15'000);
  EXPECT_EQ(param_of("0.5").text(), "0.5");
  EXPECT_EQ(param_of("2.9").whole(), 2);
  EXPECT_EQ(param_of("1'500").milliseconds().ns, 1'500'000'000);
  EXPECT_EQ(param_of("0.1").seconds().ns, 100'000'000);
  EXPECT_TRUE(param_of("0.1").reached(1, 10));
  EXPECT_FALSE(param_of("0.1").reached(1, 11));
  EXPECT_TRUE(param_of("5").reached(Int128{1} << 90, (Int128{1} << 90) / 5));
}

}  // namespace
}  // namespace marktwacht
