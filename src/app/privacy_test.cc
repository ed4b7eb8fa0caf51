// A stream as a live service journals it, with tokens and commitments in place of what is personal,
// leads to the same alerts and groups as the plain one.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/binary_twin.h"
#include "edges/vault/privacy_tokens.h"
#include "events/batch.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

// The lines as they would be journaled; what was replaced goes to `kept`.
std::string tokenized(const std::string& lines, std::vector<PersonalValue>& kept) {
  PrivacyTokens tokens(std::string(64, 'k'));
  NdjsonReader reader;
  Batch batch;
  std::string out;
  for (const std::string& line : split_lines(lines)) {
    batch.reset();
    batch.bytes = line + std::string(NdjsonReader::padding, ' ');
    Item item;
    reader.read(std::string_view(batch.bytes).substr(0, line.size()), batch, item);
    if (item.event == nullptr) {
      ADD_FAILURE() << line;
      return out;
    }
    write_ndjson(*tokens.tokenize(*item.event, batch.arena, kept), out);
    out += '\n';
  }
  return out;
}

TEST(Privacy, TokensLeadToTheSameAlertsAndGroups) {
  const TestFolder folder;
  const std::string plain = folder.path("plain.ndjson");
  const BinaryRun made = run_binary({"simulate", "--seed", "3", "--events", "60000", "--accounts",
                                     "1500", "--instruments", "3", "--abuse", "all", "--out", plain,
                                     "--labels", folder.path("labels")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  std::vector<PersonalValue> kept;
  const std::string lines = tokenized(folder.read("plain.ndjson"), kept);
  const std::string tokens = folder.write("tokens.ndjson", lines);
  const auto has_kind = [&](PersonalKind kind) {
    return std::ranges::any_of(kept, [&](const auto& value) { return value.kind == kind; });
  };
  for (const PersonalKind kind :
       {PersonalKind::ip, PersonalKind::device, PersonalKind::address, PersonalKind::text}) {
    EXPECT_TRUE(has_kind(kind)) << word_of(kind);
  }
  for (const PersonalValue& value : kept) {
    if (value.kind == PersonalKind::ip) {
      ASSERT_FALSE(contains(lines, "\"" + value.plain + "\"")) << value.plain;
      break;
    }
  }
  const auto run = [&](const std::string& file, const std::string& name) {
    const BinaryRun done = run_binary({"run", "--rulebook", "default", "--rulebook", "rumour",
                                       "--alerts", folder.path(name + ".alerts"), "--groups",
                                       folder.path(name + ".groups"), file});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return std::pair(folder.read(name + ".alerts"), folder.read(name + ".groups"));
  };
  const auto of_plain = run(plain, "plain"), of_tokens = run(tokens, "tokens");
  EXPECT_GT(split_lines(of_plain.first).size(), 10U);
  EXPECT_GT(split_lines(of_plain.second).size(), 10U);
  EXPECT_EQ(of_tokens.first, of_plain.first);
  EXPECT_EQ(of_tokens.second, of_plain.second);
}

}  // namespace
}  // namespace marktwacht
