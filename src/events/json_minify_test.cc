// What comes in may be anything.
#include "events/json_minify.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

TEST(JsonMinify, takes_the_spaces_and_leaves_all_else) {
  EXPECT_EQ(minified_json("{ \"a b\" : [ 1.10 , \"x  y\\n\" ] ,\n\"n\":123456789012345678901.5 }"),
            "{\"a b\":[1.10,\"x  y\\n\"],\"n\":123456789012345678901.5}");
}

TEST(JsonMinify, is_nothing_where_there_is_no_json) {
  for (const char* text : {"", "{", "{\"a\"}", "nul", "{\"a\":01}", "{} {}", "\xff"}) {
    EXPECT_FALSE(minified_json(text)) << text;
  }
}

}  // namespace
}  // namespace marktwacht
