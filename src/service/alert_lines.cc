// Files are named by the hash that alerts cite.
#include "service/alert_lines.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/alert_words.h"
#include "edges/texts/texts.h"

namespace marktwacht {

namespace fs = std::filesystem;

std::expected<void, std::string> AlertLines::keep(const std::string& rulebook) {
  const auto book = load_rulebook(rulebook);
  if (!book) {
    return {};  // not ours to judge: the engine has
  }
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string path = folder_ + "/" + book->hash + ".toml";
  if (fs::exists(path, error)) {
    return {};
  }
  {
    std::ofstream file(path + ".part", std::ios::binary | std::ios::trunc);
    file << rulebook;
    file.flush();
    if (!file) {
      return std::unexpected(path + ": cannot be written");
    }
  }
  fs::rename(path + ".part", path, error);
  if (error) {
    return std::unexpected(path + ": " + error.message());
  }
  const std::lock_guard lock(mutex_);
  books_.erase(book->cited());
  return {};
}

std::string AlertLines::rulebook(const std::string& cited) const {
  const std::string hash = cited.substr(cited.find('@') + 1);
  if (hash.find_first_not_of("0123456789abcdef") != hash.npos) {
    return "";
  }
  std::ifstream file(folder_ + "/" + hash + ".toml", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The mutex is held.
const Rulebook* AlertLines::find(const std::string& cited) {
  const auto [at, fresh] = books_.try_emplace(cited);
  if (fresh) {
    if (auto book = load_rulebook(rulebook(cited)); book && book->cited() == cited) {
      at->second = *std::move(book);
    }
  }
  return at->second ? &*at->second : nullptr;
}

std::optional<Alert> AlertLines::alert(std::string_view line) {
  auto alert = read_alert(line);
  if (!alert) {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  add_words(*alert, find(alert->source->rulebook));
  return *std::move(alert);
}

std::string AlertLines::shown(std::string_view line) {
  const auto found = alert(line);
  if (!found) {
    return std::string(line);
  }
  const AlertText text = render_text(*found);
  std::string shown;
  write_alert(*found, &text, shown);
  return shown;
}

}  // namespace marktwacht
