// Keeps what was refused, beside the engine: its thread must not wait for this disk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "edges/sqlite/rejected.h"
#include "service/intake.h"

namespace marktwacht {

// DIR/rejected.db, the newest rows. Any thread.
class RejectedLines {
 public:
  static constexpr std::uint64_t rows_max = 100'000;
  static constexpr std::size_t waiting_max = 10'000;

  // `most`: of rows that are kept.
  static std::expected<std::unique_ptr<RejectedLines>, std::string> open(
      const std::string& data_dir, std::uint64_t most = rows_max);
  ~RejectedLines() { stop(); }
  RejectedLines(const RejectedLines&) = delete;
  RejectedLines& operator=(const RejectedLines&) = delete;

  // What one batch's answer says was refused. Does not wait. What finds no room, or cannot be
  // written, is counted as lost, and so is what the answer counts and does not name.
  void add(const std::string& source, Time received, const IntakeAnswer& answer);
  std::uint64_t lost() const;
  // All that was added is written, or lost. Waits.
  void flush();
  std::expected<ListOf<RejectedRow>, StoreError> rows(const RejectedQuery& query);
  // Writes what waits. Waits for it.
  void stop();

 private:
  RejectedLines(RejectedTable table, RejectedReader reader, std::uint64_t most);
  void loop();

  RejectedTable table_;
  const std::uint64_t most_;
  std::mutex reading_;
  RejectedReader reader_;
  mutable std::mutex mutex_;
  std::condition_variable comes_, written_;
  std::deque<RejectedRow> waiting_;
  std::uint64_t lost_ = 0;
  bool writing_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace marktwacht
