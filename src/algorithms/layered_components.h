// Which sets of vertices are strongly connected again and again, in the layers of multigraphs.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "algorithms/strong_components.h"
#include "base/index.h"
#include "base/names.h"

namespace marktwacht {

// Layer 1 of a multigraph is all of it; each next layer has one edge less of every directed pair.
// A set occurs once for each graph and layer in which exactly it is a strongly connected component
// of two or more vertices (Victor & Weintraud, WWW '21). All layers of a graph together cost
// O(edges log edges) time; memory is that of the sets and of one graph. Not for threads.
class LayeredComponents {
 public:
  struct Set {
    std::vector<std::uint32_t> vertices;  // ascending
    std::uint64_t occurrences = 0;
  };

  explicit LayeredComponents(std::uint32_t vertices) : components_(vertices) {}

  // One graph; an edge stands in `edges` as often as it is there. No edge leads from a vertex to
  // itself.
  void add(std::span<const DirectedEdge> edges);

  // In the order of first occurrence: by graph, layer, lowest vertex.
  const std::vector<Set>& sets() const { return sets_; }
  std::vector<Set> take_sets() && { return std::move(sets_); }

 private:
  void gather(std::span<const DirectedEdge> edges);
  void count(std::uint64_t layers);
  std::uint32_t drop_between();
  void drop_lightest(std::uint32_t lightest);

  StrongComponents components_;
  std::vector<DirectedEdge> edges_;     // of this layer, each once
  std::vector<std::uint32_t> weights_;  // in how many layers each is, from layer 1
  Names<Index<struct SetTag>> known_;   // the bytes of a set's vertices -> its place in sets_
  std::vector<Set> sets_;
};

}  // namespace marktwacht
