// The JSON grammar against chosen texts and against simdjson's DOM parser on mutated documents.
#include "events/json_text.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <set>

namespace marktwacht {
namespace {

TEST(JsonText, Numbers) {
  for (const char* text : {"0", "-0", "1", "-1", "10", "123456789012345678901234567890", "0.5",
                           "-0.5", "1.0", "1e5", "1E5", "1e+5", "1e-5", "0e0", "1.25E-007"}) {
    EXPECT_TRUE(is_json_number(text)) << text;
  }
  for (const char* text :
       {"",     "-",  "+1", "01", "-01", "00",  ".5",  "1.",    "1.e5",  "1e", "1e+",
        "1e5.", "1 ", " 1", "1a", "--1", "0x1", "NaN", "1.2.3", "1e5e5", "٣"}) {
    EXPECT_FALSE(is_json_number(text)) << text;
  }
  EXPECT_TRUE(is_json_integer("0"));
  EXPECT_TRUE(is_json_integer("-7"));
  EXPECT_TRUE(is_json_integer("123456789012345678901234567890"));
  for (const char* text : {"", "-", "01", "1.0", "1e5", "1.", "a", "1 "}) {
    EXPECT_FALSE(is_json_integer(text)) << text;
  }
}

std::string unescaped(std::string_view raw) {
  std::string out;
  return unescape_json(raw, out) ? out : "fault";
}

TEST(JsonText, Escapes) {
  EXPECT_EQ(unescaped(""), "");
  EXPECT_EQ(unescaped("plain ü"), "plain ü");
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(a\u0041b\u00e9\u20AC)"), "aAbé€");
  EXPECT_EQ(unescaped(R"(\ud834\udd1e)"), "𝄞");
  EXPECT_EQ(unescaped(R"(\uDBFF\uDFFF)"), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(unescaped(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(unescaped(R"(\u007f\u0080\u07ff\u0800\uffff)"),
            "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  for (const char* raw :
       {"\\", "\\x", "\\U0041", "\\u", "\\u004", "\\u004g", "\\ud834", "\\udd1e", "\\ud834x",
        "\\ud834\\n", "\\ud834\\u0041", "\\ud834\\ud834", "\\ud83", "\\ud834\\udd1", "a\\"}) {
    EXPECT_EQ(unescaped(raw), "fault") << raw;
  }
}

std::string minified(std::string_view text, int levels) {
  std::string out;
  const std::size_t used = check_json(text, levels, out);
  return used != 0 && used == text.size() ? out : "fault";
}

TEST(JsonText, Minifies) {
  EXPECT_EQ(minified(" { \"a\" : [ 1 , 2.50 , \"x y\" ] ,\t\"b\":{ } }", 9),
            R"({"a":[1,2.50,"x y"],"b":{}})");
  EXPECT_EQ(minified("[]", 1), "[]");
  EXPECT_EQ(minified("[]", 0), "fault");
  EXPECT_EQ(minified("[[[]]]", 3), "[[[]]]");
  EXPECT_EQ(minified("[[[]]]", 2), "fault");
  EXPECT_EQ(minified("\"\\u0041\"", 0), "\"\\u0041\"");
  std::string out;
  EXPECT_EQ(check_json("[1] rest", 1, out), 3U);
}

TEST(JsonText, Refuses) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "}",
                           "]",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{a:1}",
                           "{1:2}",
                           "{'a':1}",
                           "[1}",
                           "{\"a\":1]",
                           "tru",
                           "True",
                           "nul",
                           "nullx",
                           "\"",
                           "\"a",
                           "\"\\\"",
                           "\"\n\"",
                           "\"\t\"",
                           "\"\\x\"",
                           "[\"a\"b]",
                           "[1\"a\"]",
                           "{\"a\":1,\"a\":2}",
                           "{\"a\":1,\"\\u0061\":2}",
                           "[{\"k\":{\"x\":1,\"y\":2,\"x\":3}}]",
                           "NaN",
                           "[01]",
                           "[1.]",
                           "[+1]",
                           "[\"\\ud800\"]",
                           "\xEF\xBB\xBF[]",
                           "[1\x0c]",
                           "[//\n1]"}) {
    EXPECT_EQ(minified(text, 9), "fault") << text;
  }
  EXPECT_EQ(minified("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}", 9),
            "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}");
}

TEST(JsonText, BracketLevels) {
  EXPECT_EQ(bracket_levels(""), 0);
  EXPECT_EQ(bracket_levels("{}"), 1);
  EXPECT_EQ(bracket_levels("{\"a\":[{},[]]}"), 3);
  EXPECT_EQ(bracket_levels("\"[[[[\""), 0);
  EXPECT_EQ(bracket_levels("[\"\\\"[[\"]"), 1);
  EXPECT_EQ(bracket_levels("[\"[[["), 1);
  EXPECT_EQ(bracket_levels("]]]][[}"), 2);
}

TEST(JsonText, Utf8) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("long enough ascii text"));
  EXPECT_TRUE(is_utf8("aé€𝄞 aé€𝄞 aé€𝄞"));
  for (const char* text :
       {"\x80", "abc\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82",
        "12345678\x80"
        "123456789",
        "\xC3("}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

bool has_double_key(simdjson::dom::element element) {
  bool found = false;
  if (element.is_object()) {
    std::set<std::string_view> keys;
    for (const auto field : simdjson::dom::object(element)) {
      found |= !keys.insert(field.key).second || has_double_key(field.value);
    }
  } else if (element.is_array()) {
    for (const auto each : simdjson::dom::array(element)) {
      found |= has_double_key(each);
    }
  }
  return found;
}

TEST(JsonText, LikeSimdjsonOnMutatedDocuments) {
  std::mt19937_64 random(4);
  const std::string seeds[] = {
      R"({"a":[1,-2.5e3,true,false,null],"b":{"c":"x\n\u0041é","d":{}},"e":[]})",
      R"([{"k":"v","l":[[],[0]]},"\\\"", 1.5 , {"m" : "ü"}])", R"({"":"","a b":[{"z":0}]})"};
  const std::string_view alphabet = "{}[]\",:\\ 0123eE.-+tfnulxa\n\x01\xC3";
  simdjson::dom::parser parser;
  int accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text = seeds[random() % 3];
    for (std::uint64_t changes = random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      const char c = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, 1 + random() % 3);
      }
    }
    simdjson::dom::element element;
    const auto error = parser.parse(text).get(element);
    const bool good = error == simdjson::SUCCESS && !has_double_key(element);
    std::string out;
    const std::size_t used = check_json(text, 16, out);
    const bool rest = text.find_first_not_of(" \n", used) != text.npos;
    const bool mine = used != 0 && !rest && is_utf8(text);
    if (error == simdjson::NUMBER_ERROR && mine) {
      continue;  // beyond a double, but JSON
    }
    ASSERT_EQ(mine, good) << text;
    accepted += good ? 1 : 0;
  }
  EXPECT_GT(accepted, 10'000);
}

}  // namespace
}  // namespace marktwacht
