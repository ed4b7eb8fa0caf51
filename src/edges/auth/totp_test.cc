// RFC 6238's and RFC 4648's own test vectors; codes are good once.
#include "edges/auth/totp.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

constexpr std::string_view rfc_secret = "12345678901234567890";

Time at(std::int64_t seconds) { return {seconds * second.ns}; }

TEST(Totp, MakesTheCodesOfTheRfc) {
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},
                                                          {1'111'111'109, "07081804"},
                                                          {1'111'111'111, "14050471"},
                                                          {1'234'567'890, "89005924"},
                                                          {2'000'000'000, "69279037"},
                                                          {20'000'000'000, "65353130"}};
  for (const auto& [seconds, code] : vectors) {
    const std::int64_t step = seconds / 30;
    EXPECT_EQ(totp_code(rfc_secret, step, 8), code) << seconds;
    EXPECT_EQ(totp_code(rfc_secret, step), std::string(code).substr(2)) << seconds;
  }
}

TEST(Totp, TakesTheStepBeforeAndTheOneBehind) {
  const Time now = at(1'111'111'111);
  const std::int64_t step = totp_step_of(now);
  for (std::int64_t off = -3; off <= 3; ++off) {
    const auto found = find_totp_step(rfc_secret, totp_code(rfc_secret, step + off), now, 0);
    EXPECT_EQ(found.has_value(), off >= -1 && off <= 1) << off;
    EXPECT_EQ(found.value_or(step + off), step + off);
  }
}

TEST(Totp, TakesEachCodeOnce) {
  const Time now = at(1'111'111'111);
  const std::int64_t step = totp_step_of(now);
  const std::string code = totp_code(rfc_secret, step);
  EXPECT_EQ(find_totp_step(rfc_secret, code, now, step - 1), step);
  EXPECT_FALSE(find_totp_step(rfc_secret, code, now, step).has_value());
  EXPECT_FALSE(find_totp_step(rfc_secret, totp_code(rfc_secret, step - 1), now, step).has_value());
  EXPECT_TRUE(find_totp_step(rfc_secret, totp_code(rfc_secret, step + 1), now, step).has_value());
}

TEST(Totp, TakesNothingElse) {
  for (const char* code : {"", "0", "00000", "0000000", "abcdef", " 50471"}) {
    EXPECT_FALSE(find_totp_step(rfc_secret, code, at(1'111'111'111), 0).has_value()) << code;
  }
}

TEST(Totp, Base32IsThatOfTheRfc) {
  EXPECT_EQ(base32(""), "");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foo"), "MZXW6");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(base32(rfc_secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST(Totp, TheUriIsEscaped) {
  EXPECT_EQ(totp_uri("ann@x", "foobar"),
            "otpauth://totp/Marktwacht:ann%40x?secret=MZXW6YTBOI&issuer=Marktwacht&algorithm=SHA1&"
            "digits=6&period=30");
}

}  // namespace
}  // namespace marktwacht
