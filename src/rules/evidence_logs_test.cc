// Shared logs against a list of its own for each taker.
#include "rules/evidence_logs.h"

#include <gtest/gtest.h>

#include <random>

#include "rules/evidence_list.h"

namespace marktwacht {
namespace {

constexpr std::uint32_t rows = 12;

struct Row {
  explicit Row(std::uint32_t takers) : lists(takers) {}

  std::uint64_t log = 0;
  std::vector<EvidenceList> lists;
};

std::vector<std::uint64_t> kept_of(const EvidenceLogs& logs, std::uint64_t log,
                                   std::uint32_t taker) {
  std::vector<std::uint64_t> kept;
  logs.kept(log, std::uint64_t{1} << taker, kept);
  return kept;
}

void expect_equal(const EvidenceLogs& logs, const std::vector<Row>& all) {
  for (const Row& row : all) {
    for (std::uint32_t taker = 0; taker < row.lists.size(); ++taker) {
      ASSERT_EQ(kept_of(logs, row.log, taker), row.lists[taker].kept());
    }
  }
}

// As a snapshot brings it: each taker's by itself.
void come_back(EvidenceLogs& logs, Row& row) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> kept;
  for (std::uint32_t taker = 0; taker < row.lists.size(); ++taker) {
    for (const std::uint64_t seq : kept_of(logs, row.log, taker)) {
      kept.emplace_back(seq, std::uint64_t{1} << taker);
    }
  }
  logs.release(row.log);
  row.log = logs.restore(std::move(kept));
}

class EvidenceLogsTest : public testing::TestWithParam<std::uint32_t> {};

// Rows fill, are given back and come back; the first ones most often, so that they overflow.
TEST_P(EvidenceLogsTest, KeepWhatAListOfEachTakerKeeps) {
  const std::uint32_t takers = GetParam();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    std::mt19937_64 random(seed);
    EvidenceLogs logs(takers);
    std::vector<Row> all(rows, Row(takers));
    for (std::uint64_t step = 1; step <= 60'000; ++step) {
      Row& row = all[std::min(random() % rows, random() % rows)];
      const std::uint64_t seq = step - step % 3;  // one event may count more than once
      const std::uint64_t among =
          takers == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << takers) - 1;
      const std::uint64_t bits = random() & random() & among;
      if (step % 7'000 == 0) {
        logs.release(row.log);
        row = Row(takers);
      } else if (step % 1'700 == 0) {
        come_back(logs, row);
      } else if (bits != 0) {
        logs.add(row.log, seq, bits);
        for (std::uint32_t taker = 0; taker < takers; ++taker) {
          (bits >> taker & 1) != 0 ? row.lists[taker].add(seq) : void();
        }
      }
      if (step % 5'000 == 0) {
        expect_equal(logs, all);
      }
    }
  }
}

// Each taker by turns, for as long as it takes: all that 64 takers may keep has room.
TEST(EvidenceLogs, HaveRoomForWhatAllTakersKeep) {
  EvidenceLogs logs(64);
  std::vector<Row> all(1, Row(64));
  for (std::uint64_t seq = 0; seq < 64 * 400; ++seq) {
    logs.add(all[0].log, seq, std::uint64_t{1} << seq % 64);
    all[0].lists[seq % 64].add(seq);
  }
  expect_equal(logs, all);
}

// Seqs beyond what a short entry holds are told from the latest one.
TEST(EvidenceLogs, KeepSeqsOfAnySize) {
  EvidenceLogs logs(3);
  std::uint64_t log = 0, other = 0;
  const std::uint64_t first = (std::uint64_t{1} << 48) - 1, last = (std::uint64_t{5} << 48) + 7;
  logs.add(log, first, 1);
  logs.add(log, first + 2, 3);
  EXPECT_EQ(kept_of(logs, log, 0), (std::vector{first, first + 2}));
  EXPECT_EQ(kept_of(logs, log, 1), (std::vector{first + 2}));
  logs.clear();
  logs.add(other, last - 8, 4);
  logs.add(other, last, 4);
  EXPECT_EQ(kept_of(logs, other, 2), (std::vector{last - 8, last}));
}

INSTANTIATE_TEST_SUITE_P(Takers, EvidenceLogsTest, testing::Values(1, 2, 9, 16, 17, 64));

}  // namespace
}  // namespace marktwacht
