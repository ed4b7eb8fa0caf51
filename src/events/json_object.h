// Writing one JSON object, member by member.
#pragma once

#include <string>
#include <string_view>

#include "events/ndjson.h"

namespace marktwacht {

// The members of one object, in the order of the calls. `end` closes it.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_.push_back('{'); }

  // The caller writes the value behind the name.
  std::string& member(std::string_view name) {
    out_ += first_ ? "\"" : ",\"";
    out_ += name;
    out_ += "\":";
    first_ = false;
    return out_;
  }
  // Of a name that came from outside: what stands in it ends neither itself nor the object.
  std::string& foreign_member(std::string_view name) {
    out_ += first_ ? "" : ",";
    write_json_string(name, out_);
    out_ += ':';
    first_ = false;
    return out_;
  }
  void text(std::string_view name, std::string_view value) {
    write_json_string(value, member(name));
  }
  void text_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) {
      text(name, value);
    }
  }
  template <class Integer>
  void number(std::string_view name, Integer value) {
    member(name) += std::to_string(value);
  }
  void boolean(std::string_view name, bool value) { member(name) += value ? "true" : "false"; }
  template <class Each, class Write>
  void array(std::string_view name, const Each& each, Write write) {
    member(name).push_back('[');
    bool first = true;
    for (const auto& element : each) {
      out_ += first ? "" : ",";
      first = false;
      write(element);
    }
    out_.push_back(']');
  }
  template <class Texts>
  void texts(std::string_view name, const Texts& texts) {
    array(name, texts, [&](std::string_view text) { write_json_string(text, out_); });
  }
  void end() { out_.push_back('}'); }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace marktwacht
