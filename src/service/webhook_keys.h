// The keys by which commands to the exchange are signed, as files in DIR/keys, and how one takes
// the place of another while the service runs. docs/webhook.md.
#pragma once

#include <expected>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edges/webhook/signing.h"

namespace marktwacht {

// Any thread; calls wait for the disk.
class WebhookKeys {
 public:
  enum class State : std::uint8_t { signs, previous, next };
  struct Known {
    std::string key_id;
    State state{};
    std::string file;  // empty: the environment has it
  };
  // Is given the keys whenever another one is put in force; the last one signs.
  using Use = std::function<void(std::vector<WebhookKey>)>;

  // `name`: what the present key is called, whatever it is; empty: each by its own key_id, the
  // first 16 hexadecimal digits of its SHA-256.
  WebhookKeys(std::string data_dir, std::string name)
      : data_dir_(std::move(data_dir)), name_(std::move(name)) {}
  void on_change(Use use) { use_ = std::move(use); }

  // The one before, where its file is still there, and behind it the one that signs: webhook.key,
  // else MARKTWACHT_WEBHOOK_KEY.
  std::expected<std::vector<WebhookKey>, std::string> load() const;
  std::expected<std::vector<Known>, std::string> list() const;
  // A new one in webhook.next.key, in place of one that was made and not used.
  std::expected<Known, std::string> make_next();
  // webhook.next.key signs from now on; what signed until now is kept as webhook.previous.key.
  // False: that is not the next one's id.
  std::expected<bool, std::string> put_in_force(std::string_view key_id);
  // A name of one's own would stay when the key changes.
  bool are_named() const { return !name_.empty(); }
  // As their files are now: for a service that reads its configuration anew.
  std::expected<void, std::string> read_anew();

 private:
  std::string file(std::string_view which) const;

  std::string data_dir_, name_;
  Use use_;
  mutable std::mutex mutex_;
};

}  // namespace marktwacht
