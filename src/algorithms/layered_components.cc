// Peels multigraphs layer by layer, many equal layers at once.
#include "algorithms/layered_components.h"

#include <algorithm>
#include <limits>

namespace marktwacht {

void LayeredComponents::add(std::span<const DirectedEdge> edges) {
  gather(edges);
  for (std::uint32_t below = 0; !edges_.empty();) {
    components_.find(edges_);
    // Edges between components lie in no deeper component either. The layers up to the lightest
    // edge inside of one have the same edges inside, hence the same components.
    const std::uint32_t lightest = drop_between();
    if (edges_.empty()) {
      break;
    }
    count(lightest - below);
    drop_lightest(lightest);
    below = lightest;
  }
}

void LayeredComponents::gather(std::span<const DirectedEdge> edges) {
  std::vector<std::uint64_t> keys;
  keys.reserve(edges.size());
  for (const DirectedEdge& edge : edges) {
    keys.push_back(std::uint64_t{edge.from} << 32 | edge.to);
  }
  std::ranges::sort(keys);
  edges_.clear();
  weights_.clear();
  for (std::size_t at = 0; at < keys.size(); ++at) {
    if (at == 0 || keys[at] != keys[at - 1]) {
      edges_.push_back({static_cast<std::uint32_t>(keys[at] >> 32),
                        static_cast<std::uint32_t>(keys[at] & 0xFFFF'FFFF)});
      weights_.push_back(0);
    }
    ++weights_.back();
  }
}

// Keeps the edges inside of components; gives the weight of the lightest.
std::uint32_t LayeredComponents::drop_between() {
  std::uint32_t lightest = std::numeric_limits<std::uint32_t>::max();
  std::size_t kept = 0;
  for (std::size_t at = 0; at < edges_.size(); ++at) {
    if (components_.holds(edges_[at])) {
      lightest = std::min(lightest, weights_[at]);
      edges_[kept] = edges_[at];
      weights_[kept] = weights_[at];
      ++kept;
    }
  }
  edges_.resize(kept);
  weights_.resize(kept);
  return lightest;
}

void LayeredComponents::drop_lightest(std::uint32_t lightest) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < edges_.size(); ++at) {
    if (weights_[at] > lightest) {
      edges_[kept] = edges_[at];
      weights_[kept] = weights_[at];
      ++kept;
    }
  }
  edges_.resize(kept);
  weights_.resize(kept);
}

void LayeredComponents::count(std::uint64_t layers) {
  for (std::size_t component = 0; component < components_.size(); ++component) {
    const auto vertices = components_.vertices(component);
    const auto set = known_.intern(
        std::string_view(reinterpret_cast<const char*>(vertices.data()), vertices.size_bytes()));
    if (set.value == sets_.size()) {
      sets_.push_back({{vertices.begin(), vertices.end()}, 0});
    }
    sets_[set.value].occurrences += layers;
  }
}

}  // namespace marktwacht
