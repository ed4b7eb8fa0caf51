// The arena gives aligned memory that keeps its contents until reset, and uses it again after.
#include "base/arena.h"

#include <gtest/gtest.h>

#include <random>

namespace marktwacht {
namespace {

struct Piece {
  char* at;
  std::size_t size;
  char fill;
};

TEST(Arena, PiecesDoNotOverlapAndAreAligned) {
  std::mt19937_64 random(7);
  Arena arena;
  for (int round = 0; round < 3; ++round) {
    std::vector<Piece> pieces;
    for (int i = 0; i < 3000; ++i) {
      const std::size_t align = std::size_t{1} << (random() % 5);
      const std::size_t size = random() % 100 == 0 ? random() % 700'000 : random() % 900 + 1;
      auto* at = static_cast<char*>(arena.allocate(size, align));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(at) % align, 0U);
      const char fill = static_cast<char>(random());
      std::memset(at, fill, size);
      pieces.push_back({at, size, fill});
    }
    for (const Piece& piece : pieces) {
      ASSERT_EQ(std::string_view(piece.at, piece.size).find_first_not_of(piece.fill),
                std::string_view::npos);
    }
    arena.reset();
  }
}

TEST(Arena, ResetUsesTheSameMemoryAgain) {
  Arena arena;
  void* first = arena.allocate(100, 8);
  arena.allocate(300'000, 8);
  arena.reset();
  EXPECT_EQ(arena.allocate(100, 8), first);
}

TEST(Arena, CopiesOutliveTheirSource) {
  Arena arena;
  std::string text = "a text that is copied";
  const std::string_view copy = arena.copy(std::string_view(text));
  text.assign(text.size(), 'x');
  EXPECT_EQ(copy, "a text that is copied");
  EXPECT_TRUE(arena.copy(std::string_view()).empty());
  const int numbers[] = {1, 2, 3};
  const auto same = arena.copy(std::span<const int>(numbers));
  EXPECT_EQ(std::vector<int>(same.begin(), same.end()), std::vector<int>({1, 2, 3}));
}

TEST(Arena, MakesFreshValues) {
  struct Two {
    std::int64_t a = 5;
    std::int64_t b = 6;
  };
  Arena arena;
  std::memset(arena.allocate(64, 8), 0xFF, 64);
  arena.reset();
  const Two* two = arena.make<Two>();
  EXPECT_EQ(two->a, 5);
  EXPECT_EQ(two->b, 6);
}

}  // namespace
}  // namespace marktwacht
