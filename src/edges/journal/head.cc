// See head.h.
#include "edges/journal/head.h"

#include "edges/journal/hex_bytes.h"
#include "edges/journal/signature.h"
#include "events/json_members.h"
#include "events/json_minify.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

std::string signed_text(const SealedHead& head) {
  return "marktwacht journal head 1\n" + std::to_string(head.seq) + " " + hex(head.chain);
}

// What is wrong; empty: nothing.
std::string read_head(std::string_view line, const PublicKeys& keys, SignedHead& head) {
  const auto json = minified_json(line);
  const auto members = json ? JsonMembers::of(*json) : std::nullopt;
  const auto seq = members ? members->number("seq") : std::nullopt;
  if (!seq || !read_hex(members->text("chain").value_or(""), head.at.chain)) {
    return "this is no head: it needs seq and chain";
  }
  head.at.seq = *seq;
  head.signature = members->text("signature").value_or("");
  head.key = members->text("key").value_or("");
  if (head.signature.empty()) {
    return keys.empty() ? "" : "this head is not signed";
  }
  PublicKey key{};
  Signature signature{};
  if (!read_hex(head.key, key) || !read_hex(head.signature, signature) ||
      !SignatureCheck(key).holds(signed_text(head.at), signature)) {
    return "the signature of this head does not hold";
  }
  return counts(key, keys) ? "" : "this head is signed by another key";
}

}  // namespace

std::string SignedHead::json() const {
  std::string json;
  ObjectWriter object(json);
  object.text("kind", "head");
  object.number("seq", at.seq);
  object.text("chain", hex(at.chain));
  object.text("signature", signature);
  object.text("key", key);
  object.end();
  return json;
}

SignedHead sign_head(const SealedHead& head, const std::optional<SigningKey>& key) {
  SignedHead made{head};
  if (key) {
    made.signature = hex_of(key->sign(signed_text(head)));
    made.key = hex_of(key->public_key());
  }
  return made;
}

std::expected<std::vector<SignedHead>, std::string> read_heads(std::string_view lines,
                                                               const PublicKeys& keys) {
  std::vector<SignedHead> heads;
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines = end == lines.npos ? std::string_view{} : lines.substr(end + 1);
    if (line.find_first_not_of(" \t\r") == line.npos) {
      continue;
    }
    const std::string wrong = read_head(line, keys, heads.emplace_back());
    if (!wrong.empty()) {
      return std::unexpected("line " + std::to_string(number) + ": " + wrong);
    }
  }
  return heads;
}

}  // namespace marktwacht
