// Test support: stories of enforcement, `scenarios/enforcement/*.case`, from an alert to a measure
// and back. The language: docs/scenarios.md, "Stories of enforcement".
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

struct MeasureStoryLine {
  int number = 0;  // in the file, from 1
  std::string text;
};

struct MeasureStory {
  std::string title;  // a sentence
  int line = 0;
  std::vector<MeasureStoryLine> lines;  // what is given for the whole file first
};

std::vector<MeasureStory> read_measure_stories(std::string_view text);

// What a story has shown, so that a test can ask whether all of them together show everything.
struct MeasureStoryCover {
  std::set<std::string> refusals;
  std::set<std::string> ends;   // "freeze_account expired"
  std::set<std::string> kinds;  // that took effect
  std::set<std::string> rungs;  // "2.10/1 close_only", and "… automatic"
};

// Runs the story live; then what was taken is taken again with a snapshot after each record, and
// once more from the bytes of a journal that this made. Gives what is wrong, one a line.
std::vector<std::string> run_measure_story(const MeasureStory& story, MeasureStoryCover& cover);

}  // namespace marktwacht
