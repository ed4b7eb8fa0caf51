// Guessing from one place and from many: of passwords, of second factors, of tokens. What is
// refused is on record, and whoever has come in before comes in again.
#include "edges/auth/totp.h"
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

// 1 on the loopback network, 2, …
std::string place(int number) { return "127.0.9." + std::to_string(number); }

std::string bytes_of(std::string_view base32_text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : base32_text) {
    bits = bits << 5U | static_cast<std::uint32_t>(digits.find(c));
    if ((count += 5) >= 8) {
      bytes += static_cast<char>(bits >> (count -= 8));
    }
  }
  return bytes;
}

class AttackGuessing : public AttackTest {
 protected:
  std::string log_in_from(const std::string& where, const std::string& user_id,
                          const std::string& password, const std::string& totp = "") {
    const std::string body = R"({"user_id":")" + user_id + R"(","password":")" + password +
                             R"(","totp":")" + totp + "\"}";
    BareSocket socket(serving->port(), where);
    socket.send("POST /v1/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    return socket.read();
  }
  // With codes of its own from now on; what they are made of.
  std::string second_factor(Caller& who) {
    const std::string secret = bytes_of(
        who.post("/v1/totp", R"({"password_now":")" + test_password + "\"}").text("secret"));
    const Answer done = who.post("/v1/totp/confirm", R"({"totp":")" + code(secret, 0) + "\"}");
    EXPECT_EQ(done.status, 204) << done.body;
    return secret;
  }
  static std::string code(const std::string& secret, std::int64_t steps_ahead) {
    return totp_code(secret, totp_step_of(wall_time()) + steps_ahead);
  }
  // The seconds that it must wait; 0: it need not.
  static int wait_of(const std::string& answer) {
    const std::size_t at = answer.find("Retry-After: ");
    EXPECT_EQ(status_of(answer) == 429, at != answer.npos) << answer;
    return at == answer.npos ? 0 : std::atoi(answer.c_str() + at + 13);
  }
};

TEST_F(AttackGuessing, OfOnePlaceWaitsAndItsOwnerAfterIt) {
  int refused = 0;
  std::string last;
  for (; refused < 10 && status_of(last) != 429; ++refused) {
    last = log_in_from(place(1), "ann", "guess number " + std::to_string(refused));
  }
  ASSERT_EQ(status_of(last), 429) << last;
  EXPECT_TRUE(audited("login", {said("user_id", "ann"), said("code", "wrong")}));
  EXPECT_TRUE(audited("login", {said("user_id", "ann"), said("code", "throttled")}));
  EXPECT_EQ(status_of(log_in_from(place(2), "ann", test_password)), 200) << "from elsewhere";
  const int wait_s = wait_of(log_in_from(place(1), "ann", test_password));
  ASSERT_GE(wait_s, 1) << "also with the right one";
  ASSERT_LE(wait_s, 3);
  std::this_thread::sleep_for(std::chrono::seconds(wait_s));
  EXPECT_EQ(status_of(log_in_from(place(1), "ann", test_password)), 200);
}

TEST_F(AttackGuessing, OfManyPlacesDoesNotLockOutWhoCameInBefore) {
  EXPECT_EQ(status_of(log_in_from(place(200), "ann", test_password)), 200);
  int looked_at = 0, longest = 0;
  for (int i = 1; i <= 25; ++i) {
    const std::string answer = log_in_from(place(i), "ann", "guess number " + std::to_string(i));
    looked_at += status_of(answer) == 401 ? 1 : 0;
    longest = std::max(longest, wait_of(answer));
  }
  EXPECT_LE(looked_at, 12);
  EXPECT_GE(longest, 1);
  EXPECT_LE(longest, 31) << "nobody can keep a name out for long";
  EXPECT_EQ(status_of(log_in_from(place(200), "ann", test_password)), 200);
}

