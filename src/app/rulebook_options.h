// Which rules a command runs with: --rulebook and --set.
#pragma once

#include <expected>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace marktwacht {

// The rulebooks as texts, ready for `config` events.
struct Rulebooks {
  std::vector<std::string> texts;
  // Asked for by name: a journal's own rulebooks are then passed over. Else they take the place of
  // these.
  bool given = false;
};

struct RulebookOptions {
  std::vector<std::string> rulebooks;  // files, or names of shipped ones
  std::vector<std::string> set;        // RULE.PARAM=V

  void add_to(CLI::App& command);
  // All errors at once.
  std::expected<Rulebooks, std::string> load() const;
};

// A shipped rulebook, or a detector.
bool is_rulebook_name(const std::string& name);
// A shipped rulebook or a detector by name, else the file's text.
std::expected<std::string, std::string> read_rulebook(const std::string& name);

}  // namespace marktwacht
