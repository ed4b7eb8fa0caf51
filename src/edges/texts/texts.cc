// Words and number marks of both languages, and the sentences made of them.
#include "edges/texts/texts.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/decimal.h"

namespace marktwacht {
namespace {

enum class Language : std::uint8_t { en, de };

// The text in the language asked for.
std::string_view say(Language language, std::string_view en, std::string_view de) {
  return language == Language::en ? en : de;
}

bool is_plain_number(std::string_view text) {
  return parse_decimal(text) && text.find_first_of("eE") == text.npos;
}

// "-1234567.50" as "-1,234,567.50" or "-1.234.567,50"; what is no plain number stays as it is.
std::string readable(std::string_view value, Language language) {
  if (!is_plain_number(value)) {
    return std::string(value);
  }
  const std::size_t begin = value.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(value.find('.'), value.size());
  std::string out(value.substr(0, begin));
  for (std::size_t at = begin; at < point; ++at) {
    if (at > begin && (point - at) % 3 == 0) {
      out += say(language, ",", ".");
    }
    out.push_back(value[at]);
  }
  if (point < value.size()) {
    out += say(language, ".", ",");
    out += value.substr(point + 1);
  }
  return out;
}

std::string readable_name(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '_', ' ');
  return out;
}

// "a, b and c"; of many the first ones and how many more there are.
std::string list_of(const std::vector<std::string>& names, Language language) {
  constexpr std::size_t shown_max = 5;
  const bool all = names.size() <= shown_max;
  const std::size_t shown = all ? names.size() : shown_max;
  const std::string_view last_comma = say(language, " and ", " und ");
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) {
    out += i == 0 ? "" : all && i + 1 == shown ? last_comma : ", ";
    out += names[i];
  }
  if (!all) {
    out += last_comma;
    out += readable(std::to_string(names.size() - shown), language);
    out += say(language, " more", " weitere");
  }
  return out;
}

// "2025-10-27 00:00:00.25" or "27.10.2025 um 00:00:00,25 Uhr"; exact, in UTC.
std::string moment(Time time, Language language) {
  const std::string text = format_rfc3339(time);
  std::string clock = text.substr(11, text.find('Z') - 11);
  clock.erase(clock.find_last_not_of('0') + 1);
  if (clock.ends_with('.')) {
    clock.pop_back();
  }
  if (language == Language::en) {
    return text.substr(0, 10) + " " + clock;
  }
  std::ranges::replace(clock, '.', ',');
  return text.substr(8, 2) + "." + text.substr(5, 2) + "." + text.substr(0, 4) + " um " + clock +
         " Uhr";
}

const Fact* fact_of(const Alert& alert, std::string_view name) {
  const auto found = std::ranges::find(alert.facts, name, &Fact::name);
  return found == alert.facts.end() ? nullptr : &*found;
}

// What a placeholder stands for; nothing for one that means nothing here.
std::optional<std::string> meaning(const Alert& alert, std::string_view name, Language language) {
  if (const Fact* fact = fact_of(alert, name)) {
    return readable(fact->value, language);
  }
  constexpr std::string_view limit_of = ".limit";
  if (name.ends_with(limit_of)) {
    const Fact* fact = fact_of(alert, name.substr(0, name.size() - limit_of.size()));
    if (fact != nullptr && !fact->limit.empty()) {
      return readable(fact->limit, language);
    }
  }
  if (name == "accounts") {
    return alert.account_ids.empty() ? std::string(say(language, "no account", "kein Konto"))
                                     : list_of(alert.account_ids, language);
  }
  if (name == "instrument") {
    return alert.instrument_id.empty()
               ? std::string(say(language, "all instruments", "alle Instrumente"))
               : alert.instrument_id;
  }
  return std::nullopt;
}

std::string fill_in(std::string_view pattern, const Alert& alert, Language language) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    const std::size_t end = pattern.find_first_of("{}", 1);
    if (end == pattern.npos || pattern[end] == '{') {  // not closed: no placeholder
      const std::size_t size = std::min(end, pattern.size());
      out += pattern.substr(0, size);
      pattern.remove_prefix(size);
      continue;
    }
    const std::string_view whole = pattern.substr(0, end + 1);
    const auto value = meaning(alert, whole.substr(1, whole.size() - 2), language);
    out += value ? *value : std::string(whole);
    pattern.remove_prefix(whole.size());
  }
  return out;
}