TEST_F(AttackGuessing, NamesThatAreThereAreAnsweredLikeThoseThatAreNot) {
  ASSERT_EQ(person("ada").post("/v1/users/vera", R"({"disabled":true})").status, 200);
  const auto answer_of = [&](int from, const std::string& user_id) {
    std::string answer = log_in_from(place(from), user_id, "no such password");
    const std::size_t date = answer.find("Date: ");
    return answer.erase(date, answer.find("\r\n", date) - date);
  };
  const std::string unknown = answer_of(1, "nobody-here");
  EXPECT_EQ(status_of(unknown), 401);
  EXPECT_EQ(answer_of(2, "ann"), unknown);
  EXPECT_EQ(answer_of(3, "vera"), unknown) << "disabled";
  EXPECT_EQ(answer_of(4, std::string(70, 'x')), unknown) << "no name at all";
  EXPECT_TRUE(audited("login", {said("user_id", "nobody-here"), said("code", "wrong")}));
}

// Who knows the password has not come in yet: a place of his waits for the codes tried elsewhere.
TEST_F(AttackGuessing, CodesFromManyPlaces) {
  Caller otto = person("otto");
  second_factor(otto);
  int looked_at = 0;
  for (int from = 1; from <= 15; ++from) {
    const std::string answer = log_in_from(place(from), "otto", test_password);
    EXPECT_TRUE(status_of(answer) == 401 || status_of(answer) == 429) << answer;
    for (int i = 0; i < 4; ++i) {
      looked_at += status_of(log_in_from(place(from), "otto", test_password,
                                         "00000" + std::to_string(i))) == 401
                       ? 1
                       : 0;
    }
  }
  EXPECT_LE(looked_at, 14);
}

// In an open session, when approving; nobody else waits for it.
TEST_F(AttackGuessing, CodesOfOneSession) {
  Caller otto = person("otto"), olga = person("olga");
  second_factor(otto);
  const std::string secret = second_factor(olga);
  int status = 0;
  for (int i = 0; i < 9 && status != 429; ++i) {
    status =
        otto.decide("approve", R"(,"measure_id":"m-1","totp":"12345)" + std::to_string(i) + "\"")
            .status;
    EXPECT_TRUE(status == 401 || status == 429) << status;
  }
  EXPECT_EQ(status, 429);
  EXPECT_TRUE(audited("approve", {said("user_id", "otto"), said("code", "refused")}));
  const Answer other =
      olga.decide("approve", R"(,"measure_id":"m-1","totp":")" + code(secret, 1) + "\"");
  EXPECT_EQ(other.status, 409) << "the code was right, there is no such measure: " << other.body;
}

TEST_F(AttackGuessing, Tokens) {
  Caller right = program(TokenScope::read), guesser = nobody();
  int status = 0, guesses = 0;
  for (; guesses < 200 && status != 429; ++guesses) {
    guesser.token = "mwt_" + std::to_string(1'000'000 + guesses);
    status = guesser.get("/v1/alerts").status;
    EXPECT_TRUE(status == 401 || status == 429) << status;
  }
  EXPECT_EQ(status, 429) << guesses;
  EXPECT_EQ(right.get("/v1/alerts").status, 200) << "from the same place";
  EXPECT_TRUE(audited("GET /v1/alerts", {said("code", "unauthenticated"), "127.0.0.1"}));
  EXPECT_TRUE(audited("GET /v1/alerts", {said("code", "throttled"), "127.0.0.1"}));
}

// Whoever finds a session open could approve as its user from then on.
TEST_F(AttackGuessing, ASessionAloneSetsNoSecondFactor) {
  Caller otto = person("otto");
  EXPECT_EQ(otto.post("/v1/totp", "{}").status, 400);
  EXPECT_EQ(otto.post("/v1/totp", R"({"password_now":"a guess"})").code(), "wrong");
  const std::string old = second_factor(otto);
  const std::string password = R"({"password_now":")" + test_password + "\"";
  EXPECT_EQ(otto.post("/v1/totp", password + "}").code(), "totp_needed");
  EXPECT_EQ(otto.post("/v1/totp", password + R"(,"totp":"000000"})").code(), "wrong");
  const Answer begun = otto.post("/v1/totp", password + R"(,"totp":")" + code(old, 1) + "\"}");
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::string secret = bytes_of(begun.text("secret"));
  EXPECT_EQ(otto.post("/v1/totp/confirm", R"({"totp":")" + code(secret, 0) + "\"}").status, 204);
  EXPECT_TRUE(audited("totp", {said("user_id", "otto"), said("code", "totp_needed")}));
}

}  // namespace
}  // namespace marktwacht
