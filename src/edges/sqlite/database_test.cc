// The layer over SQLite: values, transactions, versions, and what the world does to files.
#include "edges/sqlite/database.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <limits>

#include "edges/sqlite/database_folder.h"

namespace marktwacht {
namespace {

class DatabaseTest : public DatabaseFolder {
 protected:
  std::string path(const std::string& name = "a.db") const { return file(name); }

  Database opened(const DatabaseOptions& options = {}) const {
    auto database = Database::open(path(), options);
    EXPECT_TRUE(database) << (database ? "" : database.error());
    return std::move(*database);
  }
  static std::int64_t count(Database& database, std::string_view table) {
    auto statement = database.prepare("SELECT count(*) FROM " + std::string(table));
    EXPECT_TRUE(statement && statement->step().value_or(false));
    return statement->integer(0);
  }
};

constexpr std::string_view first_form[] = {"CREATE TABLE t (a INTEGER, b TEXT, c BLOB) STRICT"};
constexpr std::string_view second_form[] = {
    first_form[0],
    "ALTER TABLE t ADD COLUMN d TEXT NOT NULL DEFAULT 'x'; INSERT INTO t(a) VALUES(7)"};
constexpr DatabaseSchema first{41, first_form}, second{41, second_form}, other{42, first_form};

TEST_F(DatabaseTest, ValuesComeBackAsTheyWere) {
  Database database = opened();
  ASSERT_TRUE(database.migrate(first));
  auto insert = database.prepare("INSERT INTO t VALUES (?, ?, ?)");
  ASSERT_TRUE(insert);
  const std::string with_nul("a\0b'\";--", 8);
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  insert->bind(0, least);
  insert->bind(1, with_nul);
  insert->bind_blob(2, std::string_view("\xff\0\x01", 3));
  ASSERT_TRUE(insert->step());
  ASSERT_TRUE(insert->run(std::optional<std::int64_t>(), "", std::nullopt));
  EXPECT_EQ(database.last_insert_rowid(), 2);

  auto select = database.prepare("SELECT a, b, c FROM t ORDER BY rowid");
  ASSERT_TRUE(select && select->step().value_or(false));
  EXPECT_EQ(select->integer(0), least);
  EXPECT_EQ(select->text(1), with_nul);
  EXPECT_EQ(select->blob(2), std::string_view("\xff\0\x01", 3));
  ASSERT_TRUE(select->step().value_or(false));
  EXPECT_TRUE(select->is_null(0));
  EXPECT_EQ(select->integer(0), 0);
  EXPECT_FALSE(select->is_null(1));
  EXPECT_EQ(select->text(1), "");
  EXPECT_TRUE(select->is_null(2));
  EXPECT_FALSE(select->step().value());
}

TEST_F(DatabaseTest, AWrongStatementOrParameterIsAnError) {
  Database database = opened();
  EXPECT_EQ(database.prepare("SELECT a FROM nowhere").error(), path() + ": no such table: nowhere");
  EXPECT_FALSE(database.run("CREATE TABLE"));
  auto one = database.prepare("SELECT ?");
  ASSERT_TRUE(one);
  one->bind(1, 3);  // there is no second
  EXPECT_FALSE(one->step());
  one->query(3);
  EXPECT_TRUE(one->step().value());
  EXPECT_EQ(one->integer(0), 3);
  // In double quotes stands a name, never a text.
  EXPECT_FALSE(database.prepare("SELECT \"no_such_name\""));
}

TEST_F(DatabaseTest, WhatIsNotCommittedIsGone) {
  Database database = opened();
  ASSERT_TRUE(database.migrate(first));
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction && database.run("INSERT INTO t(a) VALUES (1)"));
    EXPECT_EQ(count(database, "t"), 1);
  }
  EXPECT_EQ(count(database, "t"), 0);
  auto transaction = Transaction::begin(database);
  ASSERT_TRUE(transaction && database.run("INSERT INTO t(a) VALUES (1)"));
  EXPECT_EQ(database.changes(), 1);
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(count(database, "t"), 1);
}

