// See checkpoint.h.
#include "edges/journal/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "edges/journal/append_file.h"
#include "edges/journal/chain_check.h"
#include "edges/journal/hex_bytes.h"
#include "edges/journal/segments.h"
#include "edges/journal/signature.h"
#include "edges/journal/whole_file.h"
#include "events/json_members.h"
#include "events/json_minify.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;
using Done = std::expected<void, std::string>;

std::string checkpoint_path(const std::string& directory) {
  return (fs::path(directory) / "checkpoint.json").string();
}

constexpr std::string_view state_prefix = "checkpoint-", state_suffix = ".mws";

std::string state_path(const std::string& directory, std::uint64_t seq) {
  std::string name = segment_name(seq);
  name.replace(name.rfind('.'), name.npos, state_suffix);
  return (fs::path(directory) / (std::string(state_prefix) + name)).string();
}

std::string signed_text(const Checkpoint& of) {
  return "marktwacht journal checkpoint 1\n" + std::to_string(of.seq) + " " +
         std::to_string(of.segment) + " " + hex(of.chain) + " " + hex(of.state) + " " +
         std::to_string(of.at.ns);
}

// What is wrong; empty: nothing.
std::string parse(std::string_view text, Checkpoint& of) {
  const auto json = minified_json(text);
  const auto members = json ? JsonMembers::of(*json) : std::nullopt;
  if (!members || !members->integer("at") ||
      !read_hex(members->text("chain").value_or(""), of.chain) ||
      !read_hex(members->text("state").value_or(""), of.state)) {
    return "it needs seq, segment, chain, state and at";
  }
  const std::uint64_t segment = members->number("segment").value_or(0);
  of.seq = members->number("seq").value_or(0);
  if (of.seq == 0 || of.seq > start_seq_max || segment == 0 || segment > UINT32_MAX) {
    return "seq and segment count from 1";
  }
  of.segment = static_cast<std::uint32_t>(segment);
  of.at = Time{members->integer("at").value_or(0)};
  of.signature = members->text("signature").value_or("");
  of.key = members->text("key").value_or("");
  PublicKey key{};
  Signature signature{};
  const bool holds =
      of.signature.empty() || (read_hex(of.key, key) && read_hex(of.signature, signature) &&
                               SignatureCheck(key).holds(signed_text(of), signature));
  return holds ? "" : "its signature does not hold";
}

bool same_bytes(const fs::path& a, const fs::path& b) {
  std::ifstream one(a, std::ios::binary), other(b, std::ios::binary);
  using At = std::istreambuf_iterator<char>;
  return one && other && std::equal(At(one), At(), At(other), At());
}

// To another disk: whole there before it is gone here.
Done copy_over(const fs::path& file, const fs::path& to) {
  const std::string beside = to.string() + ".part";
  std::error_code error;
  fs::copy_file(file, beside, fs::copy_options::overwrite_existing, error);
  if (error) {
    return std::unexpected(beside + ": " + error.message());
  }
  auto copied = AppendFile::cut(beside, fs::file_size(file, error));
  if (auto done = copied ? copied->sync() : Done(std::unexpected(copied.error())); !done) {
    return done;
  }
  fs::rename(beside, to, error);
  return error ? Done(std::unexpected(to.string() + ": " + error.message())) : Done{};
}

Done move_over(const fs::path& file, const std::string& move_to) {
  const fs::path to = fs::path(move_to) / file.filename();
  std::error_code error;
  if (fs::exists(to, error)) {  // copied, before a stop
    return same_bytes(file, to)
               ? Done{}
               : Done(std::unexpected(to.string() + " is there already, and is another"));
  }
  fs::rename(file, to, error);
  if (error == std::errc::cross_device_link) {
    return copy_over(file, to);
  }
  return error ? Done(std::unexpected(file.string() + ": " + error.message())) : Done{};
}

// States of checkpoints that are no longer in force.
void remove_other_states(const std::string& directory, const std::string& stays) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(state_prefix) && name.ends_with(state_suffix) && at->path() != stays) {
      std::error_code failed;
      fs::remove(at->path(), failed);
    }
  }
}

}  // namespace

std::string Checkpoint::json() const {
  std::string json;
  ObjectWriter object(json);
  object.text("kind", "checkpoint");
  object.number("seq", seq);
  object.number("segment", segment);
  object.text("chain", hex(chain));
  object.text("state", hex(state));
  object.number("at", at.ns);
  object.text("signature", signature);
  object.text("key", key);
  object.end();
  return json;
}

