// Lines that were refused, masked: for whoever runs the feed they came from.
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// A feed sees its own.
std::expected<RejectedQuery, HttpResponse> query_of(const ApiCall& call) {
  auto part = list_part(call);
  if (!part) {
    return std::unexpected(std::move(part.error()));
  }
  RejectedQuery query{
      .source = call.parameter("source"), .reason = call.parameter("reason"), .part = *part};
  if (const auto* machine = std::get_if<Machine>(&call.who)) {
    if (!machine->has(TokenScope::ingest)) {
      return std::unexpected(
          error_response(403, "forbidden", "A token of scope ingest sees what it sent."));
    }
    query.source = machine->source;
  }
  return query;
}

HttpResponse rejected(Api& api, ApiCall& call) {
  const auto query = query_of(call);
  if (!query) {
    return query.error();
  }
  const auto rows = api.rejected().rows(*query);
  if (!rows) {
    return answer_error(rows.error());
  }
  std::vector<std::string> items;
  for (const RejectedRow& row : rows->items) {
    write_rejected_row(row, items.emplace_back());
  }
  return json_response(200, list_json(items, rows->next_cursor));
}

}  // namespace

void answer_rejected(Api& api) {
  api.add("GET", "/v1/rejected", {.right = Right::ingest, .scope = {}, .any_token = true},
          rejected);
}

}  // namespace marktwacht
