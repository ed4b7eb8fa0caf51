// Lines of commands, one for each order key: the first of a line is on its way, or waits to be
// tried again; the others wait behind it.
#include "edges/webhook/webhook.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "edges/http/client.h"

namespace marktwacht {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::string_view heads_line = "\x01heads";  // no account's name
constexpr std::uint32_t retry_after_s_max = 3'600;

struct Command {
  std::string command_id;
  std::string json;
  bool is_head = false;
  std::uint32_t tries = 0;
};

struct Line {
  std::deque<Command> commands;
  std::uint32_t failures = 0;  // in a row
};

// What a try came to.
enum class Came : std::uint8_t {
  through,
  refused,
  failed,   // this command, perhaps; others may go on
  to_none,  // nobody is there, or it has too much to do: all wait
};

Came judge(const HttpResult& result) {
  if (!result || result->status == 429 || result->status == 503) {
    return Came::to_none;
  }
  if (result->status >= 200 && result->status < 300) {
    return Came::through;
  }
  return result->status >= 500 || result->status == 408 ? Came::failed : Came::refused;
}

std::string error_of(const HttpResult& result) {
  if (!result) {
    return result.error();
  }
  constexpr std::size_t quoted_max = 200;
  return std::to_string(result->status) + " " + result->body.substr(0, quoted_max);
}

milliseconds retry_after(const HttpResult& result) {
  std::uint32_t seconds = 0;
  if (result) {
    const std::string_view text = result->header("Retry-After");
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  return milliseconds(std::min(seconds, retry_after_s_max) * 1'000);
}

}  // namespace

class WebhookCore {
 public:
  WebhookCore(WebhookConfig config, std::function<void(const WebhookDelivery&)> ended,
              HttpClient client)
      : config_(std::move(config)), ended_(std::move(ended)) {
    client_.emplace(std::move(client));
    thread_ = std::thread([this] { run(); });
  }
  ~WebhookCore() { stop(); }

  bool send(std::string_view order_key, Command command);
  WebhookCounts counts() const;
  void set_keys(std::vector<WebhookKey> keys);
  bool sends_heads() const { return !config_.heads_url.empty(); }
  bool sends_commands() const { return !config_.url.empty(); }
  void stop();

 private:
  static constexpr std::uint32_t down_after = 3;  // failures in a row

  void run();
  void begin(const std::string& order_key);
  void came(const std::string& order_key, const HttpResult& result);
  std::optional<WebhookDelivery> settle(Line& line, Came came, const HttpResult& result);
  milliseconds pause_after(std::uint32_t failures, const std::string& order_key) const;
  bool is_down() const { return failures_ >= down_after; }
  std::size_t parallel_now() const { return is_down() ? 1 : config_.parallel_max; }

  WebhookConfig config_;
  std::function<void(const WebhookDelivery&)> ended_;
  mutable std::mutex mutex_;  // guards all below but the client and the thread
  std::condition_variable changed_;
  std::map<std::string, Line, std::less<>> lines_;
  std::deque<std::string> ready_;                               // lines whose first may go
  std::set<std::pair<Clock::time_point, std::string>> paused_;  // lines that are tried again then
  Clock::time_point held_until_{};                              // all of them
  std::uint32_t failures_ = 0;                                  // of the receiver, in a row
  std::size_t under_way_ = 0;
  WebhookCounts counts_;
  bool stopping_ = false;
  std::optional<HttpClient> client_;
  std::thread thread_;
};

bool WebhookCore::send(std::string_view order_key, Command command) {
  std::lock_guard lock(mutex_);
  if (stopping_) {
    return false;
  }
  if (counts_.waiting >= config_.waiting_max) {
    ++counts_.turned_away;
    return false;
  }
  ++counts_.waiting;
  Line& line = lines_.try_emplace(std::string(order_key)).first->second;
  line.commands.push_back(std::move(command));
  if (line.commands.size() == 1) {
    ready_.emplace_back(order_key);
    changed_.notify_one();
  }
  return true;
}

void WebhookCore::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = Clock::now();
    while (!paused_.empty() && paused_.begin()->first <= now) {
      ready_.push_back(paused_.begin()->second);
      paused_.erase(paused_.begin());
    }
    while (now >= held_until_ && !ready_.empty() && under_way_ < parallel_now()) {
      const std::string order_key = std::move(ready_.front());
      ready_.pop_front();
      begin(order_key);
    }
    auto wake = now + std::chrono::hours(1);
    if (!paused_.empty()) {
      wake = std::min(wake, paused_.begin()->first);
    }
    if (now < held_until_) {
      wake = std::min(wake, held_until_);
    }
    changed_.wait_until(lock, wake);
  }
}

void WebhookCore::begin(const std::string& order_key) {
  Command& command = lines_.find(order_key)->second.commands.front();
  ++command.tries;
  ++under_way_;
  HttpCall call;
  call.method = "POST";
  call.url = command.is_head ? config_.heads_url : config_.url;
  call.headers = webhook_headers(config_.keys.back(), config_.clock(), command.json);
  call.body = command.json;
  call.timeout_ms = config_.timeout_ms;
  client_->send(std::move(call),
                [this, order_key](const HttpResult& result) { came(order_key, result); });
}

