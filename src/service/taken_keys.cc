// A key that comes again after its time counts as new.
#include "service/taken_keys.h"

#include "edges/journal/format.h"

namespace marktwacht {

const BatchMark* TakenKeys::find(const std::string& source, const std::string& key) const {
  const auto found = marks_.find({source, key});
  return found == marks_.end() ? nullptr : &found->second;
}

// Batches before the first event that moves the clock are as old as that.
void TakenKeys::date(Time first) {
  for (const Key& key : by_age_) {
    BatchMark& mark = marks_.at(key);
    mark.at = mark.at == Time{} ? first : mark.at;
  }
  dated_ = true;
}

void TakenKeys::add(const BatchMark& mark) {
  if (!dated_ && mark.at != Time{}) {
    date(mark.at);
  }
  while (!by_age_.empty() && mark.at.ns - marks_.at(by_age_.front()).at.ns > kept.ns) {
    drop_oldest();
  }
  if (mark.idempotency_key.empty() ||
      !marks_.try_emplace({mark.source, mark.idempotency_key}, mark).second) {
    return;
  }
  by_age_.emplace_back(mark.source, mark.idempotency_key);
  if (by_age_.size() > keys_max) {
    drop_oldest();
    ++dropped_;
  }
}

void TakenKeys::drop_oldest() {
  marks_.erase(by_age_.front());
  by_age_.pop_front();
}

void TakenKeys::save(ByteWriter& out) const {
  out.varint(by_age_.size());
  for (const Key& key : by_age_) {
    std::string mark;
    write_batch_mark(marks_.at(key), mark);
    out.text(mark);
  }
  out.varint(dropped_);
}

bool TakenKeys::load(ByteReader& in) {
  *this = {};
  for (std::uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    const auto mark = read_batch_mark(in.text());
    if (!mark) {
      return false;
    }
    add(*mark);
  }
  dropped_ = in.varint();
  return in.ok();
}

}  // namespace marktwacht
