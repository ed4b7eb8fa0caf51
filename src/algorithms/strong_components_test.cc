// Components of small graphs, and of random ones against every way tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "algorithms/components_twin.h"

namespace marktwacht {
namespace {

// A number below `end`.
std::uint32_t pick(std::mt19937& random, std::uint32_t end) {
  return static_cast<std::uint32_t>(random() % end);
}

std::vector<VertexSet> found_by(const StrongComponents& components) {
  std::vector<VertexSet> found;
  for (std::size_t at = 0; at < components.size(); ++at) {
    const auto vertices = components.vertices(at);
    EXPECT_TRUE(std::is_sorted(vertices.begin(), vertices.end()));
    found.emplace_back(vertices.begin(), vertices.end());
  }
  return found;
}

TEST(StrongComponentsTest, FindsCirclesAndNothingElse) {
  const struct {
    std::vector<DirectedEdge> edges;
    std::vector<VertexSet> components;
  } cases[] = {
      {{}, {}},
      {{{0, 1}}, {}},
      {{{4, 4}}, {}},
      {{{0, 1}, {0, 1}}, {}},
      {{{0, 1}, {1, 0}}, {{0, 1}}},
      {{{7, 3}, {3, 9}, {9, 7}, {7, 3}}, {{3, 7, 9}}},
      {{{0, 1}, {1, 2}, {2, 3}, {3, 4}}, {}},
      // Two circles and a bridge; the one with the lowest vertex first.
      {{{5, 6}, {6, 5}, {5, 1}, {1, 2}, {2, 1}}, {{1, 2}, {5, 6}}},
      // An eight: two circles that share a vertex are one component.
      {{{0, 1}, {1, 0}, {1, 2}, {2, 1}}, {{0, 1, 2}}},
  };
  StrongComponents components(10);
  for (const auto& one : cases) {
    components.find(one.edges);
    EXPECT_EQ(found_by(components), one.components);
  }
}

TEST(StrongComponentsTest, SaysWhichEdgesLieInside) {
  const std::vector<DirectedEdge> edges = {{5, 6}, {6, 5}, {5, 1}, {1, 2}, {2, 1}, {2, 8}, {8, 9}};
  StrongComponents components(10);
  components.find(edges);
  std::vector<bool> inside;
  for (const DirectedEdge& edge : edges) {
    inside.push_back(components.holds(edge));
  }
  EXPECT_EQ(inside, (std::vector<bool>{true, true, false, true, true, false, false}));
}

TEST(StrongComponentsTest, EqualsTheTwinOnRandomGraphs) {
  std::mt19937 random(1);
  StrongComponents components(12);
  std::size_t found = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<DirectedEdge> edges(pick(random, 25));
    const std::uint32_t vertices = 2 + pick(random, 11);
    for (DirectedEdge& edge : edges) {
      edge = {pick(random, vertices), pick(random, vertices)};
    }
    components.find(edges);
    ASSERT_EQ(found_by(components), strong_components_twin(edges)) << "round " << round;
    found += components.size();
  }
  EXPECT_GT(found, 1'000u);
}

TEST(StrongComponentsTest, ALongCircleNeedsNoDeepStack) {
  constexpr std::uint32_t length = 1'000'000;
  std::vector<DirectedEdge> edges;
  for (std::uint32_t at = 0; at < length; ++at) {
    edges.push_back({at, (at + 1) % length});
  }
  StrongComponents components(length);
  components.find(edges);
  ASSERT_EQ(components.size(), 1u);
  EXPECT_EQ(components.vertices(0).size(), length);
  edges.pop_back();
  components.find(edges);
  EXPECT_EQ(components.size(), 0u);
}

}  // namespace
}  // namespace marktwacht
