// `marktwacht user`, `token` and `key` as an administrator meets them.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "app/binary_twin.h"
#include "app/data_dir.h"
#include "app/wall_clock.h"
#include "base/token.h"
#include "edges/auth/auth.h"
#include "edges/journal/journal.h"
#include "edges/journal/visit.h"
#include "edges/secrets/key_file.h"
#include "edges/vault/vault.h"
#include "events/config_names.h"
#include "events/json_members.h"

namespace marktwacht {
namespace {

class UserCommand : public testing::Test {
 protected:
  std::string data() const { return folder_.path("data"); }
  BinaryRun run(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--data", data()});
    return run_binary(arguments, input);
  }
  std::string out(const std::vector<std::string>& arguments, const std::string& input = "") {
    const BinaryRun done = run(arguments, input);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done.out;
  }
  // What it said when it refused.
  std::string refused(const std::vector<std::string>& arguments, const std::string& input = "") {
    const BinaryRun done = run(arguments, input);
    EXPECT_EQ(done.exit_code, 2) << done.err;
    EXPECT_EQ(done.out, "");
    return done.err;
  }
  bool logs_in(const char* user, const char* password) {
    const auto auth = Auth::open(data());
    return auth && (*auth)->log_in({user, password, "", "127.0.0.1"}, wall_clock()).has_value();
  }
  std::string recorded() {
    std::string text;
    const auto users = recorded_users(data());
    for (const RecordedUser& user : users.value_or(std::vector<RecordedUser>{})) {
      text += user.user_id + ":" + std::string(word_of(user.role)) +
              (user.disabled ? ":disabled " : " ");
    }
    return text;
  }

