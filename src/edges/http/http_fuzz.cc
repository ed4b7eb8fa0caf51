// Any bytes as a connection to the server: however they are cut, they give the same answers, never
// a crash, and what a handler is given keeps what message.h promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "edges/http/recorded_wire.h"
#include "edges/http/router.h"
#include "edges/http/server_connection.h"
#include "edges/http/target.h"

namespace {

using namespace marktwacht;

void check_request(const HttpRequest& request) {
  const std::string_view path = request.path;
  check(path.starts_with('/'), "a path starts with a slash");
  check((std::string(path) + "/").find("/../") == std::string::npos, "no way up");
  check(path.find('\\') == std::string_view::npos, "no backslash");
  for (const char c : path) {
    check(static_cast<unsigned char>(c) >= 0x20, "no control characters in a path");
  }
  check(request.body.size() <= 1'000, "the body's limit holds");
  for (const NameValue& header : request.headers) {
    check(header.value.find('\n') == std::string::npos, "a header is one line");
  }
}

void answer(HttpRequest request, HttpAnswer out) {
  check_request(request);
  HttpResponse response = json_response(200, json_string(request.body));
  response.headers = {{"X-Echo", std::string(request.segment("name"))},
                      {std::string(request.segment("name")), "1"}};
  response.cookies = {{"c", std::string(request.cookie("c")), {}}};
  out.send(std::move(response));
}

HttpRouter make_router() {
  HttpRouter router;
  router.add("GET", "/v1/alerts/{name}/story", answer);
  router.add("POST", "/v1/{name}", answer);
  router.add("POST", "/v1/events", answer);
  router.add("GET", "/s", [](HttpRequest, HttpAnswer out) {
    const EventStream stream = out.stream();
    stream.push("1", "a", "b");
  });
  router.otherwise(answer);
  return router;
}

// The requests that handlers get of these bytes when they come `step` at a time.
std::string requests_of(std::string_view bytes, std::size_t step) {
  static const HttpRouter router = make_router();
  std::string requests;
  auto shared = std::make_shared<ServerShared>();
  shared->config.body_bytes_max = 1'000;
  shared->config.header_bytes_max = 2'000;
  shared->handler = [&](HttpRequest request, HttpAnswer out) {
    requests += request.method + " " + request.path + "\n";
    for (const NameValue& value : request.query) {
      requests += value.name + "=" + value.value + "\n";
    }
    for (const NameValue& header : request.headers) {
      requests += header.name + ": " + header.value + "\n";
    }
    requests += request.body + "\n";
    router(std::move(request), std::move(out));
  };
  auto wire = std::make_shared<RecordedWire>(std::make_shared<ServerConnection>(shared));
  wire->open();
  for (std::size_t at = 0; at < bytes.size() && !wire->finished && !wire->closed; at += step) {
    wire->deliver(bytes.substr(at, step));
    wire->settle();
  }
  wire->close("over");
  wire->settle();
  return requests;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = requests_of(bytes, std::max<std::size_t>(size, 1));
  // What is refused may be refused sooner where more is there.
  check(whole == requests_of(bytes, 1), "how bytes are cut makes no difference");
  (void)parse_target(bytes);
  return 0;
}
