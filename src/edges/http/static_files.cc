// The console's files as answers.
#include "edges/http/static_files.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "edges/http/text_rules.h"

namespace marktwacht {

namespace {

std::string_view content_type_of(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
  }};
  for (const auto& [end, type] : types) {
    if (path.ends_with(end)) {
      return type;
    }
  }
  return "application/octet-stream";
}

// "index-3f2aB9_x.js", as Vite names them: eight or more characters between the last "-" or "." and
// the ending.
bool has_hash(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t ending = name.rfind('.');
  if (ending == std::string_view::npos || !path.starts_with("/assets/")) {
    return false;
  }
  const std::size_t dash = name.find_last_of("-.", ending - 1);
  return dash != std::string_view::npos && ending - dash - 1 >= 8;
}

// Not of the API: who asks for what it does not have is told so, and gets no page.
bool is_deep_link(std::string_view path) {
  return path != "/v1" && !path.starts_with("/v1/") &&
         path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

HttpResponse not_built() {
  HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      "<!doctype html><html lang=\"en\"><title>Marktwacht</title>"
      "<h1>Marktwacht</h1><p>The service runs. Its console was not built into this program: "
      "<code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build Marktwacht "
      "again.</p><p>The interface is at <code>/v1</code>.</p></html>";
  return response;
}

SharedBytes shared(std::string_view bytes) {
  return bytes.empty() ? nullptr : std::make_shared<const std::string>(bytes);
}

}  // namespace

StaticFiles::StaticFiles(std::span<const EmbeddedFile> files) {
  for (const EmbeddedFile& file : files) {
    const std::string_view kept =
        has_hash(file.path) ? "public, max-age=31536000, immutable" : "no-cache";
    files_.emplace(file.path, File{.content_type = std::string(content_type_of(file.path)),
                                   .etag = std::string(file.etag),
                                   .cache_control = std::string(kept),
                                   .bytes = std::make_shared<const std::string>(file.bytes),
                                   .gzip = shared(file.gzip)});
  }
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
  auto found = files_.find(path);
  if (found == files_.end() && is_deep_link(path)) {
    found = files_.find("/index.html");
  }
  return found == files_.end() ? nullptr : &found->second;
}

HttpResponse StaticFiles::answer(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = error_response(405, "method_not_allowed", "files can only be read");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  const File* file = find(request.path);
  if (file == nullptr) {
    return request.path == "/" ? not_built()
                               : error_response(404, "not_found", "there is nothing here");
  }
  HttpResponse response;
  response.content_type = file->content_type;
  response.headers = {
      {"Cache-Control", file->cache_control}, {"ETag", file->etag}, {"Vary", "Accept-Encoding"}};
  const std::string_view known = request.header("If-None-Match");
  if (known == "*" || list_holds(known, file->etag) || list_holds(known, "W/" + file->etag)) {
    response.status = 304;
    return response;
  }
  response.shared_body = file->bytes;
  if (file->gzip && list_holds(request.header("Accept-Encoding"), "gzip")) {
    response.shared_body = file->gzip;
    response.headers.push_back({"Content-Encoding", "gzip"});
  }
  return response;
}

}  // namespace marktwacht
