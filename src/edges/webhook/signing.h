// How a delivery to the exchange is signed, and how its receiver checks that. docs/webhook.md.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "edges/http/message.h"

namespace marktwacht {

struct WebhookKey {
  std::string key_id;  // letters, digits, "-", "_" and "."
  std::string secret;  // 32 bytes at least
};

inline constexpr std::size_t webhook_secret_bytes_min = 32;

// Lower-case hexadecimal HMAC-SHA-256 under the secret, over: the timestamp as it stands in its
// header, one ".", the body.
std::string webhook_signature(std::string_view secret, std::string_view timestamp,
                              std::string_view body);
// X-Marktwacht-Key-Id, -Timestamp (ns since 1970, decimal) and -Signature.
std::vector<NameValue> webhook_headers(const WebhookKey& key, Time now, std::string_view body);

// The receiving side: for the simulated exchange and for tests. Any number of threads may ask.
class WebhookReceiver {
 public:
  // All of the keys are taken, so that one can be replaced while deliveries are on their way.
  // A timestamp further than `window` from now, before or after, is refused: nobody can send an old
  // delivery once more. Within it a delivery may come twice; command_id tells.
  explicit WebhookReceiver(std::vector<WebhookKey> keys, Duration window = {300 * second.ns});

  // An error says what is wrong; answer 401.
  std::expected<void, std::string> check(const HttpRequest& request, Time now) const;

 private:
  std::vector<WebhookKey> keys_;
  Duration window_;
};

// The secret in a file, with one line end after it taken off: a file that others than its owner may
// read is refused. The names of keys are no secrets and stand in the configuration.
std::expected<WebhookKey, std::string> webhook_key_from_file(std::string key_id,
                                                             const std::string& path);
// In a variable of the environment.
std::expected<WebhookKey, std::string> webhook_key_from_environment(std::string key_id,
                                                                    const std::string& variable);

}  // namespace marktwacht
