// Files of the console, embedded in the binary by cmake/EmbeddedFiles.cmake. docs/http.md.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "edges/http/message.h"

namespace marktwacht {

struct EmbeddedFile {
  std::string_view path;  // "/assets/index-3f2a.js"
  std::string_view bytes;
  std::string_view gzip;  // the same, packed; empty where that is not smaller
  std::string_view etag;  // of SHA-256, with quotes
};

// What the build found in web/dist; nothing where the console was not built.
std::span<const EmbeddedFile> embedded_files();

// Any number of threads may ask.
class StaticFiles {
 public:
  explicit StaticFiles(std::span<const EmbeddedFile> files);

  // The file, packed for whom accepts that; 304 for whom has it; index.html for a deep link (a path
  // outside of /v1 whose last segment has no dot); else 404. Without index.html, "/" says how to
  // build the console. Names with a hash in them may be kept for ever, others are asked for anew
  // each time.
  HttpResponse answer(const HttpRequest& request) const;

 private:
  struct File {
    std::string content_type;
    std::string etag;
    std::string cache_control;
    SharedBytes bytes;
    SharedBytes gzip;
  };
  const File* find(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;
};

}  // namespace marktwacht
