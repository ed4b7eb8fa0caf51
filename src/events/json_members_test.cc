// Each form of value, and what is absent or malformed.
#include "events/json_members.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

constexpr std::string_view text =
    R"({"a":"x,\"}","n":-12,"d":"0.50","f":true,"l":["p",7],"o":{"i":[1,{"j":"]"}]},"z":null,"e":[]})";

TEST(JsonMembers, ReadsEachFormOfValue) {
  const auto object = JsonMembers::of(text);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->all().size(), 8u);
  EXPECT_EQ(object->text("a"), "x,\"}");
  EXPECT_EQ(object->integer("n"), -12);
  EXPECT_EQ(object->decimal("d"), parse_decimal("0.5"));
  EXPECT_EQ(object->decimal("n"), parse_decimal("-12"));
  EXPECT_EQ(object->flag("f"), true);
  EXPECT_EQ(object->texts("l"), (std::vector<std::string>{"p", "7"}));
  EXPECT_EQ(object->elements("e"), (std::vector<std::string_view>{}));
  const auto inner = JsonMembers::of(object->value("o"));
  ASSERT_TRUE(inner);
  ASSERT_EQ(inner->elements("i")->size(), 2u);
  EXPECT_EQ(JsonMembers::of((*inner->elements("i"))[1])->text("j"), "]");
}

TEST(JsonMembers, WhatIsAbsentOrOfAnotherFormIsNothing) {
  const auto object = JsonMembers::of(text);
  EXPECT_FALSE(object->has("z"));
  EXPECT_FALSE(object->has("b"));
  EXPECT_FALSE(object->integer("a"));
  EXPECT_FALSE(object->text("l"));
  EXPECT_FALSE(object->texts("a"));
  EXPECT_FALSE(object->flag("n"));
  EXPECT_FALSE(object->decimal("a"));
  for (const char* broken : {"", "[]", "{", R"({"a":1}x)", R"({"a":1,"a":2})", R"({"a"})"}) {
    EXPECT_FALSE(JsonMembers::of(broken)) << broken;
  }
}

}  // namespace
}  // namespace marktwacht
