// magic, seq, the three parts with their lengths, SHA-256 over all before it.
#include "edges/journal/state_file.h"

#include <fstream>
#include <iterator>
#include <string_view>

#include "base/bytes.h"
#include "edges/journal/whole_file.h"

namespace marktwacht {
namespace {

constexpr std::string_view magic = "MWSTATE2";

}  // namespace

std::expected<Digest, std::string> write_state_file(const std::string& path,
                                                    const EngineSnapshot& snapshot) {
  std::string bytes(magic);
  ByteWriter out(bytes);
  out.fixed(snapshot.seq);
  out.text(snapshot.taken_keys);
  out.text(snapshot.sources);
  out.text(snapshot.engine);
  const Digest digest = sha256(bytes);
  bytes += bytes_of(digest);
  const auto written = write_whole_file(path, bytes);
  return written ? std::expected<Digest, std::string>(digest) : std::unexpected(written.error());
}

std::expected<StateFile, std::string> read_state_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  StateFile file;
  if (bytes.size() < magic.size() + file.digest.size() || !bytes.starts_with(magic)) {
    return std::unexpected(path + ": no snapshot of this version");
  }
  const std::string_view body =
      std::string_view(bytes).substr(0, bytes.size() - file.digest.size());
  file.digest = sha256(body);
  if (bytes_of(file.digest) != std::string_view(bytes).substr(body.size())) {
    return std::unexpected(path + ": damaged");
  }
  ByteReader reader(body.substr(magic.size()));
  file.snapshot = {.seq = reader.fixed<std::uint64_t>(),
                   .taken_keys = std::string(reader.text()),
                   .sources = std::string(reader.text()),
                   .engine = std::string(reader.text())};
  if (!reader.ok() || !reader.done()) {
    return std::unexpected(path + ": damaged");
  }
  return file;
}

}  // namespace marktwacht
