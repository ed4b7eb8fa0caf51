// One thread writes, all that waits in one transaction.
#include "service/rejected_lines.h"

#include <iterator>
#include <utility>
#include <vector>

namespace marktwacht {

RejectedLines::RejectedLines(RejectedTable table, RejectedReader reader, std::uint64_t most)
    : table_(std::move(table)), most_(most), reader_(std::move(reader)) {
  thread_ = std::thread([this] { loop(); });
}

std::expected<std::unique_ptr<RejectedLines>, std::string> RejectedLines::open(
    const std::string& data_dir, std::uint64_t most) {
  const std::string path = data_dir + "/rejected.db";
  auto table = RejectedTable::open(path);
  if (!table) {
    return std::unexpected(table.error());
  }
  auto reader = RejectedReader::open(path);
  if (!reader) {
    return std::unexpected(reader.error());
  }
  return std::unique_ptr<RejectedLines>(
      new RejectedLines(*std::move(table), *std::move(reader), most));
}

void RejectedLines::add(const std::string& source, Time received, const IntakeAnswer& answer) {
  if (!answer.is_first || answer.rejected == 0) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    std::uint64_t kept = 0;
    for (const RefusedLine& refused : answer.refused) {
      if (waiting_.size() >= waiting_max || stopping_) {
        break;
      }
      waiting_.push_back({.received = received,
                          .source = source,
                          .line = refused.line,
                          .offset = refused.offset,
                          .reason = refused.fault.reason,
                          .field = std::string(refused.fault.field),
                          .head = refused.head});
      ++kept;
    }
    lost_ += answer.rejected - kept;
  }
  comes_.notify_one();
}

std::uint64_t RejectedLines::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void RejectedLines::flush() {
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return waiting_.empty() && !writing_; });
}

std::expected<ListOf<RejectedRow>, StoreError> RejectedLines::rows(const RejectedQuery& query) {
  const std::lock_guard lock(reading_);
  return reader_.rows(query);
}

void RejectedLines::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  comes_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void RejectedLines::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    comes_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    const std::vector<RejectedRow> rows(std::make_move_iterator(waiting_.begin()),
                                        std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    writing_ = true;
    lock.unlock();
    const DatabaseDone done = table_.append(rows, most_);
    lock.lock();
    writing_ = false;
    lost_ += done ? 0 : rows.size();
    written_.notify_all();
  }
}

}  // namespace marktwacht
