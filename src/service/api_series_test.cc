// The chart of an alert.
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

using ApiSeries = ServingTest;

// One record from long after the alert may stand anywhere before it.
TEST_F(ApiSeries, ALaterTimeInAnEarlierRecordEndsNoChart) {
  options.service.silence = Duration{0};
  add_user("ann", UserRole::analyst);
  start();
  Caller exchange = feed(), ann = person("ann");
  std::string lines = demo_file("exchange.ndjson");
  const std::string late = R"({"type":"account","ts":"2026-03-09T00:00:00Z","account_id":"late"})";
  lines.insert(lines.find('\n') + 1, late + "\n");
  EXPECT_EQ(exchange.post("/v1/events", lines).status, 200);
  std::string alerts;
  ASSERT_TRUE(eventually([&] {
    alerts = ann.get("/v1/alerts?limit=1").body;
    return alerts.contains("\"alert_id\":\"");
  }));
  const std::size_t at = alerts.find("\"alert_id\":\"") + 12;
  const std::string chart =
      ann.get("/v1/alerts/" + alerts.substr(at, alerts.find('"', at) - at) + "/market").body;
  EXPECT_TRUE(chart.contains("\"price\":")) << chart.substr(0, 500);
}

}  // namespace
}  // namespace marktwacht
