// A recorded alert line, back into an alert; alert_json.cc writes it.
#include <algorithm>

#include "alerts/alert.h"
#include "events/json_members.h"

namespace marktwacht {
namespace {

// Takes the members of a line one by one; the first fault is kept.
class LineReader {
 public:
  explicit LineReader(const JsonMembers& line) : line_(line) {}

  std::string text(std::string_view name) {
    auto text = line_.text(name);
    if (!text || text->empty()) {
      fail(name, "must be a text");
    }
    return text.value_or("");
  }
  std::string optional_text(std::string_view name) { return line_.text(name).value_or(""); }
  std::uint64_t number(std::string_view name, std::uint64_t least) {
    const auto number = line_.number(name);
    if (!number || *number < least) {
      fail(name, "must be a whole number from " + std::to_string(least));
    }
    return number.value_or(0);
  }
  Time time(std::string_view name) {
    const auto ns = line_.integer(name);
    if (!ns || *ns < 0) {
      fail(name, "must be a time in nanoseconds since 1970");
    }
    return Time{ns.value_or(0)};
  }
  template <class Word>
  Word word(std::string_view name) {
    const auto& words = Words<Word>::list;
    const auto found = std::ranges::find(words, line_.text(name).value_or(""));
    if (found == words.end()) {
      fail(name, "is none of its words");
      return {};
    }
    return static_cast<Word>(found - words.begin());
  }
  // Calls `take` with each element of an array; it says whether that is one.
  template <class Take>
  void each(std::string_view name, Take take) {
    const auto elements = line_.elements(name);
    if (!elements || !std::ranges::all_of(*elements, take)) {
      fail(name, "must be an array as alerts/schema.json says");
    }
  }
  // Each as an object.
  template <class Take>
  void each_object(std::string_view name, Take take) {
    each(name, [&](std::string_view element) {
      const auto object = JsonMembers::of(element);
      return object && take(*object);
    });
  }

  void fail(std::string_view name, const std::string& what) {
    if (fault_.empty()) {
      fault_ = "\"" + std::string(name) + "\" " + what;
    }
  }
  const std::string& fault() const { return fault_; }

 private:
  const JsonMembers& line_;
  std::string fault_;
};

std::shared_ptr<const FindingSource> read_source(LineReader& line) {
  FindingSource source;
  source.detector = line.text("detector");
  source.rulebook = line.optional_text("rulebook");
  source.rulebook_id = source.rulebook.substr(0, source.rulebook.rfind('@'));
  source.clause = line.text("clause");
  source.severity = line.word<Severity>("severity");
  source.maturity = line.word<Maturity>("maturity");
  return std::make_shared<const FindingSource>(std::move(source));
}

std::optional<std::uint64_t> seq_of(std::string_view digits) {
  const std::string object = "{\"seq\":" + std::string(digits) + "}";
  const auto members = JsonMembers::of(object);
  return members ? members->number("seq") : std::nullopt;
}

void read_numbers(LineReader& line, Alert& alert) {
  alert.score = static_cast<int>(std::min<std::uint64_t>(line.number("score", 0), 100));
  alert.first_seq = line.number("first_seq", 0);
  alert.last_seq = line.number("last_seq", 0);
  alert.evidence.count = line.number("evidence_count", 0);
  line.each("evidence", [&](std::string_view each) {
    const auto seq = seq_of(each);
    alert.evidence.seqs.push_back(seq.value_or(0));
    return seq.has_value();
  });
  line.each_object("facts", [&](const JsonMembers& fact) {
    alert.facts.push_back({fact.text("name").value_or(""), fact.text("value").value_or(""),
                           fact.text("limit").value_or("")});
    return !alert.facts.back().name.empty();
  });
  line.each_object("score_parts", [&](const JsonMembers& part) {
    const auto points = part.integer("points");
    alert.score_parts.push_back(
        {part.text("name").value_or(""), static_cast<int>(points.value_or(0))});
    if (!points) {
      line.fail("score_parts", "have \"points\"");
    }
    return true;
  });
}

}  // namespace

std::expected<Alert, std::string> read_alert(std::string_view text) {
  const auto members = JsonMembers::of(text);
  if (!members) {
    return std::unexpected("is no JSON object on one line");
  }
  LineReader line(*members);
  Alert alert;
  alert.alert_id = line.text("alert_id");
  alert.revision = line.number("revision", 1);
  alert.state = line.word<AlertState>("state");
  alert.source = read_source(line);
  if (auto ids = members->texts("account_ids")) {
    alert.account_ids = *std::move(ids);
    std::ranges::sort(alert.account_ids);
  } else {
    line.fail("account_ids", "must be an array of texts");
  }
  alert.group_id = line.optional_text("group_id");
  alert.instrument_id = line.optional_text("instrument_id");
  alert.from = line.time("from_ts");
  alert.to = line.time("to_ts");
  read_numbers(line, alert);
  if (const auto gain = JsonMembers::of(members->value("gain"))) {
    alert.gain = {gain->text("currency").value_or(""), gain->text("amount").value_or("")};
  }
  return line.fault().empty() ? std::expected<Alert, std::string>(std::move(alert))
                              : std::unexpected(line.fault());
}

}  // namespace marktwacht
