// What handlers ask of requests and how JSON texts are written.
#include "edges/http/message.h"

#include <gtest/gtest.h>

#include "edges/http/response_head.h"
#include "edges/http/target.h"

namespace marktwacht {
namespace {

TEST(HttpRequest, IsAskedByName) {
  HttpRequest request;
  request.headers = {{"X-A", "1"}, {"x-a", "2"}, {"Cookie", "a=1; b=2;c = 3"}, {"cookie", "d=4"}};
  request.query = {{"a", "1"}, {"a", "2"}, {"empty", ""}};
  EXPECT_EQ(request.header("x-A"), "1");
  EXPECT_EQ(request.header("X-B"), "");
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_EQ(request.query_value("A"), std::nullopt);
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("d"), "4");
  EXPECT_EQ(request.cookie("c"), "") << "a space is no part of a cookie's name";
  EXPECT_EQ(request.cookie(""), "");
}

TEST(JsonString, IsAlwaysJson) {
  EXPECT_EQ(json_string("a\"b\\c\nd\te"), R"("a\"b\\c\nd\u0009e")");
  EXPECT_EQ(json_string(std::string("\0\x1f", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(json_string("ä€𝄞"), "\"ä€𝄞\"");
  for (const std::string bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                                "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xFF", "\xE2\x82"}) {
    const std::string json = json_string(bad + "x");
    EXPECT_TRUE(json.starts_with("\"\\ufffd")) << json;
    EXPECT_TRUE(json.ends_with("x\""));
    EXPECT_EQ(json.find_first_of("\x80\xC0\xC3\xE0\xED\xF4\xF0\xFF\xE2"), std::string::npos);
  }
}

TEST(ErrorResponse, HasItsForm) {
  EXPECT_EQ(error_response(400, "bad_request", "no \"x\"", "limit").body,
            R"({"error":{"code":"bad_request","message":"no \"x\"","field":"limit"}})");
  EXPECT_EQ(error_response(404, "not_found", "gone").body,
            R"({"error":{"code":"not_found","message":"gone"}})");
}

TEST(HttpDate, IsTheOneOfTheStandard) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(PercentEncoding, GoesBothWays) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  EXPECT_EQ(percent_decoded(percent_encoded(all), true), all);
  EXPECT_EQ(percent_encoded("a b/ä"), "a%20b%2F%C3%A4");
  EXPECT_EQ(percent_decoded("a+b", true), "a b");
  EXPECT_EQ(percent_decoded("a+b", false), "a+b");
}

TEST(Target, QueriesKeepTheirOrder) {
  const auto target = parse_target("/a?x=1&&y&x=2=3&%c3%a4=%26");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query,
            (std::vector<NameValue>{{"x", "1"}, {"y", ""}, {"x", "2=3"}, {"ä", "&"}}));
  EXPECT_EQ(parse_target("/a?")->query.size(), 0U);
  EXPECT_EQ(parse_target("/?/../x")->path, "/") << "a query is no path";
  EXPECT_FALSE(parse_target("/a?x=%00"));
  EXPECT_FALSE(parse_target("/a?x=%"));
  std::string many = "/a?";
  for (int i = 0; i < 65; ++i) {
    many += "x&";
  }
  EXPECT_FALSE(parse_target(many));
  EXPECT_FALSE(parse_target(""));
}

}  // namespace
}  // namespace marktwacht
