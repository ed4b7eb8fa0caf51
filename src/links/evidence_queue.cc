// When evidence is forgotten.
#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/prefetch.h"
#include "links/evidence.h"

namespace marktwacht {

EvidenceStore::Queue& EvidenceStore::queue_of(const Piece& piece) {
  return queues_[static_cast<std::size_t>(kind_of(values_[piece.value].what()))];
}

Time EvidenceStore::due_of(EvidenceKind kind, Time created) const {
  const Duration memory = table_.memory[static_cast<std::size_t>(kind)];
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  return created.ns > end - memory.ns ? Time{end} : created + memory;
}

// Each kind has a queue of its own.
Time EvidenceStore::due_of(const Queue& queue) const {
  return due_of(static_cast<EvidenceKind>(&queue - queues_.data()), pieces_[queue.front()].created);
}

void EvidenceStore::enqueue(std::uint32_t number) {
  Queue& queue = queue_of(pieces_[number]);
  check(queue.empty() || pieces_[queue.back()].created <= pieces_[number].created, "time goes on");
  due_known_ = due_known_ && !queue.empty();
  queue.push_back(number);
}

// Its place in the queue is passed over when it comes to the front.
void EvidenceStore::dequeue(std::uint32_t number) {
  if (!is_queued(number)) {
    return;
  }
  kept_.emplace(number, true);
  ++stale_;
  pass_stale(queue_of(pieces_[number]));
}

bool EvidenceStore::is_queued(std::uint32_t number) const {
  return kind_of(values_[pieces_[number].value].what()) != EvidenceKind::referral &&
         !kept_.contains(number);
}

void EvidenceStore::pass_stale(Queue& queue) {
  while (stale_ > 0 && !queue.empty()) {
    const std::uint32_t number = queue.front();
    const auto kept = kept_.find(number);
    if (kept != kept_.end()) {
      kept->second = false;
    } else if (gone_.erase(number) > 0) {
      free_piece(number);
    } else {
      return;
    }
    queue.pop_front();
    due_known_ = false;
    --stale_;
  }
}

Time EvidenceStore::first_due() const {
  Time first = never;
  for (const Queue& queue : queues_) {
    first = queue.empty() ? first : std::min(first, due_of(queue));
  }
  return first;
}

void EvidenceStore::expire(Time due) {
  for (Queue& queue : queues_) {
    while (!queue.empty() && due_of(queue) <= due) {
      prefetch_due(queue);
      const std::uint32_t number = queue.front();
      queue.pop_front();
      due_known_ = false;
      forget(number);
      free_piece(number);
      pass_stale(queue);
    }
  }
}

// What those touch that expire next, a step further for those that come sooner: one leaves with
// about every event, so that all has come when its turn does.
void EvidenceStore::prefetch_due(const Queue& queue) const {
  constexpr std::size_t distances[] = {12, 8, 4};  // to the piece, to what it names, to the key
  if (queue.size() <= distances[0]) {
    return;
  }
  prefetch_line(&pieces_[queue[distances[0]]]);
  const Piece& far = pieces_[queue[distances[1]]];
  prefetch_lines(&values_[far.value], value_bytes);
  prefetch_lines(&rows_[far.account.value], sizeof(Row));
  piece_table_.prefetch(hash_of_piece(far.value, far.account));
  for (const std::uint32_t beside :
       {far.value_next, far.value_previous, far.account_next, far.account_previous}) {
    if (beside != none) {
      prefetch_line(&pieces_[beside]);
    }
  }
  const Value& next = values_[pieces_[queue[distances[2]]].value];
  if (next.degree == 1) {
    value_table_.prefetch(hash_of_value(next.what(), next.text()));
  }
}

}  // namespace marktwacht
