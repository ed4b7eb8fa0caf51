// The grammar of CSV rows.
#include "edges/adapters/csv_row.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace marktwacht {
namespace {

using Cells = std::vector<std::string>;

// The cells, or one cell "malformed".
Cells split(const std::string& row) {
  Arena arena;
  std::vector<std::string_view> cells;
  const bool whole = split_csv_row(row, arena, cells);
  return whole ? Cells(cells.begin(), cells.end()) : Cells{"malformed"};
}

TEST(CsvRow, SplitsAtCommas) {
  EXPECT_EQ(split("a,b,c"), (Cells{"a", "b", "c"}));
  EXPECT_EQ(split(""), (Cells{""}));
  EXPECT_EQ(split(","), (Cells{"", ""}));
  EXPECT_EQ(split("a,,"), (Cells{"a", "", ""}));
  EXPECT_EQ(split(" a , b"), (Cells{" a ", " b"}));
}

TEST(CsvRow, UndoesQuotes) {
  EXPECT_EQ(split("\"a,b\",c"), (Cells{"a,b", "c"}));
  EXPECT_EQ(split("\"\",\"\""), (Cells{"", ""}));
  EXPECT_EQ(split("\"say \"\"hi\"\"\",\"\"\"\""), (Cells{"say \"hi\"", "\""}));
  EXPECT_EQ(split("\"two\nlines\""), (Cells{"two\nlines"}));
}

TEST(CsvRow, RefusesStrayQuotes) {
  for (const std::string row : {"a\"b", "\"a", "\"a\"b,c", "a,\"", "\"a\" ,b", "\"\"\"", "a\"\""}) {
    EXPECT_EQ(split(row), Cells{"malformed"}) << row;
  }
}

TEST(CsvRow, FindsItsEnd) {
  using enum CsvRowEnd::State;
  const auto expect_end = [](std::string_view text, CsvRowEnd::State state, std::size_t at = 0) {
    const CsvRowEnd end = find_csv_row_end(text);
    EXPECT_EQ(end.state, state) << text;
    EXPECT_EQ(end.at, state == found ? at : 0) << text;
  };
  expect_end("a,b\nc", found, 3);
  expect_end("\n", found, 0);
  expect_end("\"a\nb\"\nc", found, 5);
  expect_end("\"a\"\r\nc", found, 4);
  expect_end("a\r\n", found, 2);
  expect_end("", at_end);
  expect_end("a,", at_end);
  expect_end("\"a\"", at_end);
  expect_end("\"a\"\r", at_end);
  expect_end("\"a\nb", unclosed);
  expect_end("\"a\"\"", unclosed);
  expect_end("\"a\"b\n", malformed);
  expect_end("\"a\"\rb\n", malformed);
  expect_end("a\"\n", malformed);
}

TEST(CsvRow, WhatIsWrittenIsReadBack) {
  std::mt19937 random(5);
  const std::string letters = "ab,\"\n\r ";
  for (int trial = 0; trial < 5000; ++trial) {
    Cells cells(1 + random() % 4);
    std::string row;
    for (std::string& cell : cells) {
      row += &cell == cells.data() ? "\"" : ",\"";
      for (auto left = random() % 6; left > 0; --left) {
        cell.push_back(letters[random() % letters.size()]);
        row += cell.back() == '"' ? "\"\"" : std::string(1, cell.back());
      }
      row += "\"";
    }
    EXPECT_EQ(split(row), cells) << row;
    const CsvRowEnd end = find_csv_row_end(row + "\nnext\n");
    EXPECT_EQ(end.state, CsvRowEnd::State::found);
    EXPECT_EQ(end.at, row.size());
  }
}

}  // namespace
}  // namespace marktwacht
