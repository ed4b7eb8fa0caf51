// Strongly connected components by trying every way: slow and clear, for tests.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "algorithms/strong_components.h"

namespace marktwacht {

using VertexSet = std::set<std::uint32_t>;

// Those of two or more vertices, by the lowest.
std::vector<VertexSet> strong_components_twin(std::span<const DirectedEdge> edges);

// How often each set is a component in the layers of `edges`, one edge of every directed pair being
// taken away from layer to layer; new sets are added to `found` in the order of first occurrence.
void count_layers_twin(std::vector<DirectedEdge> edges, std::vector<VertexSet>& found,
                       std::map<VertexSet, std::uint64_t>& occurrences);

}  // namespace marktwacht
