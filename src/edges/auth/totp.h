// Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace marktwacht {

inline constexpr Duration totp_step{30 * second.ns};

// Which step a time lies in.
constexpr std::int64_t totp_step_of(Time now) { return now.ns / totp_step.ns; }
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6);

// The step whose code it is, of the current one and its two neighbours, if later than `used_step`:
// so that each is good once. All are compared, in constant time.
std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code, Time now,
                                           std::int64_t used_step);

// RFC 4648, without padding.
std::string base32(std::string_view bytes);
// "otpauth://totp/…": what apps read from a QR code.
std::string totp_uri(std::string_view user_id, std::string_view secret);

}  // namespace marktwacht
