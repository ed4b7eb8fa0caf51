// Decoding a line: simdjson finds the tokens, the type's plan names the keys, ndjson_value.cc reads
// the values. On-demand parsing looks only at what it is asked for, so every token is asked for.
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "events/json_text.h"
#include "events/ndjson.h"
#include "events/ndjson_plan.h"
#include "events/ndjson_value.h"
#include "events/shape.h"

namespace marktwacht {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' ||
                           text.back() == '\n')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

struct NdjsonReader::State {
  // Room for lines of `size` bytes: the parser itself would grow to the byte, again and again.
  void reserve(std::size_t size) {
    if (size > parser.capacity()) {
      const std::size_t room = std::max(std::bit_ceil(size), std::size_t{4096});
      check(parser.allocate(room) == simdjson::SUCCESS, "there is memory for a line's tokens");
    }
  }

  ondemand::parser parser;
  Plans plans;
  std::string scratch;
  std::vector<std::string_view> unknown_keys;
};

namespace {

// One line on its way to an event.
class Line {
 public:
  Line(std::string_view text, Plans& plans, std::vector<std::string_view>& unknown_keys,
       const ValueContext& context)
      : text_(text),
        plans_(plans),
        plan_(&plans.untyped()),
        unknown_keys_(unknown_keys),
        context_(context) {
    unknown_keys_.clear();
  }

  // False when the line is not JSON.
  bool read(ondemand::document& document) {
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) {
      return false;
    }
    if (!starts_with_type()) {
      if (!look_ahead_for_type(object)) {
        return false;
      }
      document.rewind();
      if (document.get_object().get(object) != simdjson::SUCCESS) {
        return false;
      }
    }
    // Past the end is no place: only there has all been read.
    return walk(object) && all_different(unknown_keys_) &&
           document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

  // After a good read: the first failure in the order of events.md.
  std::optional<Fault> fault() const {
    if (type_fault_) {
      return type_fault_;
    }
    if (type_ == nullptr) {
      return Fault{RejectReason::missing_field, "type"};
    }
    if (!ts_given_) {
      return Fault{RejectReason::missing_field, "ts"};
    }
    if (const std::uint64_t missing = plan_->required() & ~given_; missing != 0) {
      const auto first = static_cast<KeyCode>(std::countr_zero(missing));
      return Fault{RejectReason::missing_field, plan_->name(first)};
    }
    if (!bad_field_.empty()) {
      return Fault{RejectReason::bad_value, bad_field_};
    }
    return shape_fault(*event_);
  }

  // None when the line says none that we know.
  EventType type() const { return type_ == nullptr ? EventType{} : type_->type; }
  const Event* event() const { return event_; }
  std::uint64_t unknown_fields() const { return unknown_fields_; }

 private:
  // The usual line begins with its type: no need to look ahead.
  bool starts_with_type() const {
    static constexpr std::string_view usual = "{\"type\":";
    return text_.starts_with(usual);
  }

  // False when the line is found not to be JSON on the way; the rest is left to the walk.
  bool look_ahead_for_type(ondemand::object& object) {
    for (auto each : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(each).get(field) != simdjson::SUCCESS || !key_text(field.key().raw(), key)) {
        return false;
      }
      if (key == "type") {
        return take_type(take_token(field.value()));
      }
    }
    return true;
  }

  bool walk(ondemand::object& object) {
    KeyCode previous = type_key;
    for (auto each : object) {
      ondemand::field field;
      if (std::move(each).get(field) != simdjson::SUCCESS) {
        return false;
      }
      const char* key = field.key().raw();
      KeyCode code = plan_->guess(previous);
      if (!key_is(key, plan_->name(code)) && !find_key(key, previous, code)) {
        return false;
      }
      const std::string_view token = take_token(field.value());
      if (token.empty()) {
        return false;
      }
      if (code == unknown_key) {
        const ValueRead reading = read_any(token, context_);
        unknown_fields_ += reading == ValueRead::good ? 1 : 0;
        if (reading == ValueRead::broken) {
          return false;
        }
      } else {
        if (!(code < ts_key ? read_field(code, token) : read_common(code, token))) {
          return false;
        }
        previous = code;
      }
    }
    return true;
  }

  // The code of a key that was not guessed. False when the key is not JSON.
  bool find_key(const char* key, KeyCode previous, KeyCode& code) {
    std::string_view unescaped;
    if (!key_text(key, unescaped)) {
      return false;
    }
    code = plan_->find(unescaped);
    if (code == unknown_key) {
      unknown_keys_.push_back(unescaped);
    } else {
      plan_->learn(previous, code);
    }
    return true;
  }

  bool key_text(const char* key, std::string_view& unescaped) const {
    const char* quote = key - 1;
    const std::string_view rest(quote, static_cast<std::size_t>(end() - quote));
    const std::size_t size = json_string_size(rest);
    return size != 0 && read_string(rest.substr(0, size), context_, unescaped) == ValueRead::good;
  }

  const char* end() const { return text_.data() + text_.size(); }

