// Tarjan's algorithm over a compact copy of the graph.
#include "algorithms/strong_components.h"

#include <algorithm>

namespace marktwacht {

void StrongComponents::find(std::span<const DirectedEdge> edges) {
  build(edges);
  const std::size_t count = vertices_.size();
  next_.assign(first_.begin(), first_.end());
  order_.assign(count, 0);
  low_.assign(count, 0);
  component_.assign(count, unfinished);
  entered_ = 0;
  members_.clear();
  components_.clear();
  for (std::uint32_t vertex = 0; vertex < count; ++vertex) {
    if (order_[vertex] == 0) {
      walk(vertex);
    }
  }
  sort();
}

void StrongComponents::number(std::uint32_t vertex) {
  const std::uint32_t at = local_[vertex];
  if (at >= vertices_.size() || vertices_[at] != vertex) {
    local_[vertex] = static_cast<std::uint32_t>(vertices_.size());
    vertices_.push_back(vertex);
  }
}

void StrongComponents::build(std::span<const DirectedEdge> edges) {
  vertices_.clear();
  for (const DirectedEdge& edge : edges) {
    number(edge.from);
    number(edge.to);
  }
  first_.assign(vertices_.size() + 1, 0);
  for (const DirectedEdge& edge : edges) {
    ++first_[local_[edge.from] + 1];
  }
  for (std::size_t vertex = 1; vertex < first_.size(); ++vertex) {
    first_[vertex] += first_[vertex - 1];
  }
  heads_.resize(edges.size());
  next_.assign(first_.begin(), first_.end());
  for (const DirectedEdge& edge : edges) {
    heads_[next_[local_[edge.from]]++] = local_[edge.to];
  }
}

void StrongComponents::enter(std::uint32_t vertex) {
  order_[vertex] = low_[vertex] = ++entered_;
  stack_.push_back(vertex);
  path_.push_back(vertex);
}

void StrongComponents::walk(std::uint32_t root) {
  enter(root);
  while (!path_.empty()) {
    const std::uint32_t vertex = path_.back();
    if (next_[vertex] < first_[vertex + 1]) {
      const std::uint32_t head = heads_[next_[vertex]++];
      if (order_[head] == 0) {
        enter(head);
      } else if (component_[head] == unfinished) {
        low_[vertex] = std::min(low_[vertex], order_[head]);
      }
      continue;
    }
    path_.pop_back();
    if (!path_.empty()) {
      low_[path_.back()] = std::min(low_[path_.back()], low_[vertex]);
    }
    if (low_[vertex] == order_[vertex]) {
      finish(vertex);
    }
  }
}

// What lies above `lowest` on the stack, and itself, is one component.
void StrongComponents::finish(std::uint32_t lowest) {
  if (stack_.back() == lowest) {
    component_[lowest] = alone;
    stack_.pop_back();
    return;
  }
  const std::size_t begin = members_.size();
  const auto component = static_cast<std::uint32_t>(components_.size());
  for (bool more = true; more;) {
    const std::uint32_t vertex = stack_.back();
    stack_.pop_back();
    component_[vertex] = component;
    members_.push_back(vertices_[vertex]);
    more = vertex != lowest;
  }
  components_.push_back({begin, members_.size() - begin});
}

void StrongComponents::sort() {
  for (const Component& component : components_) {
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(component.begin);
    std::sort(begin, begin + static_cast<std::ptrdiff_t>(component.count));
  }
  std::ranges::sort(components_, {}, [this](const Component& it) { return members_[it.begin]; });
}

}  // namespace marktwacht
