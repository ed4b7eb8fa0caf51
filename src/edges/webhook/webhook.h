// Delivers commands to the exchange: signed, in order, again and again until they arrive.
// docs/webhook.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "edges/webhook/signing.h"

namespace marktwacht {

class WebhookCore;

struct WebhookConfig {
  std::string url;               // where commands go; empty = they are not sent
  std::string heads_url;         // where heads of the journal go; likewise
  std::vector<WebhookKey> keys;  // the last one signs; the others are for receivers only
  std::string authorities_file;  // PEM, for https; empty = those of the system
  std::size_t parallel_max = 8;  // deliveries at once, of one order key never more than one
  std::size_t waiting_max = 100'000;
  std::uint32_t timeout_ms = 10'000;
  // Each failure in a row doubles the pause, give or take a quarter.
  std::uint32_t retry_ms_min = 500, retry_ms_max = 60'000;
  std::function<Time()> clock;  // what is signed as the timestamp
};

// The end of one command's way. `delivered` says that the exchange took it (2xx), not that it did
// it: that is said by its command_result.
struct WebhookDelivery {
  std::string command_id;
  bool delivered = false;
  int status = 0;
  std::uint32_t tries = 0;
  std::string error;  // where it was not delivered
};

struct WebhookCounts {
  std::uint64_t waiting = 0;  // with those on their way
  std::uint64_t order_keys = 0;
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;  // refused by the exchange: not tried again
  std::uint64_t retries = 0;
  std::uint64_t turned_away = 0;  // by a full queue
  bool receiver_is_down = false;  // three deliveries in a row failed: one at a time tries for all
  std::string last_error;
};

// All methods from any thread; only stop() waits.
class Webhook {
 public:
  // `ended` is called on a thread of the webhook, once for each command that was delivered or
  // refused; it must not wait. An error says what is wrong with the configuration.
  static std::expected<Webhook, std::string> start(
      WebhookConfig config, std::function<void(const WebhookDelivery&)> ended = {});
  Webhook(Webhook&&) noexcept;
  Webhook& operator=(Webhook&&) noexcept;
  ~Webhook();  // stops

  // Commands of one order key (an account, an instrument) arrive in the order sent, each once at
  // least. False: the queue is full, or it was stopped; send it again later.
  bool send(std::string command_id, std::string_view order_key, std::string json);
  // A head of the journal, to `heads_url`: it is to be kept outside of the host.
  bool publish(std::string head_json);
  WebhookCounts counts() const;
  // The last one signs from now on, also what waits already.
  void set_keys(std::vector<WebhookKey> keys);
  // What still waits was not delivered, or nobody knows: send it again after the next start.
  void stop();

 private:
  explicit Webhook(std::unique_ptr<WebhookCore> core);
  std::unique_ptr<WebhookCore> core_;
};

}  // namespace marktwacht
