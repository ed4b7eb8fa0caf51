// The audit trail, read.
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

std::string entry_json(const AuditRow& row) {
  std::string json;
  ObjectWriter object(json);
  object.text("audit_id", std::to_string(row.audit_id));
  object.number("ts", row.at.ns);
  object.text("user_id", row.user_id.empty() ? row.token_id : row.user_id);
  object.text("kind", row.act);
  object.text("result", row.outcome == "accepted" ? "accepted" : "refused");
  if (row.outcome != "accepted") {
    object.text("code", row.outcome);
  }
  object.text_unless_empty("about", row.target);
  object.text_unless_empty("reason", row.detail);
  object.end();
  return json;
}

// One connection for all, opened when it is first asked for.
struct KeptAudit {
  std::mutex mutex;
  std::optional<AuditReader> reader;
};

HttpResponse audit(Api& api, KeptAudit& kept, ApiCall& call) {
  auto part = list_part(call);
  if (!part) {
    return part.error();
  }
  const std::string result = call.parameter("result");
  if (!result.empty() && result != "accepted" && result != "refused") {
    return error_response(400, "bad_request", "accepted or refused", "result");
  }
  const std::lock_guard lock(kept.mutex);
  if (!kept.reader) {
    auto opened = AuditReader::open(api.service().data_dir() + "/audit.db");
    if (!opened) {
      return unavailable(opened.error());
    }
    kept.reader = *std::move(opened);
  }
  part->sort = part->sort.empty() ? "-audit_id" : part->sort;
  const auto rows = kept.reader->rows({.user_id = call.parameter("user_id"),
                                       .act = call.parameter("kind"),
                                       .outcome = result == "accepted" ? result : "",
                                       .part = *part,
                                       .refused = result == "refused"});
  if (!rows) {
    return answer_error(rows.error());
  }
  std::vector<std::string> items;
  for (const AuditRow& row : rows->items) {
    items.push_back(entry_json(row));
  }
  return json_response(200, list_json(items, rows->next_cursor));
}

}  // namespace

void answer_audit(Api& api) {
  const auto kept = std::make_shared<KeptAudit>();
  api.add("GET", "/v1/audit", {.right = Right::audit, .scope = {}},
          [&api, kept](ApiCall& call) { return audit(api, *kept, call); });
}

}  // namespace marktwacht
