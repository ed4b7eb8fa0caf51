// Joins the three files by block number and hands each coin its rows.
#include "edges/adapters/hyperliquid.h"

#include <algorithm>
#include <utility>

#include "edges/adapters/hyperliquid_files.h"
#include "edges/adapters/hyperliquid_orders.h"

namespace marktwacht {
namespace {

// One of the three files (or runs of files): its next block.
template <class Row>
class BlockStream {
 public:
  BlockStream(std::vector<std::string> paths, std::span<const HyperliquidCoin> coins)
      : lines_(std::move(paths)), reader_(coins) {}

  // Makes sure that the next good block is at hand, if there is one; lines and rows that cannot be
  // taken become items of `batch`.
  std::expected<void, std::string> fill(Batch& batch) {
    while (!ready_ && !ended_) {
      auto line = lines_.next();
      if (!line) {
        return std::unexpected(line.error());
      }
      ended_ = !*line;
      if (!ended_) {
        line_ = **line;
        ready_ = take_line(batch);
      }
    }
    return {};
  }

  bool ready() const { return ready_; }
  bool at(std::uint64_t number) const { return ready_ && block_.number == number; }
  const RowBlock<Row>& block() const { return block_; }
  LineOrigin origin(Batch& batch) const {
    return {line_.line, line_.offset, batch.arena.copy(line_.text.substr(0, rejected_head_bytes))};
  }
  void drop() { ready_ = false; }
  const BlockLines& lines() const { return lines_; }

 private:
  bool take_line(Batch& batch) {
    faults_.clear();
    bool good = false;
    if (line_.too_large) {
      faults_.push_back({{RejectReason::too_large, {}}, std::string(line_.text)});
    } else {
      good = reader_.read(line_.text, block_, faults_);
    }
    if (good && last_ && block_.number <= *last_) {
      // What it says was said before, or comes too late to be put into place.
      faults_.assign(1, {{RejectReason::bad_value, "block_number"},
                         std::string(line_.text.substr(0, rejected_head_bytes))});
      good = false;
    }
    for (const RowFault& fault : faults_) {
      Item& item = batch.items.emplace_back();
      item.fault = fault.fault;
      item.line = line_.line;
      item.offset = line_.offset;
      item.text = batch.arena.copy(std::string_view(fault.text));
    }
    last_ = good ? block_.number : last_;
    return good;
  }

  BlockLines lines_;
  RowReader reader_;
  BlockLine line_;
  RowBlock<Row> block_;
  std::vector<RowFault> faults_;
  std::optional<std::uint64_t> last_;
  bool ready_ = false;
  bool ended_ = false;
};

// The whole of a (packed) file, with room for the parser behind it.
std::expected<std::string, std::string> read_whole(const std::string& path, std::size_t& size) {
  auto source = open_bytes(path);
  if (!source) {
    return std::unexpected(source.error());
  }
  std::string bytes;
  while (true) {
    bytes.resize(std::max<std::size_t>(2 * bytes.size(), size + (1 << 20)));
    const auto count = (*source)->read(bytes.data() + size, bytes.size() - size);
    if (!count) {
      return std::unexpected(count.error());
    }
    size += *count;
    if (*count == 0) {
      bytes.resize(size + simdjson::SIMDJSON_PADDING);
      return bytes;
    }
  }
}

class HyperliquidInput : public Input {
 public:
  HyperliquidInput(HyperliquidFiles files, std::vector<InstrumentOption> instruments,
                   std::vector<HyperliquidCoin> coins)
      : instruments_(std::move(instruments)),
        coins_(std::move(coins)),
        orders_(coins_.size()),
        snapshot_path_(std::move(files.snapshot)),
        statuses_(std::move(files.statuses), coins_),
        diffs_(std::move(files.diffs), coins_),
        fills_(std::move(files.fills), coins_) {}

