// See snapshots.h.
#include "service/snapshots.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <ranges>
#include <utility>

#include "edges/journal/checkpoint.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".mws";

}  // namespace

std::string Snapshots::path(std::uint64_t seq) const {
  const std::string digits = std::to_string(seq);
  return folder_ + "/" + std::string(20 - digits.size(), '0') + digits + std::string(ending);
}

std::vector<std::uint64_t> Snapshots::list() const {
  std::vector<std::uint64_t> seqs;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::uint64_t seq = 0;
    const auto [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), seq);
    if (bad == std::errc{} && std::string_view(rest) == ending) {
      seqs.push_back(seq);
    }
  }
  std::ranges::sort(seqs);
  return seqs;
}

std::expected<void, std::string> Snapshots::write(const EngineSnapshot& snapshot) {
  std::error_code error;
  fs::create_directories(folder_, error);
  const auto written = write_state_file(path(snapshot.seq), snapshot);
  if (!written) {
    return std::unexpected(written.error());
  }
  remove_oldest();
  return {};
}

std::expected<std::optional<EngineSnapshot>, std::string> Snapshots::newest(
    std::uint64_t seq_max, std::vector<std::string>& notes) const {
  const auto checkpoint = read_checkpoint(journal_);
  if (!checkpoint) {
    return std::unexpected(checkpoint.error());
  }
  const std::uint64_t seq_min = *checkpoint ? (*checkpoint)->seq : 0;
  for (const std::uint64_t seq : list() | std::views::reverse) {
    if (seq > seq_max || seq < seq_min) {
      continue;
    }
    if (auto file = read_state_file(path(seq))) {
      return std::move(file->snapshot);
    } else {
      notes.push_back(std::move(file.error()));
    }
  }
  if (!*checkpoint) {
    return std::nullopt;
  }
  auto state = read_checkpoint_state(journal_, **checkpoint);
  return state ? std::expected<std::optional<EngineSnapshot>, std::string>(*std::move(state))
               : std::unexpected(state.error());
}

void Snapshots::remove_oldest() {
  const std::vector<std::uint64_t> seqs = list();
  for (std::size_t at = 0; at + kept < seqs.size(); ++at) {
    std::error_code error;
    fs::remove(path(seqs[at]), error);
  }
}

}  // namespace marktwacht
