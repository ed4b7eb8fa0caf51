// Generations, heartbeat and growth: see gate_writer.h.
#include "edges/gate/gate_writer.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "base/check.h"

namespace marktwacht {
namespace {

// A new generation starts with room for twice what it holds.
std::uint32_t size_for(std::uint64_t subjects, std::uint64_t slots) {
  std::uint32_t size = 0;
  while (size < GatePlaces::sizes_max - 1) {
    const std::uint64_t heads = GatePlaces::heads(2 * size);
    if (heads >= 4 * subjects && heads * GateMemory::entries_per_head >= 2 * slots) {
      break;
    }
    ++size;
  }
  return size;
}

}  // namespace

std::expected<GateWriter, std::string> GateWriter::open(const std::string& folder,
                                                        std::string_view deployment_key,
                                                        const GateOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return std::unexpected(folder + ": " + failed.message());
  }
  GateWriter writer;
  auto lock = GateLock::take(folder);
  if (!lock) {
    return std::unexpected(lock.error());
  }
  writer.lock_ = *std::move(lock);
  writer.key_ = GateKey::of(deployment_key);
  writer.options_ = options;
  const GatePlaces places = GatePlaces::for_subjects(options.subjects_max);
  const std::string path = gate_path(folder);
  auto mapping = GateMapping::open(path, writer.key_, GateMapping::Access::write);
  if (!mapping || mapping->places().sizes() != places.sizes()) {
    mapping = GateMapping::create(path, writer.key_, places, options.mode);
    if (!mapping) {
      return std::unexpected(mapping.error());
    }
  }
  writer.mapping_ = *std::move(mapping);
  const std::uint64_t active =
      writer.mapping_.header(header_word::active).load(std::memory_order_relaxed);
  writer.generation_ = active >> 8;
  writer.place_ = active & 0xFF;
  return writer;
}

GateWriter::Done GateWriter::check_length(const SubjectRestrictions& subject) const {
  const std::uint64_t slots = GateTableWriter::slots_for(subject.restrictions);
  if (slots > GateTableWriter::slots_max) {
    return std::unexpected("the gate has no room for " +
                           std::to_string(subject.restrictions.size()) +
                           " restrictions of one subject");
  }
  return {};
}

std::expected<bool, std::string> GateWriter::build_at(std::uint32_t place,
                                                      const Subjects& subjects) {
  if (auto cleared = mapping_.clear(place); !cleared) {
    return std::unexpected(cleared.error());
  }
  if (auto room = mapping_.reserve(place); !room) {
    return std::unexpected(room.error());
  }
  GateTableWriter table(mapping_.memory(place), key_.names);
  const bool fits = std::ranges::all_of(subjects, [&](const auto& subject) {
    return table.put(subject.first, subject.second.restrictions);
  });
  if (fits) {
    table_ = std::move(table);
  }
  return fits;
}

GateWriter::Done GateWriter::build(const Subjects& subjects) {
  std::uint64_t restricted = 0, slots = 0;
  for (const auto& [subject, held] : subjects) {
    restricted += held.restrictions.empty() ? 0 : 1;
    slots += GateTableWriter::slots_for(held.restrictions);
  }
  const std::uint32_t sizes = mapping_.places().sizes();
  for (std::uint32_t size = std::min(size_for(restricted, slots), sizes - 1); size < sizes;
       ++size) {
    const bool beside = generation_ != 0 && place_ == 2 * size;
    const std::uint32_t place = 2 * size + (beside ? 1 : 0);
    const auto built = build_at(place, subjects);
    if (!built) {
      return std::unexpected(built.error());
    }
    if (*built) {
      const bool had_one = generation_ != 0;
      const std::uint32_t before = place_;
      place_ = place;
      ++generation_;
      mapping_.header(header_word::active)
          .store(generation_ << 8 | place, std::memory_order_seq_cst);
      std::atomic_thread_fence(std::memory_order_seq_cst);
      if (had_one) {
        // Only to have the memory back: it is cleared again before it is used again.
        static_cast<void>(mapping_.clear(before));
      }
      return {};
    }
  }
  return std::unexpected("the gate is full: " + std::to_string(restricted) +
                         " subjects are restricted");
}

GateWriter::Done GateWriter::publish(std::span<const SubjectRestrictions> subjects, Time now) {
  Subjects all;
  for (const SubjectRestrictions& subject : subjects) {
    if (auto fits = check_length(subject); !fits) {
      return fits;
    }
    all[subject.subject] = subject;
  }
  const auto stale = static_cast<std::uint64_t>(options_.stale.ns);
  mapping_.header(header_word::stale_ns).store(stale, std::memory_order_relaxed);
  if (auto built = build(all); !built) {
    return built;
  }
  subjects_ = std::move(all);
  beat(now);
  return {};
}

std::expected<bool, std::string> GateWriter::apply(const SubjectRestrictions& subject) {
  check(table_.has_value(), "a gate's writer publishes before it changes anything");
  if (auto fits = check_length(subject); !fits) {
    return std::unexpected(fits.error());
  }
  const auto [found, is_new] = subjects_.try_emplace(subject.subject);
  if (!is_new && subject.revision <= found->second.revision) {
    return false;
  }
  SubjectRestrictions before = std::exchange(found->second, subject);
  if (table_->put(subject.subject, subject.restrictions)) {
    return true;
  }
  if (auto built = build(subjects_); !built) {
    if (is_new) {
      subjects_.erase(found);
    } else {
      found->second = std::move(before);
    }
    return std::unexpected(built.error());
  }
  return true;
}

void GateWriter::beat(Time now) {
  mapping_.header(header_word::heartbeat_ns)
      .store(static_cast<std::uint64_t>(now.ns), std::memory_order_relaxed);
}

GateWriter::Done publish_gate(const std::string& folder,
                              std::span<const SubjectRestrictions> subjects,
                              std::string_view deployment_key) {
  auto writer = GateWriter::open(folder + "/gate", deployment_key);
  if (!writer) {
    return std::unexpected(writer.error());
  }
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return writer->publish(
      subjects, {std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count()});
}

}  // namespace marktwacht
