// Sections first, then each variant's changes to the story, then the events of each.
#include "app/scenario_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/scenario_story.h"

namespace marktwacht {
namespace {

// Without spaces around, one between words, and without what follows a `#` after a space.
std::string normal(std::string_view line) {
  std::string text;
  for (const char c : line) {
    if (c == '#' && (text.empty() || text.back() == ' ')) {
      break;
    }
    if (c != ' ' && c != '\t' && c != '\r') {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  return text.ends_with(' ') ? text.substr(0, text.size() - 1) : text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A case before its events are made: what it changes of the story.
struct Section {
  ScenarioCase made;
  std::vector<ScenarioPart> changes;  // "- line" and "+ line"
};

class Sections {
 public:
  explicit Sections(std::vector<ScenarioPart>& errors) : errors_(errors) { sections_.resize(1); }

  void take(int line, std::string_view raw) {
    const std::string text = normal(raw);
    if (text.empty()) {
      return;
    }
    if (in_expect_ && raw.starts_with(' ')) {
      current().made.expected.push_back(text);
      current().made.expect_end = line + 1;
      return;
    }
    in_expect_ = false;
    if (text == "expect" || text == "expect nothing") {
      open_expect(line, text == "expect");
    } else if (!open_variant(line, text)) {
      take_line({line, text});
    }
  }

  std::vector<Section>& finish() {
    for (const Section& section : sections_) {
      const ScenarioCase& made = section.made;
      if (made.expect_begin == 0) {
        errors_.push_back({made.line, "this case lacks its `expect` or `expect nothing`"});
      }
      const auto count = [&](char sign) {
        return std::ranges::count_if(section.changes,
                                     [&](const auto& part) { return part.text[0] == sign; });
      };
      if (made.kind != ScenarioKind::story && section.changes.empty()) {
        errors_.push_back({made.line, "this case changes nothing of the story"});
      } else if (made.kind == ScenarioKind::twin && (count('-') > 1 || count('+') > 1)) {
        errors_.push_back({made.line, "a twin differs from the story in one line"});
      }
    }
    return sections_;
  }

  const std::vector<ScenarioPart>& story() const { return story_; }

 private:
  Section& current() { return sections_.back(); }

  void open_expect(int line, bool with_lines) {
    if (current().made.expect_begin != 0) {
      errors_.push_back({line, "this case has its expect already"});
    }
    current().made.expect_begin = line;
    current().made.expect_end = line + 1;
    in_expect_ = with_lines;
  }

  bool open_variant(int line, const std::string& text) {
    constexpr std::pair<std::string_view, ScenarioKind> heads[] = {
        {"twin:", ScenarioKind::twin},
        {"look-alike:", ScenarioKind::look_alike},
        {"variant:", ScenarioKind::variant}};
    for (const auto& [head, kind] : heads) {
      if (text.starts_with(head)) {
        sections_.emplace_back();
        current().made.kind = kind;
        current().made.line = line;
        current().made.title = normal(text.substr(head.size()));
        if (current().made.title.empty()) {
          errors_.push_back({line, "say behind the colon what is different"});
        }
        return true;
      }
    }
    return false;
  }

  void take_line(ScenarioPart line) {
    if (sections_.size() > 1) {
      if (!line.text.starts_with("- ") && !line.text.starts_with("+ ")) {
        errors_.push_back(
            {line.line, "a variant says `- line of the story`, `+ new line`, expect"});
      } else {
        current().changes.push_back(std::move(line));
      }
    } else if (current().made.expect_begin != 0) {
      errors_.push_back({line.line, "the story ends with its expect"});
    } else {
      current().made.line = current().made.line == 0 ? line.line : current().made.line;
      story_.push_back(std::move(line));
    }
  }

  std::vector<ScenarioPart>& errors_;
  std::vector<ScenarioPart> story_;
  std::vector<Section> sections_;
  bool in_expect_ = false;
};

// Where a new line goes that replaces none: settings before what happens, else at the end.
std::ptrdiff_t place_for(const std::vector<ScenarioPart>& story, const std::string& text) {
  const auto end =
      is_timed(text) ? story.end() : std::ranges::find_if(story, [](const ScenarioPart& line) {
        return is_timed(line.text);
      });
  return end - story.begin();
}

std::vector<ScenarioPart> changed(std::vector<ScenarioPart> story,
                                  const std::vector<ScenarioPart>& changes,
                                  std::vector<ScenarioPart>& errors) {
  std::optional<std::ptrdiff_t> place;
  for (const ScenarioPart& change : changes) {
    const std::string text = change.text.substr(2);
    if (change.text[0] == '+') {
      const std::ptrdiff_t at = place ? *place : place_for(story, text);
      story.insert(story.begin() + at, {change.line, text});
      place = place ? std::optional(at + 1) : std::nullopt;
      continue;
    }
    const auto same = [&](const ScenarioPart& line) { return line.text == text; };
    const auto found = std::ranges::find_if(story, same);
    if (const auto count = std::ranges::count_if(story, same); count != 1) {
      errors.push_back({change.line, "the story has this line " + std::to_string(count) +
                                         " times: it must have it once"});
    } else {
      place = found - story.begin();
      story.erase(found);
    }
  }
  return story;
}

}  // namespace

std::expected<Scenario, std::vector<ScenarioPart>> parse_scenario(std::string_view text) {
  std::vector<ScenarioPart> errors;
  Sections sections(errors);
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    sections.take(++number, line);
  }
  Scenario scenario;
  for (Section& section : sections.finish()) {
    const auto story = changed(sections.story(), section.changes, errors);
    if (scenario.cases.empty() || errors.empty()) {  // its errors would be the story's again
      StoryReader(section.made, errors).read(story);
    }
    scenario.cases.push_back(std::move(section.made));
  }
  if (!errors.empty()) {
    std::ranges::stable_sort(errors, {}, &ScenarioPart::line);
    return std::unexpected(std::move(errors));
  }
  return scenario;
}

std::string with_expectations(std::string_view text, const Scenario& scenario,
                              const std::vector<std::vector<std::string>>& alerts) {
  const auto lines = lines_of(text);
  std::string out;
  const auto copy = [&](int begin, int end) {
    for (int line = begin; line < end; ++line) {
      out += std::string(lines[static_cast<std::size_t>(line - 1)]) + "\n";
    }
  };
  int next = 1;
  for (std::size_t i = 0; i < scenario.cases.size(); ++i) {
    copy(next, scenario.cases[i].expect_begin);
    next = scenario.cases[i].expect_end;
    out += alerts[i].empty() ? "expect nothing\n" : "expect\n";
    for (const std::string& alert : alerts[i]) {
      out += "  " + alert + "\n";
    }
  }
  copy(next, static_cast<int>(lines.size()) + 1);
  return out;
}

std::string format_parts(std::string_view file, const std::vector<ScenarioPart>& parts) {
  std::string out;
  for (const ScenarioPart& part : parts) {
    out += std::string(file) + ":" + std::to_string(part.line) + ": " + part.text + "\n";
  }
  return out;
}

}  // namespace marktwacht