  TestFolder folder_;
};

TEST_F(UserCommand, AddsListsChangesAndDisables) {
  EXPECT_EQ(out({"user", "add", "ann", "--role", "analyst"}, "a good password\nmore\n"), "");
  EXPECT_EQ(out({"user", "add", "bob", "--role", "administrator"}, "a good password\r\n"), "");
  EXPECT_EQ(recorded(), "ann:analyst bob:administrator ");
  EXPECT_TRUE(logs_in("ann", "a good password"));
  EXPECT_TRUE(logs_in("bob", "a good password"));
  out({"user", "role", "ann", "--role", "approver"});
  out({"user", "disable", "bob"});
  EXPECT_EQ(recorded(), "ann:approver bob:administrator:disabled ");
  EXPECT_FALSE(logs_in("bob", "a good password"));
  const std::string list = out({"user", "list"});
  EXPECT_TRUE(contains(list, "ann")) << list;
  EXPECT_TRUE(contains(list, "approver")) << list;
  EXPECT_TRUE(contains(list, "disabled")) << list;
  out({"user", "enable", "bob"});
  EXPECT_EQ(recorded(), "ann:approver bob:administrator ");
  out({"user", "password", "ann"}, "another password\n");
  EXPECT_FALSE(logs_in("ann", "a good password"));
  EXPECT_TRUE(logs_in("ann", "another password"));
  struct stat status{};
  ASSERT_EQ(stat(data().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  EXPECT_EQ(run_binary({"verify", data()}).exit_code, 0);
}

TEST_F(UserCommand, SaysWhatIsWrong) {
  EXPECT_TRUE(
      contains(refused({"user", "add", "ann", "--role", "boss"}, "a good password\n"), "analyst"));
  EXPECT_TRUE(contains(refused({"user", "add", "ann", "--role", "viewer"}), "first line"));
  EXPECT_TRUE(
      contains(refused({"user", "add", "ann", "--role", "viewer"}, "short\n"), "12 characters"));
  EXPECT_TRUE(contains(refused({"user", "add", "a b", "--role", "viewer"}, "a good password\n"),
                       "1 to 64"));
  EXPECT_TRUE(contains(refused({"user", "role", "ann", "--role", "viewer"}), "no such user"));
  out({"user", "add", "ann", "--role", "viewer"}, "a good password\n");
  EXPECT_TRUE(contains(refused({"user", "add", "ann", "--role", "viewer"}, "a good password\n"),
                       "there is a user"));
  EXPECT_EQ(recorded(), "ann:viewer ");
}

// 2: what was asked is wrong. 1: what was asked is right, and could not be done.
TEST_F(UserCommand, AWrongDirectoryIsWrongUsageAndABrokenOneAFault) {
  for (const std::vector<std::string>& asked :
       std::vector<std::vector<std::string>>{{"user", "list"},
                                             {"user", "role", "ann", "--role", "viewer"},
                                             {"user", "disable", "ann"},
                                             {"token", "list"},
                                             {"token", "revoke", "t-1"}}) {
    EXPECT_TRUE(contains(refused(asked), data())) << asked[1];
    EXPECT_FALSE(std::filesystem::exists(data())) << asked[1];
  }
  folder_.write("data", "no directory");
  for (const std::vector<std::string>& asked : std::vector<std::vector<std::string>>{
           {"user", "list"}, {"token", "new", "--scope", "read"}, {"key", "new", "webhook"}}) {
    EXPECT_TRUE(contains(refused(asked), data())) << asked[0];
  }
  std::filesystem::remove(data());
  out({"key", "new", "deployment"});
  EXPECT_TRUE(contains(refused({"key", "new", "deployment"}), "never replaced"));
  std::filesystem::create_directory(data() + "/auth.db");
  EXPECT_EQ(run({"user", "list"}).exit_code, 1);
  EXPECT_EQ(run({"token", "list"}).exit_code, 1);
  std::filesystem::create_directories(key_path(data(), "webhook.new") + "/x");
  EXPECT_EQ(run({"key", "new", "webhook"}).exit_code, 1);
}

TEST_F(UserCommand, IsRefusedWhileAServiceHasTheJournal) {
  out({"user", "add", "ann", "--role", "viewer"}, "a good password\n");
  const auto service = JournalWriter::open(data() + "/journal", {});
  ASSERT_TRUE(service.has_value()) << service.error();
  const BinaryRun role = run({"user", "role", "ann", "--role", "analyst"});
  EXPECT_EQ(role.exit_code, 1);
  EXPECT_TRUE(contains(role.err, "another writer")) << role.err;
  EXPECT_EQ(recorded(), "ann:viewer ");
  // Nothing of it is done by half: nobody is left without a role, no token without a record.
  const BinaryRun added = run({"user", "add", "bob", "--role", "viewer"}, "a good password\n");
  EXPECT_EQ(added.exit_code, 1);
  EXPECT_TRUE(contains(added.err, "POST /v1/users")) << added.err;
  EXPECT_FALSE(logs_in("bob", "a good password"));
  EXPECT_EQ(run({"user", "password", "ann"}, "another password\n").exit_code, 1);
  EXPECT_TRUE(logs_in("ann", "a good password"));
  const BinaryRun token = run({"token", "new", "--scope", "read"});
  EXPECT_EQ(token.exit_code, 1);
  EXPECT_TRUE(contains(token.err, "POST /v1/tokens")) << token.err;
  EXPECT_FALSE(contains(run({"token", "list"}).out, "read"));
  EXPECT_EQ(run({"key", "new", "webhook"}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(key_path(data(), "webhook")));
}

TEST_F(UserCommand, TheDeploymentKeyMayComeFromTheEnvironmentAlone) {
  ASSERT_TRUE(make_data_dir(data()).has_value());
  EXPECT_EQ(deployment_key_of(data()).value_or("fault"), "");
  setenv("MARKTWACHT_DEPLOYMENT_KEY", std::string(64, 'e').c_str(), 1);
  EXPECT_EQ(deployment_key_of(data()).value_or("fault"), std::string(64, 'e'));
  setenv("MARKTWACHT_DEPLOYMENT_KEY", "short", 1);
  EXPECT_FALSE(deployment_key_of(data()).has_value());
  out({"key", "new", "deployment"});
  EXPECT_EQ(deployment_key_of(data()).value_or("fault"),
            load_key(key_path(data(), "deployment"), "X").value_or("none"));
  unsetenv("MARKTWACHT_DEPLOYMENT_KEY");
}

TEST_F(UserCommand, PersonalDataIsShownHeldAndErasedOnRecord) {
  EXPECT_TRUE(contains(refused({"vault", "holds"}), "no deployment key"));
  out({"key", "new", "deployment"});
  const std::string key = *deployment_key_of(data());
  const std::string token = token_of(key, "device-of-maria");
  {
    const auto vault = Vault::open(data(), key);
    const PersonalValue value{PersonalKind::device, account_subject("maria"), token,
                              "device-of-maria", ""};
    ASSERT_TRUE((*vault)->keep({&value, 1}, wall_clock()).has_value());
  }
  EXPECT_EQ(run({"vault", "reveal", token}).exit_code, 2);  // without a reason
  EXPECT_EQ(out({"vault", "reveal", token, "--reason", "a case"}), "device-of-maria\n");
  const std::vector<std::string> about{"--account", "maria", "--reason", "a letter"};
  const auto with = [&](const char* act) {
    std::vector<std::string> arguments{"vault", act};
    arguments.insert(arguments.end(), about.begin(), about.end());
    return arguments;
  };
  out(with("hold"));
  EXPECT_TRUE(contains(out({"vault", "holds"}), "a letter"));
  EXPECT_TRUE(contains(refused(with("erase")), "legal hold"));
  EXPECT_TRUE(contains(refused({"vault", "erase", "--reason", "x"}), "--account"));
  out(with("lift-hold"));
  EXPECT_EQ(out(with("erase")), "erased\n");
  EXPECT_TRUE(contains(refused({"vault", "reveal", token, "--reason", "a case"}), "nothing"));
  std::string acts;
  const auto read = visit_journal(data() + "/journal", 0, [&](const Event& event, std::uint64_t) {
    if (is_config(event, vault_config)) {
      acts += JsonMembers::of(as<event::Config>(event).text.view())->text("act").value_or("") + " ";
    }
    return true;
  });
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(acts, "reveal hold lift_hold erase reveal ");
  EXPECT_EQ(run_binary({"verify", data()}).exit_code, 0);
}

// The records are taken by an engine as they are: those of who decides.
TEST_F(UserCommand, RolesAreRecordsLikeAnyOther) {
  out({"user", "add", "ann", "--role", "viewer"}, "a good password\n");
  const BinaryRun read = run_binary({"run", data(), "--state-hash"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_FALSE(contains(read.err, "rejected bad_value")) << read.err;
}

TEST_F(UserCommand, TokensAreMadeListedAndRevoked) {
  const BinaryRun made =
      run({"token", "new", "--scope", "ingest", "--source", "feed-1", "--trusted", "--type",
           "exemption", "--expires", "2200-01-01T00:00:00Z"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string token = made.out.substr(0, made.out.size() - 1);
  EXPECT_EQ(token.size(), 68U);
  const auto who = [&] {
    const auto auth = Auth::open(data());
    return *(*auth)->who("", token, wall_clock());
  };
  const Who asking = who();
  ASSERT_TRUE(std::holds_alternative<Machine>(asking));
  EXPECT_EQ(std::get<Machine>(asking).source, "feed-1");
  const std::string list = out({"token", "list"});
  EXPECT_TRUE(contains(list, "feed-1")) << list;
  EXPECT_TRUE(contains(list, "2200-01-01")) << list;
  EXPECT_FALSE(contains(list, token)) << list;
  const std::string id = made.err.substr(0, made.err.find(':'));
  out({"token", "revoke", id});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(who()));
  EXPECT_TRUE(contains(refused({"token", "revoke", "t-0"}), "no such token"));
  EXPECT_TRUE(contains(refused({"token", "new", "--scope", "all"}), "ingest"));
  EXPECT_TRUE(contains(refused({"token", "new", "--scope", "ingest"}), "source"));
  EXPECT_TRUE(contains(refused({"token", "new", "--scope", "read", "--expires", "soon"}), "2026-"));
  EXPECT_EQ(run_binary({"verify", data()}).exit_code, 0);
}

TEST_F(UserCommand, KeysAreMadeAndReplaced) {
  const std::string first = out({"key", "new", "webhook"});
  EXPECT_TRUE(contains(first, data() + "/keys/webhook.key")) << first;
  const std::string old = *load_key(key_path(data(), "webhook"), "X");
  EXPECT_FALSE(contains(first, old));
  EXPECT_TRUE(first.starts_with(hex(sha256(old)).substr(0, 16) + " ")) << first;
  const std::string second = out({"key", "new", "webhook"});
  EXPECT_NE(second, first);
  EXPECT_EQ(load_key(key_path(data(), "webhook.previous"), "X").value_or(""), old);
  EXPECT_NE(load_key(key_path(data(), "webhook"), "X").value_or(""), old);
  out({"key", "new", "deployment"});
  EXPECT_TRUE(contains(refused({"key", "new", "deployment"}), "never replaced"));
  EXPECT_TRUE(contains(refused({"key", "new", "house"}), "signing"));
}

// Each signing key signs what was written under it.
TEST_F(UserCommand, ASigningKeyIsReplacedBetweenSegments) {
  out({"user", "add", "ann", "--role", "viewer"}, "a good password\n");
  for (int i = 0; i < 2; ++i) {
    out({"key", "new", "signing"});
    out({"user", "role", "ann", "--role", "analyst"});
  }
  const JournalReport report = verify_journal(data() + "/journal");
  EXPECT_TRUE(report.ok) << (report.faults.empty() ? "" : report.faults[0]);
  EXPECT_GE(report.signed_blocks, 2U);
  EXPECT_EQ(recorded(), "ann:analyst ");
  EXPECT_TRUE(SigningKey::load(key_path(data(), "signing.previous")).has_value());
}

}  // namespace
}  // namespace marktwacht
