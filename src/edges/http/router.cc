// Routes, literals before names.
#include "edges/http/router.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "edges/http/target.h"

namespace marktwacht {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  while (true) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, slash));
    if (slash == path.size()) {
      return segments;
    }
    path.remove_prefix(slash + 1);
  }
}

bool is_name(std::string_view segment) { return segment.starts_with('{'); }

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  return std::ranges::equal(pattern, path, [](std::string_view wanted, std::string_view found) {
    return is_name(wanted) ? !found.empty() : wanted == found;
  });
}

// "a/{b}" after "a/c": at the first place where they differ in kind, the literal is first.
bool goes_before(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (is_name(a[i]) != is_name(b[i])) {
      return is_name(b[i]);
    }
  }
  return false;
}

}  // namespace

void HttpRouter::add(std::string_view method, std::string_view pattern, HttpHandler handler) {
  check(pattern.starts_with('/'), "a pattern starts with /");
  Entry entry{{std::string(method), std::string(pattern)}, {}, std::move(handler)};
  for (const std::string_view segment : split(pattern)) {
    check(is_name(segment) == segment.ends_with('}'), "a name fills its segment");
    entry.segments.emplace_back(segment);
  }
  for (const Entry& other : entries_) {
    check(other.route.method != method || other.route.pattern != pattern, "a route is added once");
  }
  const auto place = std::ranges::find_if(
      entries_, [&](const Entry& other) { return goes_before(entry.segments, other.segments); });
  entries_.insert(place, std::move(entry));
}

void HttpRouter::operator()(HttpRequest request, HttpAnswer answer) const {
  const auto path = split(request.path);
  const bool is_head = request.method == "HEAD";
  std::vector<std::string_view> allowed;
  for (const Entry& entry : entries_) {
    if (!matches(entry.segments, path)) {
      continue;
    }
    if (entry.route.method == request.method || (is_head && entry.route.method == "GET")) {
      for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string_view name = entry.segments[i];
        if (is_name(name)) {
          request.segments.push_back({std::string(name.substr(1, name.size() - 2)),
                                      percent_decoded(path[i], false).value_or("")});
        }
      }
      return entry.handler(std::move(request), std::move(answer));
    }
    if (std::ranges::find(allowed, entry.route.method) == allowed.end()) {
      allowed.emplace_back(entry.route.method);
    }
  }
  if (allowed.empty()) {
    return otherwise_ ? otherwise_(std::move(request), std::move(answer))
                      : answer.send(error_response(404, "not_found", "there is nothing here"));
  }
  if (std::ranges::find(allowed, "GET") != allowed.end()) {
    allowed.emplace_back("HEAD");
  }
  std::ranges::sort(allowed);
  std::string list;
  for (const std::string_view each : allowed) {
    list += (list.empty() ? "" : ", ") + std::string(each);
  }
  HttpResponse response =
      error_response(405, "method_not_allowed", "this path takes " + list + " only");
  response.headers.push_back({"Allow", std::move(list)});
  answer.send(std::move(response));
}

std::vector<HttpRouter::Route> HttpRouter::routes() const {
  std::vector<Route> routes;
  for (const Entry& entry : entries_) {
    routes.push_back(entry.route);
  }
  return routes;
}

}  // namespace marktwacht
