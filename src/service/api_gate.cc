// The gate, asked over HTTP: for scripts and trials. An order gateway asks shared memory instead.
#include <algorithm>
#include <string>

#include "base/token.h"
#include "edges/gate/gate_reader.h"
#include "gate/question_text.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// Where there is a key, the gate knows these by their tokens.
constexpr std::string_view with_tokens[] = {"device_id", "ip", "address"};

HttpResponse ask_gate(Api& api, ApiCall& call) {
  QuestionText text;
  auto done = text.set("now_ns", std::to_string(api.service().now().ns));
  const std::string& key = api.service().deployment_key();
  for (const NameValue& parameter : call.request.query) {
    const bool token =
        !key.empty() && std::ranges::find(with_tokens, parameter.name) != end(with_tokens);
    done = text.set(parameter.name, token ? token_of(key, parameter.value) : parameter.value);
    if (!done) {
      return error_response(400, "bad_request", done.error(), parameter.name);
    }
  }
  const auto gate = GateReader::open(api.service().data_dir() + "/gate", key);
  if (!gate) {
    return unavailable(gate.error());
  }
  return json_response(200, answer_json(gate->ask(text.question())));
}

}  // namespace

void answer_gate(Api& api) {
  api.add("GET", "/v1/gate", {}, [&api](ApiCall& call) { return ask_gate(api, call); });
}

}  // namespace marktwacht
