// Records of a journal that an engine made, against those that this engine makes from the same
// events: alerts, proposals.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace marktwacht {

// Both come in the same order, though not at the same moment: what a timer made stands before the
// event whose time let it run. They are compared as a whole. No part of the state.
class RecordedLines {
 public:
  void expect() { expected_ = true; }
  bool expected() const { return expected_; }

  void came(std::string_view record) {
    came_.emplace_back(record);
    match();
  }
  // Passed over unless they are expected.
  void made(std::string line) {
    if (expected_) {
      made_.push_back(std::move(line));
      match();
    }
  }

  std::uint64_t same() const { return same_; }
  std::uint64_t different() const { return different_; }  // pairs
  // Of the first pair that differed: what was recorded, and what is made now.
  const std::pair<std::string, std::string>& first_different() const { return first_different_; }
  // Where they part first: one side is empty where the other has nothing there. Both empty:
  // nowhere.
  std::pair<std::string, std::string> first_parting() const {
    return different_ > 0 ? first_different_
                          : std::pair(came_.empty() ? std::string() : came_.front(),
                                      made_.empty() ? std::string() : made_.front());
  }
  // Records that found no partner so far, and lines made here that found no record.
  std::uint64_t unmatched() const { return came_.size(); }
  std::uint64_t unrecorded() const { return made_.size(); }

 private:
  void match() {
    while (!came_.empty() && !made_.empty()) {
      const bool equal = came_.front() == made_.front();
      (equal ? same_ : different_) += 1;
      if (!equal && different_ == 1) {
        first_different_ = {came_.front(), made_.front()};
      }
      came_.pop_front();
      made_.pop_front();
    }
  }

  bool expected_ = false;
  std::deque<std::string> came_, made_;
  std::uint64_t same_ = 0, different_ = 0;
  std::pair<std::string, std::string> first_different_;
};

}  // namespace marktwacht
