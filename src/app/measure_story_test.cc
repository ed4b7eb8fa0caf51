// Every file of scenarios/enforcement goes as it says, live, cut anywhere and from its journal; and
// together they show every kind of measure, every step of the ladder, every refusal.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "app/measure_story_twin.h"

namespace marktwacht {
namespace {

const std::string folder = MARKTWACHT_SOURCE_DIR "/scenarios/enforcement/";

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> all_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".case") {
      names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  return names;
}

class MeasureStoryFileTest : public testing::TestWithParam<std::string> {};

TEST_P(MeasureStoryFileTest, GoesAsItSaysInEveryWay) {
  const std::string path = folder + GetParam() + ".case";
  const auto stories = read_measure_stories(text_of_file(path));
  ASSERT_FALSE(stories.empty()) << path << " has no `story: …`";
  for (const MeasureStory& story : stories) {
    MeasureStoryCover cover;
    for (const std::string& fault : run_measure_story(story, cover)) {
      ADD_FAILURE() << path << ":" << story.line << ": " << story.title << "\n    " << fault;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Enforcement, MeasureStoryFileTest, testing::ValuesIn(all_files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace marktwacht
