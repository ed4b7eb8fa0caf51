// Test support: lines against a closed schema.json. It knows the keywords of JSON Schema that the
// project's schemas use; another one is a fault of the schema.
#pragma once

#include <simdjson.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

namespace schema_json {

bool has(simdjson::dom::element object, std::string_view key);
std::vector<std::string> keys(simdjson::dom::element object);
std::vector<std::string> texts(simdjson::dom::element array);

}  // namespace schema_json

// Of a file, or of one of its $defs.
class Schema {
 public:
  explicit Schema(const std::string& path, std::string_view definition = {});

  simdjson::dom::element rule() const { return rule_; }
  // Another definition of the same file.
  Schema of(std::string_view definition) const;
  // The place of the first thing that is wrong with a line, "" where nothing is. Fields must stand
  // in the order of the schema.
  std::string violation(const std::string& line) const;
  // Every field that there may be, as "jobs[].entries[].amount"; and those that a line has.
  std::set<std::string> places() const;
  static std::set<std::string> places_in(const std::string& line);
  // "" where every object is closed and no keyword is used that `violation` does not know.
  std::string not_closed() const;

 private:
  std::shared_ptr<simdjson::dom::parser> parser_;
  simdjson::dom::element whole_, rule_;
};

}  // namespace marktwacht
