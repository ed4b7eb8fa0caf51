// Users, sessions, second factors, tokens and the set-up link, as the service asks for them.
#include "edges/auth/auth.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "edges/auth/totp.h"
#include "edges/sqlite/database.h"

namespace marktwacht {
namespace {

constexpr Time start{1'700'000'000'000'000'000};
constexpr std::string_view good = "a good password", other = "another password";

Time after(std::int64_t seconds) { return start + Duration{seconds * second.ns}; }

class AuthTest : public testing::Test {
 protected:
  AuthTest() {
    std::string pattern = std::filesystem::temp_directory_path().string() + "/marktwacht-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    open();
  }
  ~AuthTest() override {
    auth_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    auth_.reset();
    auto opened = Auth::open(folder_, {.password_memory_kib = 64, .password_passes = 1});
    ASSERT_TRUE(opened.has_value()) << opened.error();
    auth_ = *std::move(opened);
  }
  void add(std::string_view user_id, std::string_view password = good) {
    const auto added = auth_->add_user(user_id, password, start);
    ASSERT_TRUE(added.has_value()) << added.error().text;
  }
  // The cookie; empty where refused.
  std::string log_in(std::string_view user_id, std::string_view password, Time now = start,
                     std::string_view totp = {}, std::string_view remote = "10.0.0.1") {
    const auto opened = auth_->log_in({user_id, password, totp, remote}, now);
    return opened ? opened->session : "";
  }
  template <class T>
  static std::string why(const AuthResult<T>& result) {
    return result ? "" : std::string(word_of(result.error().why));
  }
  std::string why_not(std::string_view user_id, std::string_view password, Time now = start,
                      std::string_view totp = {}, std::string_view remote = "10.0.0.1") {
    return why(auth_->log_in({user_id, password, totp, remote}, now));
  }
  std::string person(std::string_view session, Time now = start) {
    const auto who = auth_->who(session, "", now);
    const Person* const found = who ? std::get_if<Person>(&*who) : nullptr;
    return found == nullptr ? "" : found->user_id;
  }
  std::optional<Machine> machine(std::string_view token, Time now = start) {
    const auto who = auth_->who("", token, now);
    const Machine* const found = who ? std::get_if<Machine>(&*who) : nullptr;
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  // Enrols; the raw secret, read back from its base32.
  std::string enrol(std::string_view user_id, Time now) {
    const auto begun = auth_->begin_totp(user_id, now);
    EXPECT_TRUE(begun.has_value());
    std::string bytes;
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : begun->secret) {
      pending = pending << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((bits += 5) >= 8) {
        bytes += static_cast<char>(pending >> (bits -= 8) & 0xFF);
      }
    }
    EXPECT_EQ(base32(bytes), begun->secret);
    EXPECT_EQ(totp_uri(user_id, bytes), begun->uri);
    return bytes;
  }
  std::string all_bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (!entry.is_regular_file()) {
        continue;  // the folder of keys
      }
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  std::string folder_;
  std::unique_ptr<Auth> auth_;
};

TEST_F(AuthTest, TheFileIsPrivateAndKeepsNoSecrets) {
  add("ann");
  const std::string session = log_in("ann", good);
  const auto token = auth_->new_token({.scopes = bit(TokenScope::read)}, start);
  ASSERT_TRUE(token.has_value());
  struct stat status{};
  ASSERT_EQ(stat((folder_ + "/auth.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const std::string bytes = all_bytes();
  EXPECT_NE(bytes.find("$argon2id$"), std::string::npos);
  EXPECT_NE(bytes.find("ann"), std::string::npos);
  EXPECT_EQ(bytes.find(good), std::string::npos);
  EXPECT_EQ(bytes.find(session), std::string::npos);
  EXPECT_EQ(bytes.find(token->token), std::string::npos);
  open();
  EXPECT_EQ(person(session), "ann");
}

TEST_F(AuthTest, UsersAreAdded) {
  add("ann");
  add("bob.7@x-y_z");
  EXPECT_EQ(why(auth_->add_user("ann", good, start)), "user_exists");
  EXPECT_EQ(why(auth_->add_user("Ann", good, start)), "user_exists");
  EXPECT_EQ(why(auth_->add_user("", good, start)), "bad_user_id");
  EXPECT_EQ(why(auth_->add_user("a b", good, start)), "bad_user_id");
  EXPECT_EQ(why(auth_->add_user(std::string(65, 'a'), good, start)), "bad_user_id");
  EXPECT_EQ(why(auth_->add_user("eve", "short", start)), "weak_password");
  EXPECT_EQ(why(auth_->set_password("eve", good, start)), "unknown_user");
  EXPECT_EQ(why(auth_->set_disabled("eve", true, start)), "unknown_user");
  EXPECT_EQ(why(auth_->user("eve")), "unknown_user");
  const auto users = auth_->users();
  ASSERT_TRUE(users.has_value());
  ASSERT_EQ(users->size(), 2U);
  EXPECT_EQ((*users)[0].user_id, "ann");
  EXPECT_EQ((*users)[1].user_id, "bob.7@x-y_z");
  EXPECT_EQ((*users)[0].created_ts, start);
  EXPECT_FALSE((*users)[0].disabled || (*users)[0].totp);
}

TEST_F(AuthTest, LoggingInAndOut) {
  add("ann");
  const auto opened = auth_->log_in({"ann", good, "", "10.0.0.1"}, start);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->session.size(), 64U);
  const auto who = auth_->who(opened->session, "", after(60));
  ASSERT_TRUE(who.has_value());
  const auto& ann = std::get<Person>(*who);
  EXPECT_EQ(ann.user_id, "ann");
  EXPECT_TRUE(carries_csrf(ann, opened->csrf_token));
  EXPECT_FALSE(carries_csrf(ann, ""));
  EXPECT_FALSE(carries_csrf(ann, opened->session));
  EXPECT_NE(opened->csrf_token, opened->session);
  const std::string second_one = log_in("ann", good);
  EXPECT_NE(second_one, opened->session);
  ASSERT_TRUE(auth_->log_out(opened->session).has_value());
  EXPECT_EQ(person(opened->session), "");
  EXPECT_EQ(person(second_one), "ann");
  ASSERT_TRUE(auth_->end_sessions("ann").has_value());
  EXPECT_EQ(person(second_one), "");
}

TEST_F(AuthTest, WrongOnesAreNotToldApart) {
  add("ann");
  add("bob");
  ASSERT_TRUE(auth_->set_disabled("bob", true, start).has_value());
  const auto text = [&](std::string_view user, std::string_view password) {
    const auto refused = auth_->log_in({user, password, "", user}, start);
    return refused ? "in" : std::string(word_of(refused.error().why)) + refused.error().text;
  };
  const std::string wrong = text("ann", other);
  EXPECT_TRUE(wrong.starts_with("wrong"));
  EXPECT_EQ(text("nobody", good), wrong);
  EXPECT_EQ(text("bob", good), wrong);
  EXPECT_EQ(text("ANN", good), wrong);
  EXPECT_EQ(text("ann", ""), wrong);
  EXPECT_EQ(text("ann", good), "in");
}

TEST_F(AuthTest, GuessingIsSlowedDownAlikeForAllNames) {
  add("ann");
  for (const std::string_view user : {"ann", "nobody"}) {
    const std::string remote = user == "ann" ? "10.0.0.1" : "10.0.0.2";
    for (int i = 0; i < 6; ++i) {
      EXPECT_EQ(why_not(user, other, start, "", remote), "wrong") << i;
    }
    const auto refused = auth_->log_in({user, other, "", remote}, start);
    EXPECT_EQ(why(refused), "throttled");
    EXPECT_EQ(refused.error().until, after(1));
  }
  EXPECT_EQ(why_not("ann", good), "throttled");  // a right one too: nothing was looked at
  EXPECT_NE(log_in("ann", good, after(1)), "");
}

TEST_F(AuthTest, SessionsEnd) {
  add("ann");
  const std::string idle = log_in("ann", good);
  EXPECT_EQ(person(idle, after(29 * 60)), "ann");
  EXPECT_EQ(person(idle, after(58 * 60)), "ann");  // used in between
  EXPECT_EQ(person(idle, after(89 * 60)), "");
  EXPECT_EQ(person(idle, after(58 * 60)), "");  // it is gone
  const std::string busy = log_in("ann", good);
  for (int minute = 0; minute < 12 * 60; minute += 20) {
    ASSERT_EQ(person(busy, after(60 * minute)), "ann") << minute;
  }
  EXPECT_EQ(person(busy, after(12 * 3'600)), "");
}

TEST_F(AuthTest, AUserHasSoManySessionsAtMost) {
  add("ann");
  const std::string first = log_in("ann", good);
  for (int i = 1; i <= 19; ++i) {
    ASSERT_NE(log_in("ann", good, after(i)), "");
  }
  EXPECT_EQ(person(first, after(20)), "ann");
  ASSERT_NE(log_in("ann", good, after(20)), "");
  EXPECT_EQ(person(first, after(21)), "");
}

TEST_F(AuthTest, APasswordsChangeAndDisablingEndSessions) {
  add("ann");
  std::string session = log_in("ann", good);
  EXPECT_EQ(why(auth_->set_password("ann", "short", start)), "weak_password");
  EXPECT_EQ(person(session), "ann");
  ASSERT_TRUE(auth_->set_password("ann", other, after(5)).has_value());
  EXPECT_EQ(person(session), "");
  EXPECT_EQ(why_not("ann", good), "wrong");
  session = log_in("ann", other);
  EXPECT_EQ(person(session), "ann");
  EXPECT_EQ(auth_->user("ann")->changed_ts, after(5));
  ASSERT_TRUE(auth_->set_disabled("ann", true, after(6)).has_value());
  EXPECT_EQ(person(session), "");
  EXPECT_EQ(why_not("ann", other), "wrong");
  ASSERT_TRUE(auth_->set_disabled("ann", false, after(7)).has_value());
  EXPECT_EQ(person(session), "");
  EXPECT_NE(log_in("ann", other), "");
}

TEST_F(AuthTest, ASecondFactorIsAskedOnceItIsConfirmed) {
  add("ann");
  EXPECT_EQ(why(auth_->confirm_totp("ann", "000000", start)), "no_totp");
  EXPECT_EQ(why(auth_->check_totp("ann", "000000", start)), "no_totp");
  EXPECT_EQ(why(auth_->begin_totp("eve", start)), "unknown_user");
  const std::string secret = enrol("ann", start);
  const auto code = [&](std::int64_t seconds) {
    return totp_code(secret, totp_step_of(after(seconds)));
  };
  EXPECT_NE(log_in("ann", good), "");  // not confirmed yet
  EXPECT_EQ(why(auth_->confirm_totp("ann", code(300), start)), "wrong");
  ASSERT_TRUE(auth_->confirm_totp("ann", code(0), start).has_value());
  EXPECT_TRUE(auth_->user("ann")->totp);
  EXPECT_EQ(why_not("ann", good), "totp_needed");
  EXPECT_EQ(why_not("ann", other), "wrong");                 // a wrong password does not tell of it
  EXPECT_EQ(why_not("ann", good, start, code(0)), "wrong");  // spent by confirming
  const std::string session = log_in("ann", good, after(60), code(60));
  EXPECT_EQ(person(session, after(60)), "ann");
  EXPECT_TRUE(std::get<Person>(*auth_->who(session, "", after(60))).totp);
  EXPECT_EQ(why(auth_->check_totp("ann", code(60), after(60))), "wrong");  // spent
  EXPECT_TRUE(auth_->check_totp("ann", code(90), after(90)).has_value());
  EXPECT_EQ(why(auth_->check_totp("ann", code(90), after(95))), "wrong");
  ASSERT_TRUE(auth_->remove_totp("ann", after(99)).has_value());
  EXPECT_NE(log_in("ann", good, after(99)), "");
}

TEST_F(AuthTest, SecretsOfSecondFactorsAreSealed) {
  add("ann");
  const std::string secret = enrol("ann", start);
  EXPECT_EQ(all_bytes().find(secret), std::string::npos);  // begun
  ASSERT_TRUE(
      auth_->confirm_totp("ann", totp_code(secret, totp_step_of(start)), start).has_value());
  open();
  EXPECT_EQ(all_bytes().find(secret), std::string::npos);
  const Time later = after(90);
  EXPECT_TRUE(auth_->check_totp("ann", totp_code(secret, totp_step_of(later)), later).has_value());
  struct stat status{};
  ASSERT_EQ(stat((folder_ + "/keys/auth.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

// Whoever has the file without its key has no factors; whoever runs it with another one lets nobody
// in who has one.
TEST_F(AuthTest, AnotherKeyOpensNoSecondFactor) {
  add("ann");
  add("bob");
  const std::string secret = enrol("ann", start);
  const std::string code = totp_code(secret, totp_step_of(start));
  ASSERT_TRUE(auth_->confirm_totp("ann", code, start).has_value());
  std::filesystem::remove(folder_ + "/keys/auth.key");
  setenv("MARKTWACHT_AUTH_KEY", std::string(64, 'x').c_str(), 1);
  open();
  const std::string next = totp_code(secret, totp_step_of(after(90)));
  EXPECT_EQ(why_not("ann", good, after(90), next), "unavailable");
  EXPECT_EQ(why_not("ann", good, after(90)), "totp_needed");
  EXPECT_NE(log_in("bob", good, after(90)), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/keys/auth.key"));
  const std::string of_bob = enrol("bob", after(90));  // under the environment's key
  EXPECT_TRUE(auth_->confirm_totp("bob", totp_code(of_bob, totp_step_of(after(90))), after(90))
                  .has_value());
  unsetenv("MARKTWACHT_AUTH_KEY");
}

// What an older program left as it was is sealed when it is opened.
TEST_F(AuthTest, PlainSecretsAreSealedAtTheNextStart) {
  add("ann");
  const std::string secret = "12345678901234567890";
  auth_.reset();
  {
    auto database = Database::open(folder_ + "/auth.db");
    auto statement = database->prepare("UPDATE users SET totp_secret = ? WHERE user_id = 'ann'");
    statement->bind_blob(0, secret);
    ASSERT_TRUE(statement->step());
  }
  EXPECT_NE(all_bytes().find(secret), std::string::npos);
  open();
  EXPECT_EQ(all_bytes().find(secret), std::string::npos);
  EXPECT_TRUE(auth_->check_totp("ann", totp_code(secret, totp_step_of(start)), start).has_value());
}

TEST_F(AuthTest, WhatWaitsIsInForceOrAsIfItHadNeverBeen) {
  add("ann");
  add("new");
  const auto made = auth_->new_token({.scopes = bit(TokenScope::read)}, start, true);
  ASSERT_TRUE(made.has_value());
  EXPECT_FALSE(machine(made->token));
  EXPECT_TRUE((*auth_->tokens())[0].waits);
  const auto hash = auth_->hash_of("ann", other);
  ASSERT_TRUE(hash.has_value());
  EXPECT_EQ(why(auth_->hash_of("ann", "short")), "weak_password");
  for (const WaitingChange& change : {WaitingChange{"x-1", Waiting::token, made->token_id, ""},
                                      {"x-2", Waiting::password, "ann", *hash},
                                      {"x-3", Waiting::user, "new", ""}}) {
    ASSERT_TRUE(auth_->wait(change).has_value());
  }
  EXPECT_EQ(auth_->waiting()->size(), 3U);
  open();
  EXPECT_NE(log_in("ann", good), "");
  const std::string session = log_in("ann", good);
  for (const char* id : {"x-1", "x-2"}) {
    ASSERT_TRUE(auth_->settle(id, true, start).has_value());
  }
  ASSERT_TRUE(auth_->settle("x-3", false, start).has_value());
  ASSERT_TRUE(auth_->settle("x-9", true, start).has_value());
  EXPECT_TRUE(machine(made->token));
  EXPECT_EQ(person(session), "");
  EXPECT_EQ(why_not("ann", good), "wrong");
  EXPECT_NE(log_in("ann", other), "");
  EXPECT_EQ(why(auth_->user("new")), "unknown_user");
  EXPECT_TRUE(auth_->waiting()->empty());
  // Of a token that was made and never asked about nothing is left.
  const auto lost = auth_->new_token({.scopes = bit(TokenScope::read)}, start, true);
  ASSERT_TRUE(auth_->waiting().has_value());
  ASSERT_TRUE(auth_->settle("x-1", true, start).has_value());
  EXPECT_EQ(auth_->tokens()->size(), 1U);
}

TEST_F(AuthTest, OnesOwnPasswordIsChangedByWhoKnowsIt) {
  add("ann");
  const std::string session = log_in("ann", good);
  EXPECT_EQ(
      why(auth_->change_password({"ann", "wrong one entirely", "", "10.0.0.1"}, other, start)),
      "wrong");
  EXPECT_EQ(why(auth_->change_password({"ann", good, "", "10.0.0.1"}, "short", start)),
            "weak_password");
  EXPECT_EQ(person(session), "ann");
  const std::string secret = enrol("ann", start);
  ASSERT_TRUE(
      auth_->confirm_totp("ann", totp_code(secret, totp_step_of(start)), start).has_value());
  EXPECT_EQ(why(auth_->change_password({"ann", good, "", "10.0.0.1"}, other, start)),
            "totp_needed");
  const std::string code = totp_code(secret, totp_step_of(after(90)));
  ASSERT_TRUE(
      auth_->change_password({"ann", good, code, "10.0.0.1"}, other, after(90)).has_value());
  EXPECT_EQ(person(session, after(90)), "");
  EXPECT_EQ(why_not("ann", good, after(90)), "wrong");
}

TEST_F(AuthTest, CodesAreNotGuessed) {
  add("ann");
  const std::string secret = enrol("ann", start);
  ASSERT_TRUE(
      auth_->confirm_totp("ann", totp_code(secret, totp_step_of(start)), start).has_value());
  int tries = 0;
  while (tries < 100 && why(auth_->check_totp("ann", "0", after(60))) == "wrong") {
    ++tries;
  }
  EXPECT_LE(tries, 6);
  EXPECT_EQ(why(auth_->check_totp("ann", "0", after(60))), "throttled");
  const std::string right = totp_code(secret, totp_step_of(after(90)));
  EXPECT_TRUE(auth_->check_totp("ann", right, after(90)).has_value());
}

TEST_F(AuthTest, TokensAreShownOnceAndRevoked) {
  const auto made = auth_->new_token(
      {.scopes = bit(TokenScope::ingest), .source = "feed", .expires_ts = after(100)}, start);
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->token.starts_with("mwt_"));
  EXPECT_EQ(made->token.size(), 68U);
  const auto who = machine(made->token);
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->token_id, made->token_id);
  EXPECT_EQ(who->source, "feed");
  EXPECT_TRUE(who->has(TokenScope::ingest));
  EXPECT_FALSE(who->has(TokenScope::read) || who->has(TokenScope::commands));
  EXPECT_FALSE(machine(made->token.substr(0, 67)).has_value());
  EXPECT_FALSE(machine(made->token_id).has_value());
  EXPECT_FALSE(machine(made->token, after(100)).has_value());
  EXPECT_EQ((*auth_->tokens())[0].used_ts, start);
  ASSERT_TRUE(auth_->revoke_token(made->token_id, after(5)).has_value());
  EXPECT_FALSE(machine(made->token).has_value());
  ASSERT_TRUE(auth_->revoke_token(made->token_id, after(9)).has_value());
  EXPECT_EQ((*auth_->tokens())[0].revoked_ts, after(5));
  EXPECT_EQ(why(auth_->revoke_token("t-0", start)), "bad_token");
}

TEST_F(AuthTest, TokensMustMakeSense) {
  const auto fault = [&](const TokenTerms& terms) {
    const auto made = auth_->new_token(terms, start);
    return made ? "" : made.error().text;
  };
  const auto ingest = bit(TokenScope::ingest), commands = bit(TokenScope::commands),
             read = bit(TokenScope::read);
  EXPECT_NE(fault({}).find("scope"), std::string::npos);
  EXPECT_NE(fault({.scopes = 8}).find("scope"), std::string::npos);
  EXPECT_NE(fault({.scopes = commands | read, .source = "x"}).find("no other"), std::string::npos);
  EXPECT_NE(fault({.scopes = ingest}).find("source"), std::string::npos);
  EXPECT_NE(fault({.scopes = read, .source = "x"}).find("source"), std::string::npos);
  EXPECT_NE(fault({.scopes = commands, .source = "x", .trusted = true}).find("trusted"),
            std::string::npos);
  for (const char* type : {"exemption", "decision", "alert", "command_result", "nothing"}) {
    EXPECT_NE(fault({.scopes = ingest, .source = "x", .types = {type}}).find(type),
              std::string::npos);
  }
  EXPECT_EQ(fault({.scopes = ingest, .source = "x", .trusted = true, .types = {"exemption"}}), "");
  EXPECT_NE(fault({.scopes = read, .expires_ts = start}).find("over"), std::string::npos);
}

TEST_F(AuthTest, WhoHasBothIsAMachine) {
  add("ann");
  const std::string session = log_in("ann", good);
  const auto token = auth_->new_token({.scopes = bit(TokenScope::read)}, start);
  EXPECT_TRUE(std::holds_alternative<Machine>(*auth_->who(session, token->token, start)));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*auth_->who(session, "mwt_0", start)));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*auth_->who("", "", start)));
}

TEST_F(AuthTest, TheSetUpLinkMakesTheFirstUser) {
  const auto old = auth_->new_setup(start), link = auth_->new_setup(start);
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(all_bytes().find(*link), std::string::npos);
  EXPECT_EQ(why(auth_->check_setup(*old, "ann", good, start)), "setup_over");
  EXPECT_EQ(why(auth_->check_setup("", "ann", good, start)), "setup_over");
  EXPECT_EQ(why(auth_->check_setup(*link, "ann", good, after(15 * 60))), "setup_over");
  EXPECT_EQ(why(auth_->check_setup(*link, "ann", "short", start)), "weak_password");
  EXPECT_EQ(why(auth_->check_setup(*link, "the boss", good, start)), "bad_user_id");
  EXPECT_EQ(why(auth_->set_up(*link, "ann", "short", start)), "weak_password");
  EXPECT_TRUE(auth_->check_setup(*link, "ann", good, after(15 * 60 - 1)).has_value());
  ASSERT_TRUE(auth_->set_up(*link, "ann", good, after(15 * 60 - 1)).has_value());
  EXPECT_EQ(why(auth_->set_up(*link, "eve", good, start)), "setup_over");
  EXPECT_EQ(why(auth_->new_setup(start)), "setup_over");
  EXPECT_NE(log_in("ann", good), "");
}

TEST_F(AuthTest, TheSetUpLinkIsSpentByAnyUser) {
  const auto link = auth_->new_setup(start);
  add("ann");
  EXPECT_EQ(why(auth_->set_up(*link, "eve", good, start)), "setup_over");
}

TEST_F(AuthTest, ManyAtOnce) {
  add("ann");
  std::vector<std::string> sessions(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& session : sessions) {
      threads.emplace_back([&] { session = log_in("ann", good, start, "", "10.0.0.9"); });
    }
  }
  // Each counts as failed until it is done: some may have to wait.
  const auto in = std::ranges::count_if(sessions, [&](const auto& s) { return !s.empty(); });
  EXPECT_GE(in, 6);
  for (const std::string& session : sessions) {
    EXPECT_EQ(person(session), session.empty() ? "" : "ann");
  }
}

}  // namespace
}  // namespace marktwacht
