// The audit trail: what is added is read back; what somebody changed is found.
#include "edges/sqlite/audit.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "edges/sqlite/database_folder.h"

namespace marktwacht {
namespace {

std::vector<AuditRow> some_rows(int count) {
  std::vector<AuditRow> rows;
  for (int number = 1; number <= count; ++number) {
    AuditRow& row = rows.emplace_back();
    row.at = Time{number * second.ns};
    row.user_id = number % 2 == 0 ? "anna" : "";
    row.source = "console";
    row.act = number % 3 == 0 ? "login" : "approve";
    row.target = "m-" + std::to_string(number % 5);
    row.outcome = number % 3 == 0 ? "wrong_password" : "accepted";
    row.detail = "'; DROP TABLE audit; --";
  }
  return rows;
}

class AuditTest : public DatabaseFolder {
 protected:
  std::string path() const { return file("audit.db"); }
  void append(int count) {
    auto trail = AuditTrail::open(path());
    ASSERT_TRUE(trail) << trail.error();
    auto rows = some_rows(count);
    ASSERT_TRUE(trail->append(rows));
    head_ = trail->head();
  }
  // Somebody who owns the file, without the triggers.
  void tamper(const std::string& sql) {
    auto database = Database::open(path());
    ASSERT_TRUE(database && database->run("DROP TRIGGER audit_unchanged; DROP TRIGGER audit_kept"));
    const auto done = database->run(sql);
    ASSERT_TRUE(done) << done.error();
  }
  std::expected<AuditHead, std::string> verify(const std::optional<AuditHead>& kept = {}) {
    auto reader = AuditReader::open(path());
    return reader ? reader->verify(kept) : std::unexpected(reader.error());
  }

  AuditHead head_;
};

TEST_F(AuditTest, TheChainGoesOnAfterARestart) {
  append(3);
  const AuditHead first = head_;
  append(4);
  EXPECT_EQ(head_.audit_id, 7U);
  const auto verified = verify(first);
  ASSERT_TRUE(verified) << verified.error();
  EXPECT_EQ(verified->audit_id, 7U);
  EXPECT_EQ(verified->hash, head_.hash);
  EXPECT_EQ(verify(AuditHead{})->audit_id, 7U);
}

TEST_F(AuditTest, AnEmptyTrailIsWhole) {
  append(0);
  EXPECT_EQ(verify()->audit_id, 0U);
}

TEST_F(AuditTest, EveryChangeIsFound) {
  append(10);
  const auto bytes_before = file("before.db");
  std::filesystem::copy_file(path(), bytes_before);
  const std::pair<const char*, const char*> changes[] = {
      {"UPDATE audit SET user_id = 'ben' WHERE audit_id = 4", "row 4 is not what was written"},
      {"UPDATE audit SET at_ts = 1 WHERE audit_id = 10", "row 10 is not what was written"},
      {"UPDATE audit SET outcome = act, act = outcome WHERE audit_id = 1", "row 1 is not"},
      {"UPDATE audit SET source = 'consol', act = 'e' || act WHERE audit_id = 2", "row 2 is not"},
      {"DELETE FROM audit WHERE audit_id = 5", "row 5 is missing"},
      {"DELETE FROM audit WHERE audit_id = 10", "row 10 is missing"},
      {"DELETE FROM audit", "row 1 is missing"},
      {"UPDATE audit SET audit_id = -3 WHERE audit_id = 3", "row 1 is missing"},
      {"INSERT INTO audit SELECT 11, at_ts, user_id, token_id, source, act, target, outcome, "
       "detail, hash FROM audit WHERE audit_id = 10",
       "row 11 is not what was written"},
  };
  for (const auto& [sql, fault] : changes) {
    for (const char* part : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path() + part);
    }
    std::filesystem::copy_file(bytes_before, path());
    ASSERT_TRUE(verify(head_));
    tamper(sql);
    const auto verified = verify(head_);
    ASSERT_FALSE(verified) << sql;
    EXPECT_NE(verified.error().find(fault), std::string::npos) << sql << ": " << verified.error();
  }
}

TEST_F(AuditTest, AnotherTrailIsNotTakenForTheKeptOne) {
  append(3);
  AuditHead kept = head_;
  kept.hash[0] ^= 1;
  EXPECT_FALSE(verify(kept));
}

TEST_F(AuditTest, RowsNeitherChangeNorGo) {
  append(2);
  auto database = Database::open(path());
  EXPECT_FALSE(database->run("UPDATE audit SET act = 'x'"));
  EXPECT_FALSE(database->run("DELETE FROM audit"));
  EXPECT_TRUE(verify(head_));
}

TEST_F(AuditTest, ListsAreFilteredAndPaged) {
  append(100);
  const auto rows = some_rows(100);
  auto reader = AuditReader::open(path());
  ASSERT_TRUE(reader);
  for (const std::string user : {"", "anna", "x' OR 1=1 --"}) {
    for (const std::string act : {"", "login"}) {
      for (const std::string target : {"", "m-3"}) {
        std::vector<std::uint64_t> expected, got;
        for (std::uint64_t id = 100; id >= 1; --id) {
          const AuditRow& row = rows[id - 1];
          if ((user.empty() || row.user_id == user) && (act.empty() || row.act == act) &&
              (target.empty() || row.target == target) && row.at.ns >= 7 * second.ns) {
            expected.push_back(id);
          }
        }
        AuditQuery query{user, act, target, "", Time{7 * second.ns}, {}, {.limit = 7}};
        do {
          const auto page = reader->rows(query);
          ASSERT_TRUE(page) << page.error().message;
          for (const AuditRow& row : page->items) {
            got.push_back(row.audit_id);
            EXPECT_EQ(row.detail, rows[row.audit_id - 1].detail);
          }
          query.part.cursor = page->next_cursor;
        } while (!query.part.cursor.empty());
        EXPECT_EQ(got, expected) << user << "," << act << "," << target;
      }
    }
  }
  AuditQuery query;
  query.part.sort = "hash";
  EXPECT_EQ(reader->rows(query).error().field, "sort");
}

TEST_F(AuditTest, ARowAsJson) {
  AuditRow row = some_rows(2)[1];
  row.audit_id = 2;
  std::string json;
  write_audit_row(row, json);
  EXPECT_EQ(json, R"({"audit_id":2,"at_ts":2000000000,"user_id":"anna","source":"console",)"
                  R"("act":"approve","target":"m-2","outcome":"accepted",)"
                  R"("detail":"'; DROP TABLE audit; --"})");
}

}  // namespace
}  // namespace marktwacht
