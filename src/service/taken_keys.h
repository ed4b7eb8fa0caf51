// Which batches were taken, by the key that their sender gave them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "edges/journal/batch_mark.h"

namespace marktwacht {

// One thread. Built from the journal's batch marks, so that a restart forgets none.
class TakenKeys {
 public:
  static constexpr Duration kept{7 * day.ns};  // cli.md, by the engine's clock
  static constexpr std::size_t keys_max = 1 << 20;

  // The mark of the batch of this key; nullptr when none is known.
  const BatchMark* find(const std::string& source, const std::string& key) const;
  void add(const BatchMark& mark);
  std::size_t size() const { return by_age_.size(); }
  std::uint64_t dropped() const { return dropped_; }  // for want of room, before their time

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  using Key = std::pair<std::string, std::string>;
  void drop_oldest();
  void date(Time first);

  std::map<Key, BatchMark> marks_;
  std::deque<Key> by_age_;
  std::uint64_t dropped_ = 0;
  bool dated_ = false;  // the clock has started
};

}  // namespace marktwacht
