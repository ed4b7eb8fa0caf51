// Every file of scenarios/enforcement goes as it says, live, cut anywhere and from its journal; and
// together they show every kind of measure, every step of the ladder, every refusal.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/measure_story_twin.h"
#include "cases/refusal.h"
#include "measures/measure_table.h"
#include "measures/policy.h"

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

MeasureStoryCover shown_by_all() {
  MeasureStoryCover cover;
  for (const std::string& file : all_files()) {
    for (const MeasureStory& story : read_measure_stories(text_of_file(folder + file + ".case"))) {
      EXPECT_EQ(run_measure_story(story, cover), std::vector<std::string>{}) << story.title;
    }
  }
  return cover;
}

// How a measure is called once it was undone in this way.
std::string end_by(MeasureUndo undo) {
  return undo == MeasureUndo::expiry                                           ? "expired"
         : undo == MeasureUndo::reverse || undo == MeasureUndo::mirrored_entry ? "reversed"
                                                                               : "released";
}

TEST(MeasureStoryTest, TogetherTheyShowEachKindEachStepOfTheLadderAndEachRefusal) {
  const MeasureStoryCover cover = shown_by_all();
  for (const std::string_view refusal : Words<Refusal>::list) {
    EXPECT_TRUE(refusal == "none" || cover.refusals.contains(std::string(refusal))) << refusal;
  }
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const std::string kind(Words<MeasureKind>::list[i]);
    EXPECT_TRUE(cover.kinds.contains(kind)) << kind;
    for (const MeasureUndo undo : terms_of(static_cast<MeasureKind>(i)).undone_by.list()) {
      EXPECT_TRUE(cover.ends.contains(kind + " " + end_by(undo))) << kind << " " << word_of(undo);
    }
  }
  for (const LadderRow& row : default_policy().ladder) {
    for (std::size_t step = 0; step < row.steps.size(); ++step) {
      for (const Proposal& proposal : row.steps[step].proposals) {
        const std::string rung =
            row.id + "/" + std::to_string(step + 1) + " " + std::string(word_of(proposal.kind));
        EXPECT_TRUE(cover.rungs.contains(rung)) << rung;
        EXPECT_TRUE(!proposal.automatic.allowed || cover.rungs.contains(rung + " automatic"))
            << rung << " automatic";
      }
    }
  }
}

TEST(MeasureStoryTest, WhatIsWrongIsSaid) {
  const auto faults_of = [](const std::string& lines) {
    MeasureStoryCover cover;
    std::string all;
    for (const MeasureStory& story : read_measure_stories(
             "account ann\nstory: s\n09:00 alert pump 2.12 low score 60 on ann\n" + lines)) {
      for (const std::string& fault : run_measure_story(story, cover)) {
        all += fault + "\n";
      }
    }
    return all;
  };
  const std::string good = "expect proposal M1: watch for ann\n";
  EXPECT_EQ(faults_of(good), "");
  for (const std::string bad : {"", "expect proposal M1: warn for ann\n", "expect no proposal\n"}) {
    EXPECT_NE(faults_of(bad), "") << bad;
  }
  for (const std::string bad :
       {"expect M1 adopted", "anna approves M1", "anna adopts M1 → refused: stale", "expect M7 new",
        "expect gate: ann withdraw denied by watch", "expect exchange: notice ann",
        "the exchange answers applied for all", "expect stuck: M1 failed",
        "expect ledger: ann 5 USDT", "expect C1 holds A2", "08:00 expect M1 proposed", "nonsense",
        "expect cases: 2", "anna adopts M1 twice"}) {
    EXPECT_NE(faults_of(good + bad + "\n"), "") << bad;
  }
}

INSTANTIATE_TEST_SUITE_P(Enforcement, MeasureStoryFileTest, testing::ValuesIn(all_files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace marktwacht