void WebhookCore::came(const std::string& order_key, const HttpResult& result) {
  std::optional<WebhookDelivery> delivery;
  {
    std::lock_guard lock(mutex_);
    --under_way_;
    if (stopping_) {
      return;  // it stays among those that wait
    }
    const Came judged = judge(result);
    const auto now = Clock::now();
    failures_ = judged == Came::to_none ? failures_ + 1 : 0;
    // An answer that is lost now and then is its own line's affair; who says when to come again
    // speaks for all.
    const auto asked_for = retry_after(result);
    const bool holds_all = is_down() || asked_for > milliseconds(0);
    const Came came = judged == Came::to_none && !holds_all ? Came::failed : judged;
    if (came == Came::to_none) {
      const std::uint32_t beyond = failures_ > down_after ? failures_ - down_after : 0;
      const auto pause = std::max(pause_after(1 + beyond, order_key), asked_for);
      held_until_ = std::max(held_until_, now + pause);
    }
    const auto at = lines_.find(order_key);
    Line& line = at->second;
    delivery = settle(line, came, result);
    if (line.commands.empty()) {
      lines_.erase(at);
    } else if (came == Came::failed) {
      paused_.emplace(now + pause_after(line.failures, order_key), order_key);
    } else if (came == Came::to_none) {
      ready_.push_front(order_key);
    } else {
      ready_.push_back(order_key);
    }
    changed_.notify_one();
  }
  if (delivery && ended_) {
    ended_(*delivery);
  }
}

std::optional<WebhookDelivery> WebhookCore::settle(Line& line, Came came,
                                                   const HttpResult& result) {
  if (came != Came::through) {
    counts_.last_error = error_of(result);
  }
  if (came == Came::failed || came == Came::to_none) {
    ++counts_.retries;
    line.failures += came == Came::failed ? 1 : 0;
    return std::nullopt;
  }
  const Command command = std::move(line.commands.front());
  line.commands.pop_front();
  line.failures = 0;
  --counts_.waiting;
  ++(came == Came::through ? counts_.delivered : counts_.failed);
  if (command.is_head) {
    return std::nullopt;
  }
  return WebhookDelivery{.command_id = command.command_id,
                         .delivered = came == Came::through,
                         .status = result->status,
                         .tries = command.tries,
                         .error = came == Came::through ? "" : error_of(result)};
}

// Give or take a quarter, so that lines that failed together do not come back together.
milliseconds WebhookCore::pause_after(std::uint32_t failures, const std::string& order_key) const {
  const std::uint64_t doubled = std::uint64_t{config_.retry_ms_min} << std::min(failures - 1, 20U);
  const std::uint64_t pause = std::min<std::uint64_t>(doubled, config_.retry_ms_max);
  const std::uint64_t spread = std::hash<std::string>{}(order_key + std::to_string(failures)) % 500;
  return milliseconds(pause * (750 + spread) / 1'000);
}

WebhookCounts WebhookCore::counts() const {
  std::lock_guard lock(mutex_);
  WebhookCounts counts = counts_;
  counts.order_keys = lines_.size();
  counts.receiver_is_down = is_down();
  return counts;
}

void WebhookCore::set_keys(std::vector<WebhookKey> keys) {
  std::lock_guard lock(mutex_);
  if (!keys.empty()) {
    config_.keys = std::move(keys);
  }
}

void WebhookCore::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
  client_.reset();  // open calls end here, while all else is still there
}

Webhook::Webhook(std::unique_ptr<WebhookCore> core) : core_(std::move(core)) {}
Webhook::Webhook(Webhook&&) noexcept = default;
Webhook::~Webhook() = default;
Webhook& Webhook::operator=(Webhook&&) noexcept = default;

std::expected<Webhook, std::string> Webhook::start(
    WebhookConfig config, std::function<void(const WebhookDelivery&)> ended) {
  for (const std::string* url : {&config.url, &config.heads_url}) {
    if (!url->empty() && !is_http_url(*url)) {
      return std::unexpected("'" + *url + "' is no URL of http or https");
    }
  }
  if (config.url.empty() && config.heads_url.empty()) {
    return std::unexpected("a webhook needs a URL");
  }
  if (config.keys.empty() || !config.clock || config.parallel_max == 0) {
    return std::unexpected("a webhook needs a key, a clock and at least one delivery at a time");
  }
  for (const WebhookKey& key : config.keys) {
    if (key.secret.size() < webhook_secret_bytes_min) {
      return std::unexpected("the secret of key " + key.key_id + " has less than 32 bytes");
    }
  }
  HttpClientConfig client_config;
  client_config.authorities_file = config.authorities_file;
  client_config.connections_kept_max = config.parallel_max;
  client_config.reply_bytes_max = 1 << 20;
  auto client = HttpClient::start(std::move(client_config));
  if (!client) {
    return std::unexpected(client.error());
  }
  return Webhook(
      std::make_unique<WebhookCore>(std::move(config), std::move(ended), std::move(*client)));
}

bool Webhook::send(std::string command_id, std::string_view order_key, std::string json) {
  return core_->sends_commands() &&
         core_->send(order_key, {.command_id = std::move(command_id), .json = std::move(json)});
}

bool Webhook::publish(std::string head_json) {
  return core_->sends_heads() &&
         core_->send(heads_line, {.command_id = {}, .json = std::move(head_json), .is_head = true});
}

WebhookCounts Webhook::counts() const { return core_->counts(); }
void Webhook::set_keys(std::vector<WebhookKey> keys) { core_->set_keys(std::move(keys)); }
void Webhook::stop() { core_->stop(); }

}  // namespace marktwacht
