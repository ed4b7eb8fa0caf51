// By simdjson, which checks first.
#include "events/json_minify.h"

#include <simdjson.h>

namespace marktwacht {

std::optional<std::string> minified_json(std::string_view text) {
  simdjson::dom::parser parser;
  if (parser.parse(text.data(), text.size()).error() != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::string minified(text.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  if (simdjson::minify(text.data(), text.size(), minified.data(), size) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  minified.resize(size);
  return minified;
}

}  // namespace marktwacht
