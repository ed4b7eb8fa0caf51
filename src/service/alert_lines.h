// Alert lines as they are shown: the store keeps them without their sentences.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "rules/rule.h"

namespace marktwacht {

// The rulebooks that ever were in force, in DIR/rulebooks, a file for each by its hash: so that an
// alert of last year still speaks in its words. Any thread.
class AlertLines {
 public:
  explicit AlertLines(const std::string& data_dir) : folder_(data_dir + "/rulebooks") {}

  // It came into force. An error says why it could not be kept.
  std::expected<void, std::string> keep(const std::string& rulebook);
  // The line as cli.md has it, with its sentences. What is no alert line is given back as it is.
  std::string shown(std::string_view line);
  std::optional<Alert> alert(std::string_view line);
  // The text of a rulebook as cited, "id@hash"; empty where it is not to be had.
  std::string rulebook(const std::string& cited) const;

 private:
  const Rulebook* find(const std::string& cited);

  std::string folder_;
  std::mutex mutex_;
  std::map<std::string, std::optional<Rulebook>> books_;  // as cited; nothing: not to be had
};

}  // namespace marktwacht
