// A data directory whose service is stopped: what commands read from its journal and add to it.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "measures/users.h"

namespace CLI {
class App;
}

namespace marktwacht {

// Makes it, and its folder of keys, for nobody else to read, where it is not there.
std::expected<void, std::string> make_data_dir(const std::string& data_dir);

// The option `--data` of a command that acts on it; what is no directory is wrong usage.
// `may_make`: it need not be there yet.
void add_data_option(CLI::App& command, std::string& data_dir, bool may_make);

// DIR/keys/KIND.key.
std::string key_path(const std::string& data_dir, std::string_view kind);

// Appends a `config` event at the journal's last time; it is durable when this returns. An error
// when a service has the journal.
std::expected<void, std::string> record_config(const std::string& data_dir, std::string_view name,
                                               std::string_view text);
// Ends the journal's last segment, so that the next one may be signed with another key. Where there
// is no journal, nothing.
std::expected<void, std::string> end_segment(const std::string& data_dir);

// An error where a service, or another command, has the data directory just now: it says who to ask
// instead. Nothing is wrong where there is none yet.
std::expected<void, std::string> is_stopped(const std::string& data_dir, std::string_view instead);

// DIR/keys/deployment.key, else MARKTWACHT_DEPLOYMENT_KEY; empty: there is neither.
std::expected<std::string, std::string> deployment_key_of(const std::string& data_dir);

struct RecordedUser {
  std::string user_id;
  UserRole role{};
  bool disabled = false;
};
std::expected<void, std::string> record_user(const std::string& data_dir, const RecordedUser& user);
// As the journal's last records and what was decided have them, by name. None where there is no
// journal yet.
std::expected<std::vector<RecordedUser>, std::string> recorded_users(const std::string& data_dir);

}  // namespace marktwacht
