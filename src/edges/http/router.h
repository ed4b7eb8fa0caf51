// Which handler a request is for: by its method and the pattern of its path. docs/http.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edges/http/server.h"

namespace marktwacht {

// Filled before the server starts, then only read: any number of threads may call it. Copy it into
// the server as its handler.
class HttpRouter {
 public:
  // Pattern: "/v1/alerts/{alert_id}/story"; {name} is one whole segment, not empty, which the
  // handler finds in request.segment("name"). Literal segments go before names. A route for GET
  // answers HEAD too. Twice the same method and pattern is our bug.
  void add(std::string_view method, std::string_view pattern, HttpHandler handler);
  // For paths that no pattern matches, in place of 404: the console.
  void otherwise(HttpHandler handler) { otherwise_ = std::move(handler); }

  // 404 for a path that nothing matches, 405 with Allow where only the method is wrong.
  void operator()(HttpRequest request, HttpAnswer answer) const;

  struct Route {
    std::string method;
    std::string pattern;
  };
  std::vector<Route> routes() const;  // to compare with the API's description

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
    HttpHandler handler;
  };
  std::vector<Entry> entries_;  // literals before names
  HttpHandler otherwise_;
};

}  // namespace marktwacht
