// Sets that come back layer for layer.
#include "algorithms/layered_components.h"

#include <gtest/gtest.h>

#include <random>

#include "algorithms/components_twin.h"

namespace marktwacht {
namespace {

// A number below `end`.
std::uint32_t pick(std::mt19937& random, std::uint32_t end) {
  return static_cast<std::uint32_t>(random() % end);
}

// `times` edges each way between two vertices.
void add_pair(std::vector<DirectedEdge>& edges, DirectedEdge pair, int times) {
  for (int i = 0; i < times; ++i) {
    edges.push_back(pair);
    edges.push_back({pair.to, pair.from});
  }
}

TEST(LayeredComponentsTest, ASetOccursOncePerLayerAndGraph) {
  std::vector<DirectedEdge> edges;
  add_pair(edges, {0, 1}, 5);
  add_pair(edges, {1, 2}, 2);
  LayeredComponents components(8);
  components.add(edges);
  edges.clear();
  add_pair(edges, {0, 1}, 3);
  edges.push_back({0, 1});  // one way only: no layer more
  components.add(edges);
  ASSERT_EQ(components.sets().size(), 2u);
  EXPECT_EQ(components.sets()[0].vertices, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(components.sets()[0].occurrences, 2u);
  EXPECT_EQ(components.sets()[1].vertices, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(components.sets()[1].occurrences, 3u + 3u);
}

TEST(LayeredComponentsTest, ManyEqualLayersAreNotWalkedOneByOne) {
  std::vector<DirectedEdge> edges;
  add_pair(edges, {3, 7}, 500'000);
  LayeredComponents components(8);
  components.add(edges);
  ASSERT_EQ(components.sets().size(), 1u);
  EXPECT_EQ(components.sets()[0].occurrences, 500'000u);
}

TEST(LayeredComponentsTest, EqualsTheTwinOnRandomGraphs) {
  std::mt19937 random(2);
  std::size_t sets = 0;
  for (int round = 0; round < 300; ++round) {
    LayeredComponents components(6);
    std::vector<VertexSet> found;
    std::map<VertexSet, std::uint64_t> occurrences;
    for (std::uint32_t graph = 0; graph < 1 + pick(random, 3); ++graph) {
      std::vector<DirectedEdge> edges(pick(random, 60));
      for (DirectedEdge& edge : edges) {
        edge.from = pick(random, 6);
        edge.to = (edge.from + 1 + pick(random, 5)) % 6;
      }
      components.add(edges);
      count_layers_twin(edges, found, occurrences);
    }
    ASSERT_EQ(components.sets().size(), found.size()) << "round " << round;
    for (std::size_t at = 0; at < found.size(); ++at) {
      const auto& set = components.sets()[at];
      ASSERT_EQ(VertexSet(set.vertices.begin(), set.vertices.end()), found[at]);
      ASSERT_EQ(set.occurrences, occurrences[found[at]]);
    }
    sets += found.size();
  }
  EXPECT_GT(sets, 500u);
}

}  // namespace
}  // namespace marktwacht
