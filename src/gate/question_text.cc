// Fields by name: see question_text.h.
#include "gate/question_text.h"

#include <charconv>

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

template <class E>
std::expected<E, std::string> word_in(std::string_view name, std::string_view value) {
  std::string allowed;
  for (std::size_t at = 0; at < Words<E>::list.size(); ++at) {
    if (Words<E>::list[at] == value) {
      return static_cast<E>(at);
    }
    allowed += (at == 0 ? "" : ", ") + std::string(Words<E>::list[at]);
  }
  return std::unexpected(std::string(name) + " " + std::string(value) + ": allowed are " + allowed);
}

template <class To, class E>
Done put(To& field, const std::expected<E, std::string>& value) {
  if (!value) {
    return std::unexpected(value.error());
  }
  field = *value;
  return {};
}

std::expected<Decimal, std::string> decimal_in(std::string_view name, std::string_view value) {
  const auto number = parse_decimal(value);
  if (!number) {
    return std::unexpected(std::string(name) + " " + std::string(value) + " is no number");
  }
  return *number;
}

std::expected<Time, std::string> time_in(std::string_view name, std::string_view value) {
  if (const auto time = parse_rfc3339(value)) {
    return *time;
  }
  Time time;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), time.ns);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return std::unexpected(std::string(name) + " " + std::string(value) +
                           ": nanoseconds since 1970, or a time like 2026-04-30T20:46:43Z");
  }
  return time;
}

std::expected<bool, std::string> truth_in(std::string_view name, std::string_view value) {
  if (value != "true" && value != "false") {
    return std::unexpected(std::string(name) + " " + std::string(value) +
                           ": allowed are true, false");
  }
  return value == "true";
}

}  // namespace

Done QuestionText::set(std::string_view name, std::string_view value) {
  const struct {
    std::string_view name;
    std::string_view& field;
  } texts[] = {{"account_id", question_.account_id},
               {"instrument_id", question_.instrument_id},
               {"asset", question_.asset},
               {"device_id", question_.device_id},
               {"ip", question_.ip},
               {"address", question_.address}};
  for (const auto& text : texts) {
    if (text.name == name) {
      text.field = keep(value);
      return {};
    }
  }
  const struct {
    std::string_view name;
    std::optional<Decimal>& field;
  } numbers[] = {{"quantity", question_.quantity},
                 {"position", question_.position},
                 {"amount", question_.amount},
                 {"leverage", question_.leverage}};
  for (const auto& number : numbers) {
    if (number.name == name) {
      return put(number.field, decimal_in(name, value));
    }
  }
  if (name == "action") {
    return put(question_.action, word_in<GateAction>(name, value));
  }
  if (name == "side") {
    return put(question_.side, word_in<Side>(name, value));
  }
  if (name == "position_side") {
    return put(question_.position_side, word_in<PositionSide>(name, value));
  }
  if (name == "spot" || name == "liquidation") {
    return put(name == "spot" ? question_.spot : question_.liquidation, truth_in(name, value));
  }
  if (name == "position_opened_ts") {
    return put(question_.position_opened, time_in(name, value));
  }
  if (name == "now_ns") {
    return put(question_.now, time_in(name, value));
  }
  return std::unexpected("a question has no field " + std::string(name));
}

}  // namespace marktwacht
