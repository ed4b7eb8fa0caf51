// What-ifs: started, and asked how far they are.
#include <utility>

#include "events/json_members.h"
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/backtests.h"

namespace marktwacht {
namespace {

HttpResponse start_backtest(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto rulebooks = body ? body->texts("rulebooks") : std::nullopt;
  if (!rulebooks || rulebooks->empty()) {
    return error_response(400, "bad_request", "Name one or two rulebooks.", "rulebooks");
  }
  BacktestRequest request{.rulebooks = *rulebooks,
                          .set = body->texts("set").value_or(std::vector<std::string>()),
                          .vary = body->text("vary").value_or("")};
  for (const auto* words : {&request.rulebooks, &request.set}) {
    for (const std::string& word : *words) {
      if (word.starts_with('-') || word.starts_with('/') || word.contains("..")) {
        return error_response(400, "bad_request", "Names of shipped rulebooks, or texts of TOML.",
                              "rulebooks");
      }
    }
  }
  const auto id = api.backtests().start(std::move(request));
  api.audit(call, "backtest", id.value_or(""), id ? "accepted" : "too_many");
  return id ? json_response(202, "{\"backtest_id\":" + json_string(*id) + "}")
            : unavailable("Too many what-ifs wait.");
}

HttpResponse backtest(Api& api, ApiCall& call) {
  const std::string id(call.request.segment("backtest_id"));
  const auto state = api.backtests().state(id);
  if (!state) {
    return not_found("what-if");
  }
  using Phase = BacktestState::Phase;
  std::string json;
  ObjectWriter object(json);
  object.text("backtest_id", id);
  object.text("state", state->phase == Phase::running ? "running"
                       : state->phase == Phase::done  ? "done"
                                                      : "failed");
  object.number("progress_percent", state->phase == Phase::running ? 0 : 100);
  object.text_unless_empty("error", state->error);
  if (state->phase == Phase::done) {
    object.member(state->varies ? "varied" : "what_if") += state->json;
  }
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

void answer_backtests(Api& api) {
  api.add("POST", "/v1/backtests", {}, start_backtest);
  api.add("GET", "/v1/backtests/{backtest_id}", {}, backtest);
}

}  // namespace marktwacht
