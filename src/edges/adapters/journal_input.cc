// A journal as an input.
#include <optional>
#include <utility>

#include "edges/adapters/inputs.h"
#include "edges/journal/journal.h"
#include "events/record.h"

namespace marktwacht {
namespace {

constexpr std::size_t batch_records = 1024;

class JournalInput : public Input {
 public:
  JournalInput(std::string path, JournalReader reader)
      : path_(std::move(path)), reader_(std::move(reader)) {}

  std::expected<bool, std::string> read(Batch& batch) override {
    batch.reset();
    JournalRecord record;
    while (!over_ && batch.items.size() < batch_records) {
      const auto more = reader_.next(record);
      if (!more) {
        error_ = path_ + ": " + more.error();
      }
      over_ = !more || !*more;
      if (!over_) {
        add(record, batch);
      }
    }
    if (batch.items.empty() && error_) {
      return std::unexpected(*error_);
    }
    return !batch.items.empty();
  }

  Progress progress() const override { return {reader_.bytes_read(), reader_.bytes_total()}; }

  std::vector<std::string> notes() const override {
    if (reader_.torn_bytes() == 0) {
      return {};
    }
    return {path_ + ": the last " + std::to_string(reader_.torn_bytes()) +
            " bytes are a record that was not written to its end; they were left out"};
  }

 private:
  // The payload is copied, because a batch owns what its events point to.
  void add(const JournalRecord& record, Batch& batch) {
    Item& item = batch.items.emplace_back();
    item.line = ++records_;
    item.offset = record.offset;
    item.seq = record.seq;
    item.journaled = true;
    item.event = read_record(batch.arena.copy(record.payload), batch.arena);
    if (item.event == nullptr) {
      item.fault = {RejectReason::bad_value, {}};
    }
  }

  std::string path_;
  JournalReader reader_;
  std::uint64_t records_ = 0;
  bool over_ = false;
  std::optional<std::string> error_;
};

}  // namespace

OpenedInput open_journal(const std::string& path) {
  auto reader = JournalReader::open(path);
  if (!reader) {
    return std::unexpected(path + ": " + reader.error());
  }
  return std::make_unique<JournalInput>(path, std::move(*reader));
}

}  // namespace marktwacht
