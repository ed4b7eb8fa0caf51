// The console's files: types, caching, packed answers, deep links; and what tools/embed-files
// writes.
#include "edges/http/static_files.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace marktwacht {
namespace {

constexpr std::array<EmbeddedFile, 4> site{{
    {"/index.html", "<html>", "packed", "\"e1\""},
    {"/assets/index-3f2aB9_x.js", "let a", "", "\"e2\""},
    {"/assets/logo-big.svg", "<svg/>", "", "\"e3\""},
    {"/robots.txt", "none", "", "\"e4\""},
}};

HttpResponse get(const StaticFiles& files, std::string path, std::vector<NameValue> headers = {}) {
  HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.headers = std::move(headers);
  return files.answer(request);
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const NameValue& each : response.headers) {
    if (each.name == name) {
      return each.value;
    }
  }
  return "";
}

TEST(StaticFiles, HaveTypesAndCaching) {
  const StaticFiles files(site);
  const HttpResponse script = get(files, "/assets/index-3f2aB9_x.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(*script.shared_body, "let a");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get(files, "/assets/logo-big.svg"), "Cache-Control"), "no-cache")
      << "three characters are no hash";
  EXPECT_EQ(header(get(files, "/robots.txt"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get(files, "/robots.txt").content_type, "text/plain; charset=utf-8");
}

TEST(StaticFiles, ArePackedForWhoAcceptsIt) {
  const StaticFiles files(site);
  const auto body = [&](std::string accepts) {
    const HttpResponse response = get(files, "/index.html", {{"accept-encoding", accepts}});
    EXPECT_EQ(header(response, "Content-Encoding") == "gzip", *response.shared_body == "packed");
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
    return *response.shared_body;
  };
  EXPECT_EQ(body("gzip, deflate, br"), "packed");
  EXPECT_EQ(body("br , GZIP;q=0.5"), "packed");
  EXPECT_EQ(body("br"), "<html>");
  EXPECT_EQ(body(""), "<html>");
  EXPECT_EQ(body("gzip;q=0"), "<html>");
  EXPECT_EQ(body("gzip;q=0.00"), "<html>");
  EXPECT_EQ(body("x-gzip"), "<html>");
}

TEST(StaticFiles, AreNotSentAgain) {
  const StaticFiles files(site);
  for (const std::string known : {"\"e1\"", "W/\"e1\"", "\"x\", \"e1\"", "*"}) {
    const HttpResponse response = get(files, "/index.html", {{"If-None-Match", known}});
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_FALSE(response.shared_body);
    EXPECT_EQ(header(response, "ETag"), "\"e1\"");
  }
  EXPECT_EQ(get(files, "/index.html", {{"If-None-Match", "\"e2\""}}).status, 200);
}

TEST(StaticFiles, DeepLinksGetTheConsole) {
  const StaticFiles files(site);
  for (const std::string path : {"/", "/alerts/a-1", "/cases/", "/assets"}) {
    EXPECT_EQ(*get(files, path).shared_body, "<html>") << path;
  }
  EXPECT_EQ(get(files, "/assets/index-old.js").status, 404) << "a stale name is no page";
  EXPECT_EQ(get(files, "/favicon.ico").status, 404);
  EXPECT_EQ(get(files, "/v1/nothing").status, 404) << "the API answers for itself";
  EXPECT_EQ(get(files, "/v1").status, 404);
  HttpRequest post;
  post.method = "POST";
  post.path = "/";
  EXPECT_EQ(files.answer(post).status, 405);
}

TEST(StaticFiles, WithoutTheConsoleTheFirstPageSaysHowToBuildIt) {
  const StaticFiles files({});
  EXPECT_EQ(get(files, "/").status, 200);
  EXPECT_NE(get(files, "/").body.find("npm run build"), std::string::npos);
  EXPECT_EQ(get(files, "/alerts").status, 404);
}

TEST(StaticFiles, WhatTheBuildFoundCanBeServed) {
  const StaticFiles files(embedded_files());
  for (const EmbeddedFile& file : embedded_files()) {
    EXPECT_EQ(*get(files, std::string(file.path)).shared_body, file.bytes) << file.path;
  }
}

// What the tool writes, undone: the literals of a file that holds every byte, digits after each.
TEST(EmbedFiles, KeepEveryByte) {
  std::string made = testing::TempDir() + "marktwacht-embed-XXXXXX";
  ASSERT_NE(mkdtemp(made.data()), nullptr);
  const std::filesystem::path folder = made;
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    bytes += "7?\"\\";
  }
  std::filesystem::create_directory(folder / "a");
  std::ofstream(folder / "a/every", std::ios::binary) << bytes;
  const std::string out = folder / "out.cc";
  const std::string tool = std::string(MARKTWACHT_SOURCE_DIR) + "/tools/embed-files ";
  ASSERT_EQ(std::system((tool + (folder / "a").string() + " " + out).c_str()), 0);
  std::ifstream file(out);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(text.find("{\"/every\"sv, bytes_0, gzip_0, "), std::string::npos);
  std::string read;
  std::size_t at = text.find("bytes_0 =") + 9;
  const std::size_t end = text.find("sv;", at);
  for (at = text.find('"', at); at < end; at = text.find('"', at + 1)) {
    for (++at; text[at] != '"'; ++at) {
      if (text[at] == '\\') {
        read += static_cast<char>(std::stoi(text.substr(at + 1, 3), nullptr, 8));
        at += 3;
      } else {
        read += text[at];
      }
    }
  }
  EXPECT_TRUE(read == bytes);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace marktwacht
