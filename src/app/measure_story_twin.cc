// See measure_story_twin.h.
#include "app/measure_story_twin.h"

#include <algorithm>

#include "app/measure_teller_twin.h"

namespace marktwacht {
namespace {

// Without what follows a `#` after a space, and without spaces around.
std::string bare(std::string_view line) {
  const std::size_t comment = line.starts_with('#') ? 0 : line.find(" #");
  line = line.substr(0, comment);
  const std::size_t begin = line.find_first_not_of(" \t\r");
  return begin == line.npos
             ? ""
             : std::string(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
}

}  // namespace

std::vector<MeasureStory> read_measure_stories(std::string_view text) {
  std::vector<MeasureStory> stories;
  std::vector<MeasureStoryLine> given;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = bare(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("story: ")) {
      stories.push_back({line.substr(7), number, given});
    } else if (!line.empty()) {
      (stories.empty() ? given : stories.back().lines).push_back({number, line});
    }
  }
  return stories;
}

std::vector<std::string> run_measure_story(const MeasureStory& story, MeasureStoryCover& cover) {
  MeasureRun run;
  MeasureTeller teller(run, cover);
  std::vector<std::string> faults;
  for (const MeasureStoryLine& line : story.lines) {
    if (const std::string wrong = teller.tell(line.text); !wrong.empty()) {
      faults.push_back("line " + std::to_string(line.number) + ": " + wrong);
    }
  }
  for (const std::string& wrong :
       {teller.finish(), cut_differs(run), replay_differs(run), lines_differ_from_schemas(run)}) {
    if (!wrong.empty()) {
      faults.push_back(wrong);
    }
  }
  return faults;
}

}  // namespace marktwacht
