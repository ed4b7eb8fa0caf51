// Reports: of a case to the authority, of a month to the public, orders and trades. Each is
// audited.
#include <optional>
#include <utility>

#include "app/case_report.h"
#include "edges/reports/enforcement_report.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// More of them are for the command line, which writes them as it reads.
constexpr std::size_t orders_max = 100'000;

struct Form {
  std::string format;
  ReportLanguage language{};
};

// `format`, one of those allowed, the first by default; `lang`.
std::expected<Form, HttpResponse> form_of(const ApiCall& call,
                                          std::initializer_list<std::string_view> allowed) {
  Form form{call.parameter("format"), ReportLanguage::en};
  std::string words;
  bool known = form.format.empty();
  for (const std::string_view word : allowed) {
    words += (words.empty() ? "" : ", ") + std::string(word);
    known = known || form.format == word;
  }
  if (!known) {
    return std::unexpected(error_response(400, "bad_request", "One of " + words + ".", "format"));
  }
  form.format = form.format.empty() ? std::string(*allowed.begin()) : form.format;
  const std::string language = call.parameter("lang");
  if (!language.empty() && language != "en" && language != "de") {
    return std::unexpected(error_response(400, "bad_request", "en or de", "lang"));
  }
  form.language = language == "de" ? ReportLanguage::de : ReportLanguage::en;
  return form;
}