  std::expected<bool, std::string> read(Batch& batch) override {
    constexpr std::size_t items_enough = 1024;
    batch.reset();
    while (!error_ && !ended_ && batch.items.size() < items_enough) {
      if (const auto stepped = step(batch); !stepped) {
        error_ = stepped.error();
      }
    }
    count_blank_lines(batch);
    // What came before the error is handed on first.
    if (error_ && batch.items.empty()) {
      return std::unexpected(*error_);
    }
    return !batch.items.empty() || batch.blank_lines > 0;
  }

  Progress progress() const override {
    Progress sum;
    for (const Progress part :
         {statuses_.lines().progress(), diffs_.lines().progress(), fills_.lines().progress()}) {
      sum.bytes_done += part.bytes_done;
      sum.bytes_total += part.bytes_total;
    }
    return sum;
  }

 private:
  std::expected<void, std::string> step(Batch& batch);
  std::expected<void, std::string> begin(std::uint64_t number, Time time, Batch& batch);
  std::expected<void, std::string> load_snapshot();
  void apply(std::uint64_t number, Time time, Batch& batch);
  void count_blank_lines(Batch& batch) {
    const std::uint64_t seen = statuses_.lines().blank_lines() + diffs_.lines().blank_lines() +
                               fills_.lines().blank_lines();
    batch.blank_lines = seen - std::exchange(blank_lines_, seen);
  }
  HyperliquidEvents events(std::size_t coin, Batch& batch) const {
    return {batch, instruments_[coin], coins_[coin].quantity_scale};
  }

