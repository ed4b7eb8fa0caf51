// The gate, asked over HTTP: for scripts and trials. An order gateway asks shared memory instead.
#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/token.h"
#include "edges/gate/gate_reader.h"
#include "gate/question_text.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// Where there is a key, the gate knows these by their tokens.
constexpr std::string_view with_tokens[] = {"device_id", "ip", "address"};

// Opened when it is first asked; anew where its writer seems dead, since the file may be another.
class KeptGate {
 public:
  using Gate = std::shared_ptr<const GateReader>;

  std::expected<Gate, std::string> get(Service& service) {
    const std::lock_guard lock(mutex_);
    if (gate_ == nullptr || gate_->blind(service.now())) {
      auto opened = GateReader::open(service.data_dir() + "/gate", service.deployment_key());
      if (!opened) {
        return std::unexpected(opened.error());
      }
      gate_ = std::make_shared<const GateReader>(*std::move(opened));
    }
    return gate_;
  }

 private:
  std::mutex mutex_;
  Gate gate_;
};

HttpResponse ask_gate(Api& api, KeptGate& kept, ApiCall& call) {
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
  const auto gate = kept.get(api.service());
  if (!gate) {
    return unavailable(gate.error());
  }
  return json_response(200, answer_json((*gate)->ask(text.question())));
}

}  // namespace

void answer_gate(Api& api) {
  const auto kept = std::make_shared<KeptGate>();
  api.add("GET", "/v1/gate", {},
          [&api, kept](ApiCall& call) { return ask_gate(api, *kept, call); });
}

}  // namespace marktwacht
