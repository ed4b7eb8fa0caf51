// The report against its template, its schema and the case that it is about.
#include "edges/reports/stor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "edges/reports/countries.h"
#include "edges/reports/stor_breach.h"
#include "edges/reports/stor_template.h"
#include "events/schema_twin.h"

namespace marktwacht {
namespace {

const Schema& schema() {
  static const Schema loaded(
      std::filesystem::path(__FILE__).replace_filename("stor_schema.json").string());
  return loaded;
}

Time at(const char* text) { return *parse_rfc3339(text); }

std::pair<Alert, AlertText> an_alert() {
  FindingSource source{
      "spoofing", "default", "default@3f2a", "2.8", Severity::high, Maturity::stable, "", ""};
  source.is_rule = false;
  Alert alert;
  alert.alert_id = "a-59";
  alert.source = std::make_shared<const FindingSource>(source);
  alert.score = 80;
  alert.account_ids = {"ann", "bob"};
  alert.instrument_id = "BTC-USDT";
  alert.from = at("2026-03-02T08:00:00Z");
  alert.to = at("2026-03-02T08:10:00Z");
  alert.facts = {{"episodes", "4", "3"}};
  alert.at = at("2026-03-02T08:05:00Z");
  return {alert, {"Orders of ann moved the price.", "Aufträge von ann bewegten den Preis."}};
}

OrderRecord a_record(std::uint64_t seq, const char* type, const char* time) {
  OrderRecord record;
  record.seq = seq;
  record.type = type;
  record.ts = at(time);
  record.instrument_id = "BTC-USDT";
  record.line = "{}";
  return record;
}

// ann and bob are one person, eve another.
StorCase a_case() {
  StorCase of{.case_id = "c-60",
              .state = "investigating",
              .opened = at("2026-03-02T08:05:00Z"),
              .last_alert = at("2026-03-02T08:10:00Z"),
              .breaches = {{"2.8", "spoofing"}, {"2.3", "bonus_hunting"}}};
  of.alerts = {an_alert()};
  of.accounts = {{.account_id = "ann", .person_id = "p1", .country = "AT", .roles = {"broker"}},
                 {.account_id = "bob", .person_id = "p1"},
                 {.account_id = "eve"}};
  of.accounts[0].habits["BTC-USDT"] = {10, 3, "25", "1.5"};
  of.accounts[0].balances = {{"USDT", "12.5"}};
  of.instruments = {{"BTC-USDT", "spot", "BTC", "USDT"}};
  OrderRecord order = a_record(10, "order", "2026-03-02T08:00:00Z");
  order.account_id = "ann";
  order.side = "buy";
  order.order_type = "limit";
  order.time_in_force = "gtc";
  order.price = "59990";
  order.quantity = "5";
  order.order_id = "o1";
  OrderRecord cancel = a_record(12, "cancel", "2026-03-02T08:00:02Z");
  cancel.account_id = "ann";
  cancel.side = "buy";
  cancel.price = "59990";
  cancel.quantity = "5";
  cancel.order_id = "o1";
  cancel.reason = "user";
  cancel.channel = "api";
  OrderRecord trade = a_record(11, "trade", "2026-03-02T08:00:01Z");
  trade.trade_id = "t1";
  trade.price = "60010.5";
  trade.quantity = "0.25";
  trade.buyer_id = "zoe";
  trade.seller_id = "bob";
  of.evidence = {order, trade, cancel};
  of.evidence_left_out = 7;
  of.made = at("2026-03-04T10:00:00Z");
  of.last_seq = 99;
  return of;
}

StorFiler a_filer() {
  StorFiler filer;
  filer.submitter_name = "Ada Lovelace";
  filer.venue_name = "Börse <Wien>";
  filer.venue_country = "AT";
  filer.crypto_assets = {{"BTC", "Bitcoin", "4H95J0R2X", "other", "", "Bitcoin"}};
  return filer;
}

void each_field(const StorReport& report,
                const std::function<void(int, std::string_view, const StorAnswer&)>& see) {
  for (const StorSection& section : report.sections) {
    for (const StorPart& part : section.parts) {
      for (const auto& [name, answer] : part.answers) {
        see(section.number, name, answer);
      }
    }
  }
}

const StorAnswer& answer_of(const StorReport& report, std::string_view field) {
  static StorAnswer found;
  found = {};
  bool first = true;
  each_field(report, [&](int, std::string_view name, const StorAnswer& answer) {
    if (name == field && first) {
      found = answer;
      first = false;
    }
  });
  EXPECT_FALSE(first) << field;
  return found;
}

// The Annex, by its rows: so that none is lost when the template's table is edited.
TEST(StorTest, TheTemplateHasEveryRowOfTheAnnex) {
  std::set<std::string_view> rows, names;
  for (const StorField& field : stor_fields()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    rows.insert(field.row_en);
  }
  for (const char* row :
       {"Name of the natural person",
        "Position within the reporting entity",
        "Name of the reporting entity",
        "Address of the reporting entity",
        "Acting capacity of entity with respect to the orders, transactions or behaviours related "
        "to the functioning of the DLT that could constitute market abuse",
        "Type of trading activity (market making, arbitrage etc.) and type of crypto-asset traded "
        "by the reporting entity",
        "Contact for additional request for information",
        "Have the facts already been reported to public authorities?",
        "Description of the crypto-asset",
        "Name(s) of the distributed ledger(s)",
        "Trading platform where order was placed or the transaction was executed",
        "Location (country)",
        "Description of the order, transaction or suspicious behaviour related to the functioning "
        "of the DLT",
        "Nature of the suspicion",
        "Reasons for the suspicion",
        "Name",
        "National Identification Number",
        "Address",
        "Information about the employment",
        "Account number(s) and wallet address(es)",
        "Client identifier",
        "Relationship with the issuer of the crypto-asset concerned"}) {
    EXPECT_TRUE(rows.contains(row)) << row;
  }
}

TEST(StorTest, EveryFieldIsThereAndNoneIsEmptyWithoutAReason) {
  StorCase nobody = a_case();
  nobody.accounts.clear();
  nobody.evidence.clear();
  StorCase bare{.case_id = "c-1", .state = "new", .opened = {}, .last_alert = {}};
  for (const StorFiler& filer : {StorFiler(), a_filer()}) {
    for (const StorCase& of : {a_case(), nobody, bare}) {
      const StorReport report = stor_report(filer, of);
      ASSERT_EQ(report.sections.size(), 6U);
      std::set<std::string_view> seen;
      each_field(report, [&](int section, std::string_view name, const StorAnswer& answer) {
        seen.insert(name);
        EXPECT_EQ(std::ranges::find(stor_fields(), name, &StorField::name)->section, section);
        EXPECT_EQ(answer.value.en.empty(), answer.value.de.empty()) << name;
        EXPECT_EQ(answer.na_reason.en.empty(), answer.na_reason.de.empty()) << name;
        EXPECT_NE(answer.value.en.empty(), answer.na_reason.en.empty()) << name;
      });
      EXPECT_EQ(seen.size(), stor_fields().size());
      EXPECT_EQ(schema().violation(stor_json(report)), "");
    }
  }
}

TEST(StorTest, TheSchemaIsClosedAndKnowsNothingThatIsNotWritten) {
  EXPECT_EQ(schema().not_closed(), "");
  StorCase of = a_case();
  OrderRecord& record = of.evidence.front();
  for (std::string* member :
       {&record.trigger_price, &record.quote_quantity, &record.display_quantity,
        &record.price_before, &record.quantity_before, &record.amount}) {
    *member = "1";
  }
  for (std::string* member :
       {&record.new_order_id, &record.reason, &record.channel, &record.trade_id, &record.buyer_id,
        &record.seller_id, &record.maker_order_id, &record.taker_order_id, &record.kind,
        &record.asset, &record.tx_id, &record.address, &record.to_account_id}) {
    *member = "x";
  }
  const std::string line = stor_json(stor_report(a_filer(), of));
  EXPECT_EQ(schema().violation(line), "");
  EXPECT_EQ(schema().places(), Schema::places_in(line));
}

TEST(StorTest, PersonsAreAPartEach) {
  const StorReport report = stor_report(a_filer(), a_case());
  const auto& parts = report.sections[3].parts;
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].account_ids, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(parts[1].account_ids, std::vector<std::string>{"eve"});
  EXPECT_EQ(report.sections[4].parts.size(), 3U);  // and what is about the case
}

TEST(StorTest, ItSaysWhatTheCaseHolds) {
  const StorReport report = stor_report(a_filer(), a_case());
  const auto value = [&](std::string_view field) { return answer_of(report, field).value.en; };
  EXPECT_EQ(value("submitter_name"), "Ada Lovelace");
  EXPECT_EQ(value("country_of_execution"), "Austria (AT)");
  EXPECT_EQ(value("prices"), "BTC-USDT, transaction: 60010.5\nBTC-USDT, purchase: 59990");
  EXPECT_EQ(value("quantities"), "BTC-USDT: 1 order over 5; 1 transaction over 0.25");
  EXPECT_EQ(value("order_types"), "buy limit gtc: 1");
  EXPECT_EQ(value("alterations"), "1 order cancelled (user), unfilled quantity 5");
  EXPECT_EQ(value("alteration_means"), "by the channel of the order\napi: 1");
  EXPECT_EQ(value("references"), "orders: o1\ntransactions: t1");
  EXPECT_EQ(value("others_names"), "zoe");
  EXPECT_EQ(value("intervention"), "on behalf of clients (role broker or omnibus)");
  EXPECT_TRUE(value("nature_of_suspicion").contains("Article 91(3)(b) MiCA"))
      << value("nature_of_suspicion");
  EXPECT_TRUE(value("nature_of_suspicion").contains("names no market abuse by itself"));
  EXPECT_TRUE(value("reasons_activity").contains("episodes 4, limit 3"));
  EXPECT_TRUE(value("reasons_delay")
                  .starts_with("2 days 1 hour from the last suspected event (2026-03-02T08:00:02"))
      << value("reasons_delay");
  EXPECT_TRUE(value("size_comparison").contains("reported 5 on average (1), 12 months 2.5 (10)"))
      << value("size_comparison");
  EXPECT_TRUE(value("times").contains("7 further events"));
  EXPECT_EQ(answer_of(report, "entity_lei").na_reason.en, "not set: venue_lei in marktwacht.toml");
  EXPECT_TRUE(answer_of(report, "person_name").na_reason.en.contains("client file of ann, bob"));
}

TEST(StorTest, TokensAndCommitmentsAreSaidToBeSome) {
  StorCase of = a_case();
  const std::string token(64, 'a');
  of.accounts[0].wallets = {token};
  of.notes = {{at("2026-03-02T09:00:00Z"), "anna", "c." + std::string(64, 'b')}};
  const StorReport report = stor_report({}, of);
  EXPECT_TRUE(answer_of(report, "wallet_addresses").value.en.contains("a token in place"));
  EXPECT_TRUE(answer_of(report, "analysis").value.en.contains("kept in the vault"));
  EXPECT_FALSE(answer_of(report, "analysis").value.en.contains("bbbb"));
}

TEST(StorTest, ThePageNeedsNothingAndRunsNothing) {
  StorCase of = a_case();
  of.notes = {{at("2026-03-02T09:00:00Z"), "anna", "<script>alert(1)</script>"}};
  for (const ReportLanguage language : {ReportLanguage::en, ReportLanguage::de}) {
    const std::string page = stor_html(stor_report(a_filer(), of), language);
    EXPECT_TRUE(page.contains("&lt;script&gt;"));
    EXPECT_TRUE(page.contains("Börse &lt;Wien&gt;"));
    for (const char* never : {"<script", "http:", "https:", "src=", "href=", "url("}) {
      EXPECT_FALSE(page.contains(never)) << never;
    }
    EXPECT_TRUE(page.contains(language == ReportLanguage::en ? "Section 4" : "Abschnitt 4"));
    EXPECT_TRUE(page.contains("NA <span"));
  }
}

TEST(StorTest, BreachesAndCountries) {
  EXPECT_TRUE(breach_text("2.7", "wash_trade").en.contains("91(2)(a)"));
  EXPECT_TRUE(breach_text("2.8", "a_rule_of_ours").en.contains("91(3)(b)"));
  EXPECT_TRUE(breach_text("2.1", "abnormal_profit").en.contains("Article 89"));
  EXPECT_EQ(breach_text("2.3", "bonus_hunting").en, "");
  EXPECT_EQ(country_text("AT").de, "Österreich (AT)");
  EXPECT_EQ(country_text("nowhere").en, "nowhere");
  EXPECT_TRUE(is_country("ZW"));
  EXPECT_FALSE(is_country("ZZ"));
}

}  // namespace
}  // namespace marktwacht