// " for group g-a (accounts a and b)", " bei Konto a"; nothing where the instrument is the subject.
std::string subject(const Alert& alert, Language language) {
  const std::string accounts = list_of(alert.account_ids, language);
  const bool one = alert.account_ids.size() == 1;
  std::string out;
  if (!alert.group_id.empty()) {
    out += say(language, " for group ", " bei der Gruppe ");
    out += alert.group_id;
    if (!accounts.empty()) {
      out +=
          one ? say(language, " (account ", " (Konto ") : say(language, " (accounts ", " (Konten ");
      out += accounts + ")";
    }
  } else if (!accounts.empty()) {
    out += one ? say(language, " for account ", " bei Konto ")
               : say(language, " for accounts ", " bei den Konten ");
    out += accounts;
  }
  if (!alert.instrument_id.empty()) {
    out += say(language, " on ", " im Instrument ");
    out += alert.instrument_id;
  }
  return out;
}

std::string window(const Alert& alert, Language language) {
  std::string out;
  if (alert.from == alert.to) {
    out += say(language, " at ", " am ");
    out += moment(alert.to, language);
  } else {
    out += say(language, " between ", " zwischen dem ");
    out += moment(alert.from, language);
    out += say(language, " and ", " und dem ");
    out += moment(alert.to, language);
  }
  out += say(language, " UTC", " (UTC)");
  return out;
}

// Facts that say something about the alert itself.
constexpr std::string_view warming = "warming";
constexpr std::string_view superseded_by = "superseded_by";
constexpr std::string_view closed_by = "closed_by";

std::string leading_fact(const Alert& alert, Language language) {
  if (alert.facts.empty()) {
    return {};
  }
  const Fact& fact = alert.facts.front();
  if (fact.name == warming || fact.name == superseded_by || fact.name == closed_by) {
    return {};
  }
  std::string out = ": " + readable_name(fact.name) + " " + readable(fact.value, language);
  if (!fact.limit.empty()) {
    out += say(language, " (limit ", " (Grenzwert ");
    out += readable(fact.limit, language) + ")";
  }
  return out;
}

std::string general_sentence(const Alert& alert, Language language) {
  const FindingSource& source = *alert.source;
  std::string out(source.is_rule ? say(language, "Rule ", "Die Regel ")
                                 : say(language, "Detector ", "Der Detektor "));
  out += source.detector;
  out += say(language, " (clause ", " (Ziffer ");
  out += source.clause;
  out += say(language, ") fired", ") hat");
  out += subject(alert, language);
  out += window(alert, language);
  out += say(language, "", " angeschlagen");
  return out + leading_fact(alert, language) + ".";
}

std::string closing_sentence(std::string_view reason, Language language) {
  if (reason == "rule_removed") {
    return std::string(say(language, " Closed because the rule was removed.",
                           " Geschlossen, weil die Regel entfernt wurde."));
  }
  if (reason == "rule_changed") {
    return std::string(say(language, " Closed because the rule was changed.",
                           " Geschlossen, weil die Regel geändert wurde."));
  }
  if (reason == "detector_removed") {
    return std::string(say(language, " Closed because the detector is no longer in force.",
                           " Geschlossen, weil der Detektor nicht mehr in Kraft ist."));
  }
  if (reason == "detector_changed") {
    return std::string(say(language, " Closed because the detector's numbers were changed.",
                           " Geschlossen, weil die Zahlen des Detektors geändert wurden."));
  }
  return std::string(say(language, " Closed by ", " Geschlossen durch ")) + std::string(reason) +
         ".";
}

std::string notes(const Alert& alert, Language language) {
  std::string out;
  if (fact_of(alert, warming) != nullptr) {
    out += say(language,
               " The rule was loaded while this window was already running: what came before is "
               "not counted.",
               " Die Regel wurde geladen, als dieser Zeitraum schon lief: was davor geschah, ist "
               "nicht mitgezählt.");
  }
  if (const Fact* fact = fact_of(alert, superseded_by)) {
    out += say(language, " Continued as alert ", " Fortgeführt als Alarm ");
    out += fact->value + ".";
  }
  if (const Fact* fact = fact_of(alert, closed_by)) {
    out += closing_sentence(fact->value, language);
  }
  return out;
}

std::string sentences(const Alert& alert, const std::string& pattern, Language language) {
  const std::string first =
      pattern.empty() ? general_sentence(alert, language) : fill_in(pattern, alert, language);
  const std::string rest = notes(alert, language);
  const bool open_end = !rest.empty() && !first.ends_with('.') && !first.ends_with('!');
  return first + (open_end ? "." : "") + rest;
}

}  // namespace

AlertText render_text(const Alert& alert) {
  return {sentences(alert, alert.source->text_en, Language::en),
          sentences(alert, alert.source->text_de, Language::de)};
}

}  // namespace marktwacht
