// Merging inputs by time. Batches go in and out whole where one input's items stand together; else
// the items are copied, so that every batch owns what it holds.
#include <limits>
#include <optional>
#include <utility>

#include "edges/adapters/event_copy.h"
#include "edges/adapters/inputs.h"

namespace marktwacht {
namespace {

constexpr std::size_t batch_items = 1024;

// What is next: the earliest, then the first given. A refused line has no time and is due at once.
struct Turn {
  std::int64_t ns = std::numeric_limits<std::int64_t>::max();
  std::size_t place = std::numeric_limits<std::size_t>::max();
  auto operator<=>(const Turn&) const = default;
};

struct Source {
  std::unique_ptr<Input> input;
  Batch batch;
  std::size_t at = 0;  // of the next item in `batch`
  bool ended = false;

  bool empty() const { return at == batch.items.size(); }
  Turn turn(std::size_t place, std::size_t item) const {
    const Event* event = batch.items[item].event;
    return {event == nullptr ? std::numeric_limits<std::int64_t>::min() : event->ts.ns, place};
  }
};

class MergeInput : public Input {
 public:
  explicit MergeInput(std::vector<std::unique_ptr<Input>> inputs) {
    for (std::unique_ptr<Input>& input : inputs) {
      sources_.emplace_back().input = std::move(input);
      make_movable(sources_.back().batch);
    }
  }

  std::expected<bool, std::string> read(Batch& batch) override {
    batch.reset();
    while (batch.items.size() < batch_items && refill()) {
      const auto [first, limit] = next_turns();
      if (first == Turn{} || take_run(sources_[first.place], first.place, limit, batch)) {
        break;
      }
    }
    batch.unknown_fields += std::exchange(unknown_fields_, 0);
    batch.blank_lines += std::exchange(blank_lines_, 0);
    if (!batch.items.empty() || batch.blank_lines > 0) {
      return true;
    }
    if (error_) {
      return std::unexpected(*error_);
    }
    return false;
  }

  Progress progress() const override {
    Progress sum;
    bool known = true;
    for (const Source& source : sources_) {
      const Progress progress = source.input->progress();
      sum.bytes_done += progress.bytes_done;
      sum.bytes_total += progress.bytes_total;
      known = known && progress.bytes_total > 0;
    }
    return {sum.bytes_done, known ? sum.bytes_total : 0};
  }

  std::vector<std::string> notes() const override {
    std::vector<std::string> all;
    for (const Source& source : sources_) {
      const std::vector<std::string> notes = source.input->notes();
      all.insert(all.end(), notes.begin(), notes.end());
    }
    return all;
  }

 private:
  // Gives every source that has not ended an item. False when one has failed.
  bool refill() {
    for (Source& source : sources_) {
      while (!error_ && !source.ended && source.empty()) {
        source.at = 0;
        const auto more = source.input->read(source.batch);
        if (!more) {
          source.batch.reset();
          error_ = more.error();
          break;
        }
        source.ended = !*more;
        unknown_fields_ += std::exchange(source.batch.unknown_fields, 0);
        blank_lines_ += std::exchange(source.batch.blank_lines, 0);
      }
    }
    return !error_;
  }

  // The first two turns among the sources; Turn{} where there is none.
  std::pair<Turn, Turn> next_turns() const {
    Turn first, second;
    for (std::size_t place = 0; place < sources_.size(); ++place) {
      if (sources_[place].empty()) {
        continue;
      }
      const Turn turn = sources_[place].turn(place, sources_[place].at);
      if (turn < first) {
        second = std::exchange(first, turn);
      } else if (turn < second) {
        second = turn;
      }
    }
    return {first, second};
  }

  // Hands on the items of `source` that come before `limit`. True when `batch` is complete.
  bool take_run(Source& source, std::size_t place, Turn limit, Batch& batch) {
    const std::vector<Item>& items = source.batch.items;
    std::size_t end = source.at;
    while (end < items.size() && source.turn(place, end) < limit) {
      ++end;
    }
    if (source.at == 0 && end == items.size() && batch.items.empty()) {
      std::swap(batch, source.batch);
      make_movable(source.batch);
      return true;
    }
    while (source.at < end && batch.items.size() < batch_items) {
      copy(items[source.at++], batch);
    }
    return false;
  }

  static void copy(const Item& item, Batch& batch) {
    Item& to = batch.items.emplace_back(item);
    to.text = batch.arena.copy(item.text);
    if (item.event != nullptr) {
      to.event = copy_event(*item.event, item.text, to.text, batch.arena);
    }
  }

  std::vector<Source> sources_;
  std::uint64_t unknown_fields_ = 0, blank_lines_ = 0;  // of batches read and not yet told
  std::optional<std::string> error_;
};

}  // namespace

std::unique_ptr<Input> merge_inputs(std::vector<std::unique_ptr<Input>> inputs) {
  return std::make_unique<MergeInput>(std::move(inputs));
}

}  // namespace marktwacht
