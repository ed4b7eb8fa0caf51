// See webhook_keys.h. A name of a file is changed in one step: there is always a key that signs.
#include "service/webhook_keys.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "app/data_dir.h"
#include "base/sha256.h"
#include "edges/secrets/key_file.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

constexpr const char* variable = "MARKTWACHT_WEBHOOK_KEY";

std::string own_id(const std::string& secret) { return hex(sha256(secret)).substr(0, 16); }

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

std::string WebhookKeys::file(std::string_view which) const {
  return key_path(data_dir_, "webhook" + std::string(which));
}

std::expected<std::vector<WebhookKey>, std::string> WebhookKeys::load() const {
  const std::lock_guard lock(mutex_);
  std::vector<WebhookKey> keys;
  if (exists(file(".previous"))) {
    auto key = webhook_key_from_file("previous", file(".previous"));
    if (!key) {
      return std::unexpected(key.error());
    }
    key->key_id = own_id(key->secret);
    keys.push_back(*std::move(key));
  }
  auto key = exists(file("")) || std::getenv(variable) == nullptr
                 ? webhook_key_from_file("present", file(""))
                 : webhook_key_from_environment("present", variable);
  if (!key) {
    return std::unexpected(key.error());
  }
  key->key_id = name_.empty() ? own_id(key->secret) : name_;
  keys.push_back(*std::move(key));
  return keys;
}

std::expected<std::vector<WebhookKeys::Known>, std::string> WebhookKeys::list() const {
  const auto keys = load();
  if (!keys) {
    return std::unexpected(keys.error());
  }
  std::vector<Known> known;
  for (const WebhookKey& key : *keys) {
    const bool signs = &key == &keys->back();
    const std::string path = file(signs ? "" : ".previous");
    known.push_back({key.key_id, signs ? State::signs : State::previous, exists(path) ? path : ""});
  }
  const std::lock_guard lock(mutex_);
  if (exists(file(".next"))) {
    const auto key = webhook_key_from_file("next", file(".next"));
    if (!key) {
      return std::unexpected(key.error());
    }
    known.push_back({own_id(key->secret), State::next, file(".next")});
  }
  return known;
}

std::expected<WebhookKeys::Known, std::string> WebhookKeys::make_next() {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  fs::remove(file(".next"), error);
  auto key = make_key_file(file(".next"));
  if (!key) {
    return std::unexpected(key.error());
  }
  Known made{own_id(*key), State::next, file(".next")};
  wipe(*key);
  return made;
}

std::expected<bool, std::string> WebhookKeys::put_in_force(std::string_view key_id) {
  {
    const std::lock_guard lock(mutex_);
    const auto next =
        exists(file(".next")) ? webhook_key_from_file("next", file(".next")) : std::unexpected("");
    if (!next || own_id(next->secret) != key_id) {
      return next || next.error().empty() ? std::expected<bool, std::string>(false)
                                          : std::unexpected(next.error());
    }
    std::error_code error;
    if (exists(file(""))) {
      fs::remove(file(".previous"), error);
      fs::create_hard_link(file(""), file(".previous"), error);
    }
    if (!error) {
      fs::rename(file(".next"), file(""), error);
    }
    if (error) {
      return std::unexpected(file("") + ": " + error.message());
    }
  }
  const auto used = read_anew();
  return used ? std::expected<bool, std::string>(true) : std::unexpected(used.error());
}

std::expected<void, std::string> WebhookKeys::read_anew() {
  auto keys = load();
  if (!keys) {
    return std::unexpected(keys.error());
  }
  if (use_) {
    use_(*std::move(keys));
  }
  return {};
}

}  // namespace marktwacht