TEST_F(DatabaseTest, ForeignKeysHold) {
  Database database = opened();
  ASSERT_TRUE(
      database.run("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                   "CREATE TABLE b (a INTEGER REFERENCES a)"));
  EXPECT_FALSE(database.run("INSERT INTO b VALUES (1)"));
}

TEST_F(DatabaseTest, TablesComeToTheLastVersionOnce) {
  {
    Database database = opened();
    ASSERT_TRUE(database.migrate(first));
    ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (1)"));
    EXPECT_NE(database.expect(second).error().find("version 1"), std::string::npos);
  }
  for (int again = 0; again < 2; ++again) {
    Database database = opened();
    ASSERT_TRUE(database.migrate(second));
    EXPECT_EQ(count(database, "t"), 2);
  }
  Database database = opened();
  EXPECT_TRUE(database.expect(second));
  const auto newer = database.migrate(first);
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().find("a database of version 2; this program knows version 1"),
            std::string::npos);
  const auto elsewhere = database.migrate(other);
  ASSERT_FALSE(elsewhere);
  EXPECT_NE(elsewhere.error().find("something else"), std::string::npos);
}

TEST_F(DatabaseTest, ABadStepLeavesTheVersionBefore) {
  constexpr std::string_view bad_form[] = {first_form[0],
                                           "INSERT INTO t(a) VALUES (1); INSERT INTO nowhere"};
  Database database = opened();
  EXPECT_FALSE(database.migrate({41, bad_form}));
  EXPECT_TRUE(database.expect(first));
  EXPECT_EQ(count(database, "t"), 0);
}

TEST_F(DatabaseTest, ForeignTablesAreNotTakenOver) {
  {
    Database database = opened();
    ASSERT_TRUE(database.run("CREATE TABLE theirs (a)"));
  }
  Database database = opened();
  EXPECT_FALSE(database.migrate(first));
}

TEST_F(DatabaseTest, OneWritesWhileOthersRead) {
  Database writer = opened();
  ASSERT_TRUE(writer.migrate(first));
  Database reader = opened({.access = DatabaseOptions::Access::read});
  ASSERT_TRUE(reader.expect(first));
  auto view = Transaction::begin(reader, Transaction::Kind::read);
  ASSERT_TRUE(view);
  EXPECT_EQ(count(reader, "t"), 0);
  ASSERT_TRUE(writer.run("INSERT INTO t(a) VALUES (1)"));
  EXPECT_EQ(count(reader, "t"), 0) << "one state of the file throughout";
  ASSERT_TRUE(view->commit());
  EXPECT_EQ(count(reader, "t"), 1);
  const auto refused = reader.run("INSERT INTO t(a) VALUES (2)");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("may only be read"), std::string::npos);

  Database second_writer = opened({.busy_timeout = Duration{millisecond.ns}});
  auto held = Transaction::begin(writer);
  const auto busy = Transaction::begin(second_writer);
  ASSERT_FALSE(busy);
  EXPECT_NE(busy.error().find("another process"), std::string::npos);
}

TEST_F(DatabaseTest, OnlyTheOwnerMayReadItsFiles) {
  const mode_t before = umask(0);
  Database database = opened();
  ASSERT_TRUE(database.migrate(first));
  umask(before);
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    struct stat status{};
    ASSERT_EQ(stat(path(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(DatabaseTest, FilesThatAreNoDatabaseAreRefused) {
  EXPECT_FALSE(Database::open(path("no/such/folder/a.db")));
  EXPECT_FALSE(Database::open(path(), {.access = DatabaseOptions::Access::read}));
  std::ofstream(path()) << std::string(8192, 'x');
  const auto refused = Database::open(path());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("a.db: this is no database"), std::string::npos);
}

TEST_F(DatabaseTest, ADamagedFileIsRefusedWithAText) {
  {
    Database database = opened();
    ASSERT_TRUE(database.migrate(first));
    auto insert = database.prepare("INSERT INTO t VALUES (?, ?, NULL)");
    for (int row = 0; row < 1000; ++row) {
      ASSERT_TRUE(insert->run(row, std::string(100, 'y')));
    }
    ASSERT_TRUE(database.check());
    ASSERT_TRUE(database.checkpoint());
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(8192, '\x55');
  file.close();
  Database database = opened();
  const auto damaged = database.check();
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().find("a.db: this database is damaged"), std::string::npos);
}

// Limits on the pages and on the size of files stand for a disk that is full.
TEST_F(DatabaseTest, AWriteThatFailsLosesNothingBefore) {
  Database database = opened();
  ASSERT_TRUE(database.migrate(first));
  ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (1)"));
  ASSERT_TRUE(database.run("PRAGMA max_page_count=20"));
  auto insert = database.prepare("INSERT INTO t VALUES (?, ?, NULL)");
  DatabaseDone done;
  {
    auto transaction = Transaction::begin(database);
    for (int row = 0; done && row < 1000; ++row) {
      done = insert->run(row, std::string(1000, 'y'));
    }
  }
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().find("the disk is full"), std::string::npos);
  EXPECT_EQ(count(database, "t"), 1);
  EXPECT_TRUE(database.run("INSERT INTO t(a) VALUES (2)"));

  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{16'384, limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  ASSERT_TRUE(database.run("PRAGMA max_page_count=1000000"));
  done = insert->run(1, std::string(100'000, 'z'));
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(done);
  EXPECT_EQ(count(database, "t"), 2);
  EXPECT_TRUE(database.check());
}

}  // namespace
}  // namespace marktwacht
