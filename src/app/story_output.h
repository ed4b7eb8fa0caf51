// A story as people and programs read it.
#pragma once

#include <cstddef>
#include <string>

#include "app/story.h"
#include "app/story_language.h"

namespace marktwacht {

// Plain text. Of more than `events_max` events the first and the last ones are told, and how many
// are left out.
std::string story_text(const Story& story, StoryLanguage language, std::size_t events_max);

// One JSON object (docs/explain.md), without a line end.
std::string story_json(const Story& story, std::size_t events_max);

// Parts of it, likewise.
void write_story_event(const StoryEvent& event, std::string& out);
void write_story_level(const StoryLevel& level, std::string& out);

// How many of the first and last events are told, where `events_max` are asked for.
struct StoryCut {
  std::size_t first = 0, last = 0, left_out = 0;
};
StoryCut cut_of(const Story& story, std::size_t events_max);

}  // namespace marktwacht
