// The monthly report: what counts, what does not, and how it is written.
#include "edges/reports/enforcement_report.h"

#include <gtest/gtest.h>

#include <vector>

namespace marktwacht {
namespace {

using Texts = std::vector<std::string>;

std::int64_t ns(const char* text) { return parse_rfc3339(text)->ns; }

std::string a_case(const std::string& state, std::int64_t opened, const std::string& accounts,
                   const std::string& clauses, bool reported = false) {
  std::string breaches;
  for (const char clause : clauses) {
    breaches += (breaches.empty() ? "" : ",") + std::string(R"({"clause":"2.)") + clause +
                R"(","detector":"d"})";
  }
  return R"({"case_id":"c-1","state":")" + state + R"(","account_ids":[)" + accounts +
         R"(],"breaches":[)" + breaches + R"(],"opened_ts":)" + std::to_string(opened) +
         R"(,"reported":)" + (reported ? "true" : "false") + "}";
}

std::string a_measure(const std::string& kind, const std::string& state, const std::string& more) {
  return R"({"measure_id":"m-1","state":")" + state + R"(","measure":{"kind":")" + kind +
         R"("},"account_ids":["ann"])" + more + "}";
}

std::string in_force(const char* at, bool automatic = false, bool imposed = false) {
  return R"(,"in_force_ts":)" + std::to_string(ns(at)) + R"(,"automatic":)" +
         (automatic ? "true" : "false") + R"(,"imposed":)" + (imposed ? "true" : "false");
}

TEST(EnforcementReportTest, CasesCountByClauseAndTheirStateNow) {
  const std::int64_t in = ns("2026-02-10T00:00:00Z");
  const auto report = enforcement_report(
      "2026-02",
      Texts{a_case("closed_confirmed", in, R"("ann","bob")", "18", true),
            a_case("investigating", in, R"("ann")", "8"), a_case("closed_refuted", in, "", "8"),
            a_case("closed_inconclusive", in, R"("eve")", "8"),
            a_case("merged", in, R"("x")", "8")},
      {});
  ASSERT_TRUE(report) << report.error();
  const auto& all = report->cases.at("");
  EXPECT_EQ(all.opened, 4U);
  EXPECT_EQ(all.open, 1U);
  EXPECT_EQ(all.closed_confirmed, 1U);
  EXPECT_EQ(all.closed_refuted, 1U);
  EXPECT_EQ(all.closed_inconclusive, 1U);
  EXPECT_EQ(all.reported, 1U);
  EXPECT_EQ(all.account_ids, 3U);
  EXPECT_EQ(report->cases.at("2.1").opened, 1U);
  EXPECT_EQ(report->cases.at("2.1").account_ids, 2U);
  EXPECT_EQ(report->cases.at("2.8").opened, 4U);
  EXPECT_EQ(report->cases.size(), 3U);
}

TEST(EnforcementReportTest, AMonthEndsBeforeTheNextBegins) {
  const Texts cases = {a_case("new", ns("2027-11-30T23:59:59.999999999Z"), "", "1"),
                       a_case("new", ns("2027-12-01T00:00:00Z"), "", "1"),
                       a_case("new", ns("2027-12-31T23:59:59.999999999Z"), "", "1"),
                       a_case("new", ns("2028-01-01T00:00:00Z"), "", "1"),
                       a_case("new", ns("2028-02-29T12:00:00Z"), "", "1")};
  for (const auto& [month, count] :
       {std::pair("2027-11", 1U), std::pair("2027-12", 2U), std::pair("2028-01", 1U),
        std::pair("2028-02", 1U), std::pair("2028-03", 0U)}) {
    EXPECT_EQ(enforcement_report(month, cases, {})->cases.at("").opened, count) << month;
  }
  for (const char* bad : {"", "2027", "2027-13", "2027-00", "1969-12", "2027-1", "2027/12",
                          "2027-12-01", "9999-12"}) {
    EXPECT_FALSE(enforcement_report(bad, cases, {})) << bad;
  }
}

TEST(EnforcementReportTest, MeasuresCountOnceInForce) {
  const auto report = enforcement_report(
      "2026-02", {},
      Texts{a_measure("close_only", "applied", in_force("2026-02-01T00:00:00Z")),
            a_measure("close_only", "expired", in_force("2026-02-02T00:00:00Z", true)),
            a_measure("warn", "applied", in_force("2026-02-03T00:00:00Z", false, true)),
            a_measure("warn", "applied", in_force("2026-03-03T00:00:00Z")),
            a_measure("warn", "refused", ""),
            a_measure("warn", "applied",
                      in_force("2026-02-03T00:00:00Z") + R"(,"amends":"until","amended":"m-7")")});
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(enforcement_json(*report),
            R"({"month":"2026-02","cases":[{"opened":0,"open":0,"closed_confirmed":0,)"
            R"("closed_refuted":0,"closed_inconclusive":0,"reported":0,"account_ids":0}],)"
            R"("measures":[{"in_force":3,"automatic":1,"imposed":1,"over":1,"account_ids":1},)"
            R"({"kind":"close_only","in_force":2,"automatic":1,"imposed":0,"over":1,)"
            R"("account_ids":1},{"kind":"warn","in_force":1,"automatic":0,"imposed":1,"over":0,)"
            R"("account_ids":1}]})");
}

TEST(EnforcementReportTest, ThePageNamesNobodyAndRunsNothing) {
  const auto report = enforcement_report(
      "2026-02",
      Texts{R"({"case_id":"c-1","state":"new","account_ids":["marlene"],"opened_ts":)" +
            std::to_string(ns("2026-02-10T00:00:00Z")) +
            R"(,"breaches":[{"clause":"<script>","detector":"d"}]})"},
      {});
  ASSERT_TRUE(report) << report.error();
  const std::string page = enforcement_html(*report, ReportLanguage::en);
  EXPECT_NE(page.find("<td>&lt;script&gt;</td><td>1</td>"), std::string::npos) << page;
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("marlene"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

TEST(EnforcementReportTest, WhatIsNoLineIsRefused) {
  for (const char* bad : {"", "{", "{}", "[]", R"({"case_id":"c-1"})"}) {
    EXPECT_FALSE(enforcement_report("2026-02", Texts{bad}, {})) << bad;
    EXPECT_FALSE(enforcement_report("2026-02", {}, Texts{bad})) << bad;
  }
}

}  // namespace
}  // namespace marktwacht