  std::vector<InstrumentOption> instruments_;
  std::vector<HyperliquidCoin> coins_;
  std::vector<HyperliquidOrders> orders_;  // by coin
  std::optional<std::string> snapshot_path_;
  std::optional<std::uint64_t> snapshot_number_;  // the block it was made after
  // The texts of the snapshot's orders stand in the reader.
  std::unique_ptr<RowReader> snapshot_reader_;
  std::optional<Snapshot> snapshot_;
  BlockStream<StatusRow> statuses_;
  BlockStream<DiffRow> diffs_;
  BlockStream<FillRow> fills_;
  std::optional<std::uint64_t> last_number_;  // of the last block that was taken
  std::uint64_t blank_lines_ = 0;
  std::optional<std::string> error_;
  bool ended_ = false;
};

std::expected<void, std::string> HyperliquidInput::load_snapshot() {
  std::size_t size = 0;
  const auto bytes = read_whole(*snapshot_path_, size);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  snapshot_reader_ = std::make_unique<RowReader>(coins_);
  auto snapshot = snapshot_reader_->read_snapshot(std::string_view(bytes->data(), size));
  if (!snapshot) {
    return std::unexpected(*snapshot_path_ + ": " + snapshot.error());
  }
  snapshot_number_ = snapshot->number;
  snapshot_ = std::move(*snapshot);
  snapshot_path_.reset();
  return {};
}

std::expected<void, std::string> HyperliquidInput::begin(std::uint64_t number, Time time,
                                                         Batch& batch) {
  if (snapshot_number_ && number != *snapshot_number_ + 1) {
    return std::unexpected("the L4 snapshot was made after block " +
                           std::to_string(*snapshot_number_) +
                           ", but the feed goes on with block " + std::to_string(number) +
                           ": take a fitting snapshot, or none");
  }
  for (std::size_t coin = 0; coin < coins_.size(); ++coin) {
    HyperliquidEvents out = events(coin, batch);
    out.come_from(statuses_.at(number) ? statuses_.origin(batch)
                  : diffs_.at(number)  ? diffs_.origin(batch)
                                       : fills_.origin(batch));
    std::span<const OrderTerms> resting;
    if (snapshot_) {
      resting = snapshot_->orders[coin];
    }
    orders_[coin].start(time, resting, out);
  }
  snapshot_.reset();
  snapshot_reader_.reset();
  return {};
}

void HyperliquidInput::apply(std::uint64_t number, Time time, Batch& batch) {
  CoinBlock block;
  block.time = time;
  block.has_diffs = diffs_.at(number);
  block.statuses_from = statuses_.at(number) ? statuses_.origin(batch) : LineOrigin{};
  block.diffs_from = diffs_.at(number) ? diffs_.origin(batch) : LineOrigin{};
  block.fills_from = fills_.at(number) ? fills_.origin(batch) : LineOrigin{};
  for (std::size_t coin = 0; coin < coins_.size(); ++coin) {
    const auto rows = [&](const auto& stream) {
      using Rows = std::span<
          const typename std::remove_cvref_t<decltype(stream.block().rows[coin])>::value_type>;
      return stream.at(number) ? Rows(stream.block().rows[coin]) : Rows();
    };
    block.statuses = rows(statuses_);
    block.diffs = rows(diffs_);
    block.fills = rows(fills_);
    HyperliquidEvents out = events(coin, batch);
    out.come_from(block.has_diffs ? block.diffs_from : block.statuses_from);
    if (last_number_ && number != *last_number_ + 1) {
      orders_[coin].reset(time, out);
    }
    orders_[coin].apply(block, out);
  }
}

// Takes one block.
std::expected<void, std::string> HyperliquidInput::step(Batch& batch) {
  if (snapshot_path_) {
    if (auto loaded = load_snapshot(); !loaded) {
      return loaded;
    }
  }
  for (auto filled : {statuses_.fill(batch), diffs_.fill(batch), fills_.fill(batch)}) {
    if (!filled) {
      return filled;
    }
  }
  std::optional<std::uint64_t> number;
  Time time;
  const auto look = [&](const auto& stream) {
    if (stream.ready() && (!number || stream.block().number < *number)) {
      number = stream.block().number;
      time = stream.block().time;
    }
  };
  look(statuses_);
  look(diffs_);
  look(fills_);
  ended_ = !number;
  if (ended_) {
    return {};
  }
  if (!snapshot_number_ || *number > *snapshot_number_) {  // older ones are in the snapshot
    if (!last_number_) {
      if (auto begun = begin(*number, time, batch); !begun) {
        return begun;
      }
    }
    apply(*number, time, batch);
    last_number_ = number;
  }
  const auto drop = [&](auto& stream) {
    if (stream.at(*number)) {
      stream.drop();
    }
  };
  drop(statuses_);
  drop(diffs_);
  drop(fills_);
  return {};
}

std::expected<std::vector<HyperliquidCoin>, std::string> coins_of(
    const std::vector<InstrumentOption>& instruments) {
  if (instruments.empty()) {
    return std::unexpected(
        "--from hyperliquid needs --instrument COIN:TICK:LOT for each coin to read, for instance "
        "--instrument BTC:1:0.00001");
  }
  std::vector<HyperliquidCoin> coins;
  for (const InstrumentOption& instrument : instruments) {
    const std::string& name = instrument.instrument_id;
    if (name.starts_with('@') || name.find('/') != name.npos) {
      return std::unexpected("--instrument " + name +
                             ": a spot pair; --from hyperliquid reads perpetuals");
    }
    if (std::ranges::find(coins, name, &HyperliquidCoin::name) != coins.end()) {
      return std::unexpected("--instrument " + name + " is given twice");
    }
    // The finest quantity that the event stream can hold (events.md, "Reading rules").
    coins.push_back({name, instrument.lot_size.places() + 3});
  }
  return coins;
}

}  // namespace

std::expected<std::unique_ptr<Input>, std::string> open_hyperliquid(
    const std::string& folder, const std::vector<InstrumentOption>& instruments) {
  auto coins = coins_of(instruments);
  if (!coins) {
    return std::unexpected(coins.error());
  }
  auto files = find_hyperliquid_files(folder);
  if (!files) {
    return std::unexpected(files.error());
  }
  return std::make_unique<HyperliquidInput>(std::move(*files), instruments, std::move(*coins));
}

}  // namespace marktwacht
