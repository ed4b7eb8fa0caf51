// Strongly connected components: which vertices of a directed graph reach one another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace marktwacht {

struct DirectedEdge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

// Tarjan (SIAM J. Comput. 1972), without recursion. Made once, asked for many graphs: a call costs
// time in proportion to its own edges, however many vertices there are besides. Not for threads.
class StrongComponents {
 public:
  // Vertices are numbered 0 to `vertices` - 1; four bytes are held for each.
  explicit StrongComponents(std::uint32_t vertices) : local_(vertices) {}

  // Finds the components of two or more vertices. An edge that stands there twice, or that leads
  // from a vertex to itself, changes nothing.
  void find(std::span<const DirectedEdge> edges);

  // What the last call found, by the lowest vertex; the vertices of each ascend.
  std::size_t size() const { return components_.size(); }
  std::span<const std::uint32_t> vertices(std::size_t component) const {
    return std::span(members_).subspan(components_[component].begin, components_[component].count);
  }
  // Whether both ends of an edge of the last call lie in one component.
  bool holds(DirectedEdge edge) const {
    const std::uint32_t component = component_[local_[edge.from]];
    return component != alone && component == component_[local_[edge.to]];
  }

 private:
  static constexpr std::uint32_t unfinished = 0xFFFF'FFFF;  // still on the stack
  static constexpr std::uint32_t alone = 0xFFFF'FFFE;       // a component of one vertex
  struct Component {
    std::size_t begin = 0;
    std::size_t count = 0;
  };

  void number(std::uint32_t vertex);
  void build(std::span<const DirectedEdge> edges);
  void enter(std::uint32_t vertex);
  void walk(std::uint32_t root);
  void finish(std::uint32_t lowest);
  void sort();

  // The vertices that edges touch are numbered anew for each call; local_ is never cleared, it
  // counts where vertices_ agrees.
  std::vector<std::uint32_t> local_, vertices_;
  std::vector<std::uint32_t> first_, heads_;  // the edges out of v: heads_[first_[v]..first_[v+1])
  std::vector<std::uint32_t> next_, order_, low_, component_;
  std::vector<std::uint32_t> stack_, path_;
  std::uint32_t entered_ = 0;
  std::vector<std::uint32_t> members_;
  std::vector<Component> components_;
};

}  // namespace marktwacht
