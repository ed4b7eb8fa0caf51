// The run-time table, and the page that describes it.
#include "events/event.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace marktwacht {
namespace {

TEST(EventTable, CodesAndWordsFindTheirType) {
  EXPECT_EQ(event_info(std::size_t{0}), nullptr);
  EXPECT_EQ(event_info(event_types_end), nullptr);
  EXPECT_EQ(find_event_info(""), nullptr);
  EXPECT_EQ(find_event_info("orders"), nullptr);
  std::set<std::string_view> words;
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo* info = event_info(code);
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(static_cast<std::size_t>(info->type), code);
    EXPECT_EQ(find_event_info(info->word), info);
    EXPECT_TRUE(words.insert(info->word).second);
  }
}

TEST(EventTable, MadeEventsAreFreshAndOfTheirType) {
  Arena arena;
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const Event* event = event_info(code)->make(arena);
    EXPECT_EQ(event->type, event_info(code)->type);
    EXPECT_EQ(event->present, 0U);
    EXPECT_TRUE(visit(*event, [&](const auto& own) { return own.event_type == event->type; }));
  }
}

TEST(EventTable, MembersAreWhereTheTableSays) {
  event::Order order;
  const auto fields = event_info(EventType::order).fields;
  member<Decimal>(order, fields[static_cast<std::size_t>(event::Order::Field::price)]) = {5, 0};
  member<bool>(order, fields[static_cast<std::size_t>(event::Order::Field::reduce_only)]) = true;
  EXPECT_EQ(order.price, (Decimal{5, 0}));
  EXPECT_TRUE(order.reduce_only);
}

TEST(EventTable, KeywordsLoseTheirUnderscore) {
  EXPECT_EQ(word_of(PositionSide::long_), "long");
  EXPECT_EQ(word_of(PositionSide::short_), "short");
  EXPECT_EQ(word_of(Side::buy), "buy");
}

TEST(EventTable, SchemaHashIsStable) {
  EXPECT_EQ(schema_hash(), schema_hash());
  EXPECT_NE(schema_hash(), Digest{});
}

std::string kind_words(const FieldInfo& field) {
  switch (field.kind) {
    case FieldKind::id:
      return "id";
    case FieldKind::ids:
      return "list of ids";
    case FieldKind::free_text:
      return "text";
    case FieldKind::json:
      return "JSON";
    case FieldKind::decimal:
      return "decimal";
    case FieldKind::positive:
      return "decimal > 0";
    case FieldKind::non_negative:
      return "decimal ≥ 0";
    case FieldKind::count:
      return field.max == INT64_MAX ? "count" : "count ≤ " + std::to_string(field.max);
    case FieldKind::time:
      return "time";
    case FieldKind::flag:
      return "flag";
    case FieldKind::minutes:
      return "list of HH:MM";
    case FieldKind::word:
    case FieldKind::word_set:
      break;
  }
  std::string text = field.kind == FieldKind::word_set ? "list of: " : "";
  for (const std::string_view word : field.words) {
    text += std::string(&word == field.words.data() ? "" : " · ") + std::string(word);
  }
  return text;
}

std::string section_of(const EventInfo& info) {
  constexpr std::string_view origins[] = {"any source", "a `trusted` source",
                                          "an authenticated person", "the command edge",
                                          "the engine itself"};
  std::string text = "### `" + std::string(info.word) + "`\nFrom " +
                     std::string(origins[static_cast<std::size_t>(info.origin)]) + ".\n";
  text += info.fields.empty() ? "" : "\n| field | value |\n| --- | --- |\n";
  for (const FieldInfo& field : info.fields) {
    text += "| " + std::string(field.need == Need::required ? "★" : "") + "`" +
            std::string(field.name) + "` | " + kind_words(field) + " |\n";
  }
  return text;
}

// docs/formats/events.md repeats the table for its readers.
TEST(EventTable, ThePageSaysTheSame) {
  const std::string here = __FILE__;
  const std::string path = here.substr(0, here.rfind("src/events/")) + "docs/formats/events.md";
  std::stringstream page;
  page << std::ifstream(path).rdbuf() << "\n";
  ASSERT_GT(page.str().size(), 1U) << path;
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const std::string section = section_of(*event_info(code));
    EXPECT_NE(page.str().find("\n" + section + "\n"), std::string::npos) << path << " should say:\n"
                                                                         << section;
  }
}

}  // namespace
}  // namespace marktwacht
