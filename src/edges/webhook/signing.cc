// Signatures of deliveries, their check, and where keys come from.
#include "edges/webhook/signing.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "base/hmac.h"

namespace marktwacht {

namespace {

constexpr std::size_t secret_bytes_max = 4'096;

bool is_key_id(std::string_view id) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !id.empty() && id.size() <= 64 && id.find_first_not_of(allowed) == std::string_view::npos;
}

// Decimal digits only: what is signed has one spelling.
std::optional<Time> read_timestamp(std::string_view text) {
  Time time;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time.ns);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || time.ns < 0 || text != std::to_string(time.ns)) {
    return std::nullopt;
  }
  return time;
}

bool are_equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::expected<WebhookKey, std::string> make_key(std::string key_id, std::string secret,
                                                const std::string& where) {
  if (secret.ends_with('\n')) {
    secret.pop_back();
  }
  if (!is_key_id(key_id)) {
    return std::unexpected("'" + key_id + "' is no id of a key: letters, digits, - _ . only");
  }
  if (secret.size() < webhook_secret_bytes_min || secret.size() > secret_bytes_max) {
    return std::unexpected(where + ": a secret has 32 to 4096 bytes, this one " +
                           std::to_string(secret.size()));
  }
  return WebhookKey{std::move(key_id), std::move(secret)};
}

struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
};

}  // namespace

std::string webhook_signature(std::string_view secret, std::string_view timestamp,
                              std::string_view body) {
  std::string signed_bytes;
  signed_bytes.reserve(timestamp.size() + 1 + body.size());
  signed_bytes += timestamp;
  signed_bytes += '.';
  signed_bytes += body;
  return hex(hmac_sha256(secret, signed_bytes));
}

std::vector<NameValue> webhook_headers(const WebhookKey& key, Time now, std::string_view body) {
  std::string timestamp = std::to_string(now.ns);
  std::string signature = webhook_signature(key.secret, timestamp, body);
  return {{"Content-Type", "application/json"},
          {"X-Marktwacht-Key-Id", key.key_id},
          {"X-Marktwacht-Timestamp", std::move(timestamp)},
          {"X-Marktwacht-Signature", std::move(signature)}};
}

WebhookReceiver::WebhookReceiver(std::vector<WebhookKey> keys, Duration window)
    : keys_(std::move(keys)), window_(window) {}

std::expected<void, std::string> WebhookReceiver::check(const HttpRequest& request,
                                                        Time now) const {
  const std::string_view key_id = request.header("X-Marktwacht-Key-Id");
  const auto key = std::ranges::find(keys_, key_id, &WebhookKey::key_id);
  if (key == keys_.end()) {
    return std::unexpected("no key of that id is known");
  }
  const std::string_view timestamp = request.header("X-Marktwacht-Timestamp");
  const auto time = read_timestamp(timestamp);
  if (!time) {
    return std::unexpected("the timestamp is no number of nanoseconds");
  }
  const std::string_view signature = request.header("X-Marktwacht-Signature");
  if (!are_equal_in_constant_time(signature,
                                  webhook_signature(key->secret, timestamp, request.body))) {
    return std::unexpected("the signature is wrong");
  }
  const Duration off = *time < now ? now - *time : *time - now;
  if (off > window_) {
    return std::unexpected("the timestamp is too far from now");
  }
  return {};
}

std::expected<WebhookKey, std::string> webhook_key_from_file(std::string key_id,
                                                             const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status{};
  if (file.number < 0 || fstat(file.number, &status) != 0) {
    return std::unexpected(path + ": " + std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected(path + ": this is no file");
  }
  if ((status.st_mode & 077) != 0) {
    return std::unexpected(path + ": others may read this key: its mode must be 0600 (chmod 600)");
  }
  std::string secret(secret_bytes_max + 2, '\0');
  const auto size = ::read(file.number, secret.data(), secret.size());
  if (size < 0) {
    return std::unexpected(path + ": " + std::strerror(errno));
  }
  secret.resize(static_cast<std::size_t>(size));
  return make_key(std::move(key_id), std::move(secret), path);
}

std::expected<WebhookKey, std::string> webhook_key_from_environment(std::string key_id,
                                                                    const std::string& variable) {
  const char* secret = std::getenv(variable.c_str());
  if (secret == nullptr) {
    return std::unexpected(variable + ": there is no such variable in the environment");
  }
  return make_key(std::move(key_id), secret, variable);
}

}  // namespace marktwacht