// A page has its own style and nothing else: it may ask for nothing and run nothing.
HttpResponse page_response(std::string page) {
  HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(page);
  response.headers.push_back(
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"});
  return response;
}

HttpResponse file_response(const char* content_type, const std::string& name, std::string body) {
  HttpResponse response;
  response.content_type = content_type;
  response.body = std::move(body);
  response.headers.push_back({"Content-Disposition", "attachment; filename=\"" + name + "\""});
  return response;
}

// What the engine knows of a case: `tell(engine, of)`.
template <class Told>
std::expected<Told, HttpResponse> known_of(Api& api, const std::string& id,
                                           Told (*tell)(const Engine&, const Case&)) {
  auto known = api.ask([tell, number = case_number(id)](const Engine& engine) {
    const Case* of = engine.enforcement().cases().find(number);
    return of == nullptr ? std::nullopt : std::optional(tell(engine, *of));
  });
  if (!known) {
    return std::unexpected(unavailable("The engine does not answer now."));
  }
  if (!*known) {
    return std::unexpected(not_found("case"));
  }
  return **std::move(known);
}

// Rather than a report that lacks them without a word.
std::optional<HttpResponse> dropped(Api& api, const OrderQuery& query) {
  const auto fault = dropped_fault(api.service().data_dir(), query);
  return fault ? std::optional(error_response(404, "dropped", *fault)) : std::nullopt;
}

HttpResponse stor(Api& api, ApiCall& call) {
  const std::string id(call.request.segment("case_id"));
  const auto form = form_of(call, {"json", "html"});
  auto gathered = form ? known_of(api, id, stor_case) : std::unexpected(form.error());
  if (!gathered) {
    return gathered.error();
  }
  if (auto answer = dropped(api, evidence_of(*gathered))) {
    return *std::move(answer);
  }
  add_sentences(*gathered, [&](const Alert& alert) {
    return api.alert_lines().alert(recorded_form(alert)).value_or(alert);
  });
  if (auto added = add_records(api.service().data_dir(), *gathered); !added) {
    return unavailable(added.error());
  }
  gathered->made = call.now;
  const StorReport report = stor_report(api.filer(), *gathered);
  api.audit(call, "export", id, "accepted", "stor, " + form->format);
  return form->format == "html" ? page_response(stor_html(report, form->language))
                                : json_response(200, stor_json(report));
}

HttpResponse enforcement(Api& api, ApiCall& call) {
  const auto form = form_of(call, {"json", "csv", "html"});
  const auto store = api.store();
  if (!form || !store) {
    return form ? unavailable(store.error()) : form.error();
  }
  const auto cases =
      all_pages("", [&](const ListPart& part) { return (*store)->cases({.part = part}); });
  const auto measures =
      all_pages("", [&](const ListPart& part) { return (*store)->measures({.part = part}); });
  if (!cases || !measures) {
    return answer_error(cases ? measures.error() : cases.error());
  }
  const std::string month = call.parameter("month");
  const auto report = enforcement_report(month, cases->items, measures->items);
  if (!report) {
    return error_response(400, "bad_request", report.error(), "month");
  }
  api.audit(call, "export", month, "accepted", "enforcement, " + form->format);
  return form->format == "html" ? page_response(enforcement_html(*report, form->language))
         : form->format == "csv"
             ? file_response("text/csv", "enforcement-" + month + ".csv", enforcement_csv(*report))
             : json_response(200, enforcement_json(*report));
}

std::expected<void, HttpResponse> read_time(const ApiCall& call, const char* name, bool needed,
                                            Time& to) {
  const std::string text = call.parameter(name);
  const auto time = parse_moment(text);
  if (text.empty() ? needed : !time) {
    return std::unexpected(error_response(
        400, "bad_request", "Nanoseconds since 1970; needed unless a case is named.", name));
  }
  to = time.value_or(to);
  return {};
}

std::expected<OrderQuery, HttpResponse> orders_query(Api& api, const ApiCall& call) {
  OrderQuery query;
  const std::string case_id = call.parameter("case_id");
  if (!case_id.empty()) {
    auto known = known_of(api, case_id, orders_of);
    if (!known) {
      return std::unexpected(known.error());
    }
    if (known->account_ids.empty()) {
      return std::unexpected(
          error_response(400, "bad_request", "This case names no account.", "case_id"));
    }
    query = *std::move(known);
  }
  query.instrument_id = call.parameter("instrument_id");
  if (const std::string account_id = call.parameter("account_id"); !account_id.empty()) {
    query.account_ids.push_back(account_id);
  }
  const bool needed = case_id.empty();
  query.applied =
      query.applied && call.parameter("from_ts").empty() && call.parameter("to_ts").empty();
  if (auto read = read_time(call, "from_ts", needed, query.from); !read) {
    return std::unexpected(read.error());
  }
  if (auto read = read_time(call, "to_ts", needed, query.to); !read) {
    return std::unexpected(read.error());
  }
  return query;
}

HttpResponse orders(Api& api, ApiCall& call) {
  const auto form = form_of(call, {"ndjson", "csv"});
  const auto query = form ? orders_query(api, call) : std::unexpected(form.error());
  if (!query) {
    return query.error();
  }
  if (auto answer = dropped(api, *query)) {
    return *std::move(answer);
  }
  const bool csv = form->format == "csv";
  std::string body = csv ? order_csv_head() : "";
  std::size_t count = 0;
  const auto read = visit_orders(api.service().data_dir(), *query, [&](const OrderRecord& record) {
    if (++count > orders_max) {
      return false;
    }
    if (csv) {
      write_order_csv(record, body);
    } else {
      write_order_line(record, body);
      body.push_back('\n');
    }
    return true;
  });
  if (!read) {
    return unavailable(read.error());
  }
  if (count > orders_max) {
    return error_response(400, "bad_request",
                          "More than " + std::to_string(orders_max) +
                              ": name an account, or a shorter span; `marktwacht export orders` "
                              "has no such limit.",
                          "to_ts");
  }
  std::string about = call.parameter("case_id");
  about = about.empty() ? call.parameter("account_id") : about;
  about = about.empty() ? call.parameter("instrument_id") : about;
  api.audit(call, "export", about, "accepted",
            "orders, " + form->format + ", " + std::to_string(count));
  return file_response(csv ? "text/csv" : "application/x-ndjson",
                       std::string("orders.") + (csv ? "csv" : "ndjson"), std::move(body));
}

}  // namespace

void answer_reports(Api& api) {
  // What goes to the authority is nobody's business but of those who work on the case.
  const ApiNeeds confidential{.right = Right::cases, .scope = {}};
  api.add("GET", "/v1/reports/stor/{case_id}", confidential, stor);
  api.add("GET", "/v1/reports/orders", confidential, orders);
  api.add("GET", "/v1/reports/enforcement", {}, enforcement);
}

}  // namespace marktwacht
