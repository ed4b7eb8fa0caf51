// The client: a loop, and connections that come and go.
#include "edges/http/client.h"

#include <chrono>
#include <future>
#include <utility>

#include "base/check.h"
#include "edges/http/client_connection.h"
#include "edges/http/text_rules.h"

namespace marktwacht {

bool is_http_url(std::string_view url) { return HttpUrl::parse(url).has_value(); }

std::string_view HttpReply::header(std::string_view name) const {
  for (const NameValue& header : headers) {
    if (same_in_any_case(header.name, name)) {
      return header.value;
    }
  }
  return {};
}

std::expected<HttpClient, std::string> HttpClient::start(HttpClientConfig config) {
  auto core = std::make_shared<HttpClientCore>();
  core->config = std::move(config);
  auto loops = start_loops(
      {.threads = 1, .connects_tls = true, .authorities_file = core->config.authorities_file});
  if (!loops) {
    return std::unexpected(loops.error());
  }
  core->loops = std::move(*loops);
  return HttpClient(std::move(core));
}

HttpClient::~HttpClient() {
  if (core_) {
    core_->stopping = true;
    core_->loops->stop(0);
  }
}

void HttpClient::send(HttpCall call, std::function<void(HttpResult)> done) {
  const auto failed = [&](std::string why) {
    core_->loops->post([done, why = std::move(why)] { done(std::unexpected(why)); });
  };
  auto url = HttpUrl::parse(call.url);
  if (!url) {
    return failed(url.error());
  }
  auto head = request_head(call, *url);
  if (!head) {
    return failed(head.error());
  }
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  OpenCall open{.url = std::move(*url),
                .head = std::make_shared<const std::string>(std::move(*head)),
                .body = std::make_shared<const std::string>(std::move(call.body)),
                .is_head = call.method == "HEAD",
                .deadline_ms = now + call.timeout_ms,
                .done = std::move(done)};
  core_->loops->post([core = core_, open = std::move(open)] { core->begin(open, true); });
}

HttpResult HttpClient::call(HttpCall call) {
  check(!core_->loops->on_loop(), "a call that waits is not made from the client's own thread");
  auto promise = std::make_shared<std::promise<HttpResult>>();
  auto result = promise->get_future();
  send(std::move(call), [promise](HttpResult reply) { promise->set_value(std::move(reply)); });
  return result.get();
}

HttpResult HttpClient::get(std::string url) {
  HttpCall call;
  call.url = std::move(url);
  return this->call(std::move(call));
}

HttpResult HttpClient::post(std::string url, std::string body, std::string_view content_type) {
  HttpCall call;
  call.method = "POST";
  call.url = std::move(url);
  call.body = std::move(body);
  call.headers = {{"Content-Type", std::string(content_type)}};
  return this->call(std::move(call));
}

}  // namespace marktwacht