Checkpoint sign_checkpoint(Checkpoint of, const std::optional<SigningKey>& key) {
  of.signature = key ? hex_of(key->sign(signed_text(of))) : "";
  of.key = key ? hex_of(key->public_key()) : "";
  return of;
}

std::expected<std::optional<Checkpoint>, std::string> read_checkpoint(
    const std::string& directory) {
  const std::string path = checkpoint_path(directory);
  std::error_code error;
  if (!fs::exists(path, error)) {
    return error ? std::expected<std::optional<Checkpoint>, std::string>(
                       std::unexpected(path + ": " + error.message()))
                 : std::optional<Checkpoint>();
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  Checkpoint of;
  const std::string wrong = parse(text, of);
  if (!wrong.empty()) {
    return std::unexpected(path + ": this is no checkpoint: " + wrong);
  }
  return std::optional(std::move(of));
}

std::expected<EngineSnapshot, std::string> read_checkpoint_state(const std::string& directory,
                                                                 const Checkpoint& of) {
  const std::string path = state_path(directory, of.seq);
  auto file = read_state_file(path);
  if (!file) {
    return std::unexpected(file.error() + "; the records that it stands for are gone");
  }
  if (file->digest != of.state || file->snapshot.seq != of.seq) {
    return std::unexpected(path + ": is not the state that the checkpoint states");
  }
  return std::move(file->snapshot);
}

std::optional<Checkpoint> begins_behind(const std::string& path) {
  const auto segments = Segments::find(path);
  return segments ? segments->checkpoint() : std::nullopt;
}

std::uint64_t dropped_up_to(const std::string& path) {
  const auto behind = begins_behind(path);
  return behind ? behind->seq : 0;
}

std::expected<std::optional<EngineSnapshot>, std::string> first_state(const std::string& path) {
  const auto segments = Segments::find(path);
  if (!segments || !segments->checkpoint()) {
    return std::nullopt;  // who reads the journal is told what is wrong with it
  }
  auto state = read_checkpoint_state(segments->directory(), *segments->checkpoint());
  return state ? std::expected<std::optional<EngineSnapshot>, std::string>(*std::move(state))
               : std::unexpected(state.error());
}

std::expected<std::optional<Checkpoint>, std::string> find_checkpoint(const std::string& directory,
                                                                      Time before) {
  auto segments = Segments::list(directory);
  if (!segments) {
    return std::unexpected(segments.error());
  }
  ChainCheck check(true, {}, segments->begins_behind());
  std::optional<Checkpoint> found;
  for (std::size_t i = 0; i + 1 < segments->count(); ++i) {
    const auto bytes = segments->map(i);
    if (!bytes) {
      return std::unexpected(bytes.error());
    }
    if (!check.segment(*bytes, segments->name(i), false)) {
      return std::unexpected("nothing is dropped from a journal that does not verify: " +
                             check.report.faults.front());
    }
    const SegmentEnd end = check.walk().end();
    const BatchMark& batch = check.walk().last_batch();
    if (batch.last_seq != end.next_seq - 1 || batch.at >= before) {
      break;
    }
    found = Checkpoint{
        .seq = batch.last_seq, .segment = end.segment, .chain = end.chain, .at = batch.at};
    segments->unmap(i);
  }
  return found;
}

std::expected<Checkpoint, std::string> put_checkpoint(const std::string& directory, Checkpoint of,
                                                      const EngineSnapshot& state,
                                                      const std::optional<SigningKey>& key) {
  const std::string path = state_path(directory, of.seq);
  const auto digest = write_state_file(path, state);
  if (!digest) {
    return std::unexpected(digest.error());
  }
  of.state = *digest;
  of = sign_checkpoint(std::move(of), key);
  if (auto done = write_whole_file(checkpoint_path(directory), of.json() + "\n"); !done) {
    return std::unexpected(done.error());
  }
  remove_other_states(directory, path);
  return of;
}

std::expected<std::size_t, std::string> drop_segments(const std::string& directory,
                                                      const std::string& move_to) {
  const auto segments = Segments::list(directory);
  if (!segments) {
    return std::unexpected(segments.error());
  }
  for (const std::string& file : segments->passed_over()) {
    auto done = move_to.empty() ? Done{} : move_over(file, move_to);
    std::error_code error;
    if (done) {
      fs::remove(file, error);
    }
    if (!done || error) {
      return std::unexpected(done ? file + ": " + error.message() : done.error());
    }
  }
  return segments->passed_over().size();
}

}  // namespace marktwacht
