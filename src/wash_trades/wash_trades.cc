// Relevant sets of accounts first; then, window by window, the balanced prefixes within each.
#include "wash_trades/wash_trades.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "algorithms/layered_components.h"
#include "wash_trades/ordered_trades.h"
#include "wash_trades/pairs_within.h"

namespace marktwacht {
namespace {

using AccountSets = std::vector<LayeredComponents::Set>;

AccountSets find_relevant_sets(const OrderedTrades& trades, std::uint64_t occurrence_min) {
  LayeredComponents components(trades.accounts());
  std::vector<DirectedEdge> edges;
  for (std::uint32_t token = 0; token < trades.tokens(); ++token) {
    edges.clear();
    for (const OrderedTrade& trade : trades.of_token(token)) {
      edges.push_back({trade.seller, trade.buyer});
    }
    components.add(edges);
  }
  AccountSets relevant = std::move(components).take_sets();
  std::erase_if(relevant, [&](const auto& set) { return set.occurrences < occurrence_min; });
  return relevant;
}

std::vector<bool> accounts_in(const AccountSets& sets, std::uint32_t accounts) {
  std::vector<bool> in(accounts);
  for (const auto& set : sets) {
    for (const std::uint32_t account : set.vertices) {
      in[account] = true;
    }
  }
  return in;
}

// Windows start at the midnight before the first trade. The last trade's second does not begin one:
// the published program closes its last window there.
class Windows {
 public:
  Windows(const OrderedTrades& trades, std::int64_t window_s)
      : start_s_(trades.first_s() - trades.first_s() % day_s),
        last_s_(trades.last_s()),
        window_s_(window_s) {}

  std::int64_t of(std::int64_t time_s) const {
    const std::int64_t since = time_s - start_s_;
    return (time_s == last_s_ && since > 0 ? since - 1 : since) / window_s_;
  }

 private:
  static constexpr std::int64_t day_s = 86'400;
  std::int64_t start_s_, last_s_, window_s_;
};

// The passes over the relevant sets; they share what was labelled.
class Labelling {
 public:
  Labelling(const OrderedTrades& trades, const AccountSets& sets, Ratio margin)
      : trades_(trades),
        sets_(sets),
        pairs_(trades.list(), accounts_in(sets, trades.accounts())),
        prefix_(trades.accounts(), margin),
        labels_(trades.list().size(), WashLabel::not_in_relevant_scc),
        marks_((trades.list().size() + mark_bits - 1) / mark_bits) {}

  void pass(std::int64_t window_s) {
    const Windows windows(trades_, window_s);
    for (const auto& set : sets_) {
      gather(set.vertices);
      label(windows);
    }
  }

  // By place in the list.
  const std::vector<WashLabel>& labels() const { return labels_; }

 private:
  // The trades within a set that are not labelled yet, in order.
  void gather(std::span<const std::uint32_t> accounts) {
    places_.clear();
    pairs_.each(accounts, [this](std::span<const std::uint32_t> places) {
      for (const std::uint32_t place : places) {
        if (labels_[place] != WashLabel::wash) {
          labels_[place] = WashLabel::checked_not_wash;
          places_.push_back(place);
        }
      }
    });
    order_places();
  }

  // Many are put in order by marking them, few by comparing.
  void order_places() {
    if (places_.size() < marks_.size()) {
      std::ranges::sort(places_);
      return;
    }
    for (const std::uint32_t place : places_) {
      marks_[place / mark_bits] |= std::uint64_t{1} << place % mark_bits;
    }
    places_.clear();
    for (std::size_t word = 0; word < marks_.size(); ++word) {
      for (std::uint64_t left = std::exchange(marks_[word], 0); left != 0; left &= left - 1) {
        places_.push_back(static_cast<std::uint32_t>(word * mark_bits + std::countr_zero(left)));
      }
    }
  }

  // Each token and window by itself.
  void label(const Windows& windows) {
    for (std::size_t begin = 0, end = 0; begin < places_.size(); begin = end) {
      const OrderedTrade& first = trades_.list()[places_[begin]];
      const std::int64_t window = windows.of(first.time_s);
      transfers_.clear();
      for (end = begin; end < places_.size(); ++end) {
        const OrderedTrade& trade = trades_.list()[places_[end]];
        if (trade.token != first.token || windows.of(trade.time_s) != window) {
          break;
        }
        transfers_.push_back({trade.seller, trade.buyer, trade.amount});
      }
      const std::size_t washed = prefix_.find(transfers_);
      for (std::size_t at = begin; at < begin + washed; ++at) {
        labels_[places_[at]] = WashLabel::wash;
      }
    }
  }

  static constexpr std::size_t mark_bits = 64;

  const OrderedTrades& trades_;
  const AccountSets& sets_;
  PairsWithin pairs_;
  BalancedPrefix prefix_;
  std::vector<WashLabel> labels_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint64_t> marks_;  // a bit for each place
  std::vector<UnitTransfer> transfers_;
};

}  // namespace

std::vector<WashLabel> label_wash_trades(std::span<const WashTrade> trades,
                                         const WashOptions& options) {
  const OrderedTrades ordered(trades);
  const AccountSets sets = find_relevant_sets(ordered, options.occurrence_min);
  Labelling labelling(ordered, sets, options.margin);
  for (const std::int64_t window_s : options.windows_s) {
    labelling.pass(window_s);
  }
  std::vector<WashLabel> labels(trades.size(), WashLabel::self_trade);
  for (std::size_t place = 0; place < ordered.list().size(); ++place) {
    labels[ordered.list()[place].row] = labelling.labels()[place];
  }
  return labels;
}

}  // namespace marktwacht
