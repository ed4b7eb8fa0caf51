// magic, seq, the three parts with their lengths, SHA-256 over all before it.
#include "service/snapshots.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "base/sha256.h"
#include "edges/journal/append_file.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "MWSTATE2";
constexpr std::string_view ending = ".mws";

std::optional<EngineSnapshot> read(const std::string& path, std::string& fault) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  const std::size_t digest = sizeof(Digest);
  if (bytes.size() < magic.size() + digest || !bytes.starts_with(magic)) {
    fault = path + ": no snapshot of this version";
    return std::nullopt;
  }
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - digest);
  if (bytes_of(sha256(body)) != std::string_view(bytes).substr(body.size())) {
    fault = path + ": damaged";
    return std::nullopt;
  }
  ByteReader reader(body.substr(magic.size()));
  EngineSnapshot snapshot{.seq = reader.fixed<std::uint64_t>(),
                          .taken_keys = std::string(reader.text()),
                          .sources = std::string(reader.text()),
                          .engine = std::string(reader.text())};
  if (!reader.ok() || !reader.done()) {
    fault = path + ": damaged";
    return std::nullopt;
  }
  return snapshot;
}

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
  std::string bytes(magic);
  ByteWriter out(bytes);
  out.fixed(snapshot.seq);
  out.text(snapshot.taken_keys);
  out.text(snapshot.sources);
  out.text(snapshot.engine);
  bytes += bytes_of(sha256(bytes));
  const std::string whole = path(snapshot.seq);
  const std::string beside = whole + ".part";
  fs::remove(beside, error);
  auto file = AppendFile::create(beside);
  if (!file) {
    return std::unexpected(file.error());
  }
  if (auto done = file->append(bytes); !done) {
    return done;
  }
  if (auto done = file->sync(); !done) {
    return done;
  }
  fs::rename(beside, whole, error);
  if (error) {
    return std::unexpected(whole + ": " + error.message());
  }
  auto folder = SegmentFolder::open(folder_);
  return folder ? folder->sync() : std::unexpected(folder.error());
}

std::optional<EngineSnapshot> Snapshots::newest(std::uint64_t seq_max,
                                                std::vector<std::string>& notes) const {
  std::vector<std::uint64_t> seqs = list();
  while (!seqs.empty()) {
    const std::uint64_t seq = seqs.back();
    seqs.pop_back();
    if (seq > seq_max) {
      continue;
    }
    std::string fault;
    if (auto snapshot = read(path(seq), fault)) {
      return snapshot;
    }
    notes.push_back(std::move(fault));
  }
  return std::nullopt;
}

void Snapshots::keep(std::size_t count) {
  const std::vector<std::uint64_t> seqs = list();
  for (std::size_t at = 0; at + count < seqs.size(); ++at) {
    std::error_code error;
    fs::remove(path(seqs[at]), error);
  }
}

}  // namespace marktwacht
