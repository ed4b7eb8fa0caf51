// Alert records of a journal against those that this engine makes from the same events.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "alerts/alert.h"
#include "events/event.h"

namespace marktwacht {

// Both come in the same order, though not at the same moment: what a timer made stands before the
// event whose time let it run. They are compared as a whole. No part of the state.
class RecordedAlerts {
 public:
  void expect() { expected_ = true; }

  void came(const event::Alert& record) {
    came_.emplace_back(record.body.view());
    match();
  }
  void made(const Alert& alert) {
    if (expected_) {
      write_alert(alert, nullptr, made_.emplace_back());
      match();
    }
  }

  std::uint64_t same() const { return same_; }
  std::uint64_t different() const { return different_; }  // pairs
  // Records that found no partner so far, and alerts made here that found no record.
  std::uint64_t unmatched() const { return came_.size(); }
  std::uint64_t unrecorded() const { return made_.size(); }

 private:
  void match() {
    while (!came_.empty() && !made_.empty()) {
      (came_.front() == made_.front() ? same_ : different_) += 1;
      came_.pop_front();
      made_.pop_front();
    }
  }

  bool expected_ = false;
  std::deque<std::string> came_, made_;  // as lines without texts
  std::uint64_t same_ = 0, different_ = 0;
};

}  // namespace marktwacht
