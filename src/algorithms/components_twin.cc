// Two vertices are in one component when each reaches the other.
#include "algorithms/components_twin.h"

#include <algorithm>
#include <utility>

namespace marktwacht {
namespace {

VertexSet reached_from(std::uint32_t start, std::span<const DirectedEdge> edges) {
  VertexSet reached{start};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const DirectedEdge& edge : edges) {
      if (reached.contains(edge.from)) {
        reached.insert(edge.to);
      }
    }
  }
  return reached;
}

}  // namespace

std::vector<VertexSet> strong_components_twin(std::span<const DirectedEdge> edges) {
  std::map<std::uint32_t, VertexSet> reached;
  for (const DirectedEdge& edge : edges) {
    for (const std::uint32_t vertex : {edge.from, edge.to}) {
      reached[vertex] = reached_from(vertex, edges);
    }
  }
  std::vector<VertexSet> components;
  for (const auto& [vertex, others] : reached) {
    VertexSet component;
    for (const std::uint32_t other : others) {
      if (reached[other].contains(vertex)) {
        component.insert(other);
      }
    }
    if (component.size() > 1 && *component.begin() == vertex) {
      components.push_back(component);
    }
  }
  return components;
}

void count_layers_twin(std::vector<DirectedEdge> edges, std::vector<VertexSet>& found,
                       std::map<VertexSet, std::uint64_t>& occurrences) {
  while (!edges.empty()) {
    for (const VertexSet& component : strong_components_twin(edges)) {
      if (occurrences[component]++ == 0) {
        found.push_back(component);
      }
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
    std::erase_if(
        edges, [&](const DirectedEdge& edge) { return taken.insert({edge.from, edge.to}).second; });
  }
}

}  // namespace marktwacht
