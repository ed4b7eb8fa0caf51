// Alert records of a journal against those that this engine makes from the same events.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "alerts/alert.h"
#include "events/event.h"

namespace marktwacht {

// Both come in the same order, though not at the same moment: what a timer made stands before the
// event whose time let it run. No part of the state.
class RecordedAlerts {
 public:
  void expect() { expected_ = true; }

  void came(const event::Alert& record) {
    came_.push_back(
        {std::string(record.alert_id.view()), record.revision, std::string(record.state.view())});
    match();
  }
  void made(const Alert& alert) {
    if (expected_) {
      made_.push_back({alert.alert_id, static_cast<std::int64_t>(alert.revision),
                       std::string(word_of(alert.state))});
      match();
    }
  }

  std::uint64_t same() const { return same_; }
  // Pairs that differ, and records that found no partner so far.
  std::uint64_t different() const { return different_; }
  std::uint64_t waiting() const { return came_.size() + made_.size(); }

 private:
  struct Record {
    std::string alert_id;
    std::int64_t revision = 0;
    std::string state;
    bool operator==(const Record&) const = default;
  };

  void match() {
    while (!came_.empty() && !made_.empty()) {
      (came_.front() == made_.front() ? same_ : different_) += 1;
      came_.pop_front();
      made_.pop_front();
    }
  }

  bool expected_ = false;
  std::deque<Record> came_, made_;
  std::uint64_t same_ = 0, different_ = 0;
};

}  // namespace marktwacht