  // The token of `value`, which is passed over; empty when there is none.
  std::string_view take_token(ondemand::value& value) const {
    const std::string_view raw = value.raw_json_token();
    if (raw.empty()) {
      return {};
    }
    if (raw.front() == '{' || raw.front() == '[') {
      return {raw.data(), static_cast<std::size_t>(end() - raw.data())};
    }
    if (raw.front() == '"' && value.get_raw_json_string().error() != simdjson::SUCCESS) {
      return {};
    }
    return trim_end(raw);
  }

  // False when the line is not JSON; so do the next ones.
  bool take_type(std::string_view token) {
    std::string_view word;
    const ValueRead reading = read_string(token, context_, word);
    if (reading == ValueRead::broken) {
      return false;
    }
    if (reading == ValueRead::bad) {
      type_fault_ = Fault{RejectReason::bad_value, "type"};
    } else if (reading == ValueRead::good) {
      Plan* plan = plans_.find(word);
      if (plan == nullptr) {
        type_fault_ = Fault{RejectReason::unknown_type, "type"};
      } else {
        plan_ = plan;
        type_ = plan->info();
        event_ = type_->make(context_.arena);
      }
    }
    return true;
  }

  bool read_field(KeyCode code, std::string_view token) {
    const std::uint64_t bit = std::uint64_t{1} << code;
    if ((seen_ & bit) != 0) {
      return false;
    }
    seen_ |= bit;
    const FieldInfo& field = type_->fields[code];
    const ValueRead reading = read_value(field, token, context_, *event_);
    if (reading == ValueRead::good) {
      event_->present |= bit;
      given_ |= bit;
      return true;
    }
    return not_good(reading, bit, field.name);
  }

  bool not_good(ValueRead reading, std::uint64_t bit, std::string_view name) {
    if (reading == ValueRead::bad) {
      given_ |= bit;
      bad_field_ = bad_field_.empty() ? name : bad_field_;
    }
    return reading != ValueRead::broken;
  }

  bool read_common(KeyCode code, std::string_view token) {
    const unsigned bit = 1U << (code - ts_key);
    if ((common_seen_ & bit) != 0) {
      return false;
    }
    common_seen_ |= bit;
    if (code == type_key) {
      // Taken already when the look ahead has found it.
      const bool taken = type_ != nullptr || type_fault_;
      return taken ? read_any(token, context_) != ValueRead::broken : take_type(token);
    }
    if (type_ == nullptr) {
      return read_any(token, context_) != ValueRead::broken;
    }
    const ValueRead reading = read_common_value(code, token);
    ts_given_ |= code == ts_key && (reading == ValueRead::good || reading == ValueRead::bad);
    return reading == ValueRead::good || not_good(reading, 0, plan_->name(code));
  }

  ValueRead read_common_value(KeyCode code, std::string_view token) {
    if (code == ts_key) {
      return read_time(token, context_, event_->ts);
    }
    if (code == source_key) {
      return read_id(token, context_, event_->source);
    }
    const ValueRead reading = read_integer(token, ~std::uint64_t{0}, context_, event_->source_seq);
    event_->has_source_seq = reading == ValueRead::good;
    return reading;
  }

  std::string_view text_;
  Plans& plans_;
  Plan* plan_;
  std::vector<std::string_view>& unknown_keys_;
  const ValueContext& context_;
  const EventInfo* type_ = nullptr;
  Event* event_ = nullptr;
  std::optional<Fault> type_fault_;
  std::string_view bad_field_;
  std::uint64_t seen_ = 0;   // keys of the table
  std::uint64_t given_ = 0;  // those with a value, good or bad
  unsigned common_seen_ = 0;
  bool ts_given_ = false;
  std::uint64_t unknown_fields_ = 0;
};

}  // namespace

NdjsonReader::NdjsonReader() : state_(std::make_unique<State>()) {
  static_assert(padding >= simdjson::SIMDJSON_PADDING);
}

NdjsonReader::~NdjsonReader() = default;

void NdjsonReader::read(std::string_view line, Batch& batch, Item& item) {
  item.event = nullptr;
  item.fault = {};
  item.type = {};
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  if (line.size() > line_bytes_max) {
    item.fault = {RejectReason::too_large, {}};
    return;
  }
  State& state = *state_;
  state.reserve(line.size());
  const bool escapes = line.find('\\') != line.npos;
  const ValueContext context{batch.arena, state.scratch, escapes};
  Line decoding(line, state.plans, state.unknown_keys, context);
  ondemand::document document;
  const auto error =
      state.parser.iterate(line.data(), line.size(), line.size() + padding).get(document);
  if (error != simdjson::SUCCESS || !decoding.read(document)) {
    const bool deep = bracket_levels(line) > line_levels_max;
    item.fault = {deep ? RejectReason::too_deep : RejectReason::json, {}};
    return;
  }
  item.type = decoding.type();
  if (const auto fault = decoding.fault()) {
    item.fault = *fault;
    return;
  }
  item.event = decoding.event();
  batch.unknown_fields += decoding.unknown_fields();
}

}  // namespace marktwacht
