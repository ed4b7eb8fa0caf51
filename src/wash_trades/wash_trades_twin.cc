// Every set looks at every trade, in every window.
#include "wash_trades/wash_trades_twin.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "algorithms/balanced_prefix_twin.h"
#include "algorithms/components_twin.h"

namespace marktwacht {
namespace {

using Rows = std::vector<std::size_t>;

Rows rows_in_order(std::span<const WashTrade> trades) {
  Rows rows;
  for (std::size_t row = 0; row < trades.size(); ++row) {
    if (trades[row].buyer != trades[row].seller) {
      rows.push_back(row);
    }
  }
  std::ranges::sort(rows, {}, [&](std::size_t row) {
    return std::tuple(trades[row].time_s, trades[row].buyer, trades[row].seller, row);
  });
  return rows;
}

std::vector<VertexSet> relevant_sets(std::span<const WashTrade> trades, const Rows& rows,
                                     std::uint64_t occurrence_min) {
  std::vector<std::uint32_t> tokens;
  for (const std::size_t row : rows) {
    if (std::ranges::find(tokens, trades[row].token) == tokens.end()) {
      tokens.push_back(trades[row].token);
    }
  }
  std::vector<VertexSet> sets;
  std::map<VertexSet, std::uint64_t> occurrences;
  for (const std::uint32_t token : tokens) {
    std::vector<DirectedEdge> edges;
    for (const std::size_t row : rows) {
      if (trades[row].token == token) {
        edges.push_back({trades[row].seller, trades[row].buyer});
      }
    }
    count_layers_twin(edges, sets, occurrences);
  }
  std::erase_if(sets, [&](const VertexSet& set) { return occurrences[set] < occurrence_min; });
  return sets;
}

// Windows are [k × length, (k + 1) × length) from midnight; the last trade's second does not begin
// one.
std::int64_t window_of(std::int64_t time_s, std::int64_t midnight_s, std::int64_t last_s,
                       std::int64_t length_s) {
  std::int64_t window = 0;
  for (std::int64_t end_s = midnight_s + length_s; end_s <= time_s && end_s != last_s;
       end_s += length_s) {
    ++window;
  }
  return window;
}

}  // namespace

std::vector<WashLabel> label_wash_trades_twin(std::span<const WashTrade> trades,
                                              const WashOptions& options) {
  std::vector<WashLabel> labels(trades.size(), WashLabel::self_trade);
  const Rows rows = rows_in_order(trades);
  for (const std::size_t row : rows) {
    labels[row] = WashLabel::not_in_relevant_scc;
  }
  const auto sets = relevant_sets(trades, rows, options.occurrence_min);
  for (const std::int64_t length_s : options.windows_s) {
    for (const VertexSet& set : sets) {
      std::map<std::pair<std::uint32_t, std::int64_t>, Rows> parts;
      for (const std::size_t row : rows) {
        const WashTrade& trade = trades[row];
        if (labels[row] != WashLabel::wash && set.contains(trade.buyer) &&
            set.contains(trade.seller)) {
          labels[row] = WashLabel::checked_not_wash;
          const std::int64_t first_s = trades[rows.front()].time_s;
          const std::int64_t window = window_of(trade.time_s, first_s / 86'400 * 86'400,
                                                trades[rows.back()].time_s, length_s);
          parts[{trade.token, window}].push_back(row);
        }
      }
      for (const auto& [key, part] : parts) {
        std::vector<UnitTransfer> transfers;
        for (const std::size_t row : part) {
          transfers.push_back({trades[row].seller, trades[row].buyer, trades[row].amount});
        }
        const std::size_t washed = balanced_prefix_twin(transfers, options.margin);
        for (std::size_t at = 0; at < washed; ++at) {
          labels[part[at]] = WashLabel::wash;
        }
      }
    }
  }
  return labels;
}

}  // namespace marktwacht
