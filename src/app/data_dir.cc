// Reading a stopped service's journal for what is configured, and adding to it.
#include "app/data_dir.h"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>

#include "edges/journal/append_file.h"
#include "edges/journal/checkpoint.h"
#include "edges/journal/visit.h"
#include "edges/secrets/key_file.h"
#include "edges/sqlite/store_reader.h"
#include "engine/engine.h"
#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

bool has_journal(const std::string& data_dir) {
  std::error_code error;
  return std::filesystem::is_directory(data_dir + "/journal", error);
}

// Hands each event on, and its seq.
Done read_journal(const std::string& data_dir,
                  const std::function<void(const Event&, std::uint64_t)>& take) {
  if (!has_journal(data_dir)) {
    return {};
  }
  auto read = visit_journal(data_dir + "/journal", 0, [&](const Event& event, std::uint64_t seq) {
    take(event, seq);
    return true;
  });
  return read ? read
              : Done(std::unexpected(data_dir + "/journal: " + read.error() +
                                     "; `marktwacht verify` says more"));
}

std::expected<JournalWriter, std::string> open_writer(const std::string& data_dir) {
  JournalOptions options{.whole_batches = true};
  const std::string key = key_path(data_dir, "signing");
  if (std::filesystem::exists(key)) {
    auto loaded = SigningKey::load(key);
    if (!loaded) {
      return std::unexpected(loaded.error());
    }
    options.key = *loaded;
  }
  return JournalWriter::open(data_dir + "/journal", options);
}

Done make_private(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(path + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace

void add_data_option(CLI::App& command, std::string& data_dir, bool may_make) {
  CLI::Option* option =
      command.add_option("--data", data_dir, "the data directory; its service must be stopped")
          ->required();
  if (may_make) {
    option->check(CLI::NonexistentPath | CLI::ExistingDirectory);
  } else {
    option->check(CLI::ExistingDirectory);
  }
}

std::string key_path(const std::string& data_dir, std::string_view kind) {
  return data_dir + "/keys/" + std::string(kind) + ".key";
}

Done make_data_dir(const std::string& data_dir) {
  auto made = make_private(data_dir);
  return made ? make_private(data_dir + "/keys") : made;
}

Done record_config(const std::string& data_dir, std::string_view name, std::string_view text) {
  auto writer = open_writer(data_dir);  // whoever has it keeps others out
  if (!writer) {
    return std::unexpected(writer.error());
  }
  Time last{};
  auto read = read_journal(
      data_dir, [&](const Event& event, std::uint64_t) { last = std::max(last, event.ts); });
  if (!read) {
    return read;
  }
  auto done = writer->append(config_event(name, text, last));
  done = done ? writer->mark_batch({.at = last}) : done;
  return done ? writer->sync() : done;
}

Done end_segment(const std::string& data_dir) {
  if (!has_journal(data_dir)) {
    return {};
  }
  auto writer = open_writer(data_dir);
  return writer ? writer->close() : Done(std::unexpected(writer.error()));
}

Done is_stopped(const std::string& data_dir, std::string_view instead) {
  if (!has_journal(data_dir)) {
    return {};
  }
  auto folder = SegmentFolder::open(data_dir + "/journal");
  const auto locked = folder ? folder->lock() : Done(std::unexpected(folder.error()));
  return locked ? locked
                : Done(std::unexpected(locked.error() + ": a service runs here? " +
                                       std::string(instead)));
}

std::expected<std::string, std::string> deployment_key_of(const std::string& data_dir) {
  constexpr const char* variable = "MARKTWACHT_DEPLOYMENT_KEY";
  std::error_code error;
  const std::string path = key_path(data_dir, "deployment");
  if (std::filesystem::exists(path, error)) {
    return load_key(path, variable);
  }
  return std::getenv(variable) != nullptr ? load_key("", variable) : "";
}

Done record_user(const std::string& data_dir, const RecordedUser& user) {
  std::string text;
  ObjectWriter object(text);
  object.text("user_id", user.user_id);
  object.text("role", word_of(user.role));
  object.boolean("disabled", user.disabled);
  object.end();
  return record_config(data_dir, user_config, text);
}

// Who was recorded before the first record that the journal still has.
static Done users_at_first(const std::string& data_dir,
                           std::map<std::string, RecordedUser>& users) {
  const auto state = first_state(data_dir + "/journal");
  if (!state || !*state) {
    return state ? Done{} : Done(std::unexpected(state.error()));
  }
  const auto engine = Engine::restored((*state)->engine);
  if (!engine) {
    return std::unexpected(engine.error());
  }
  for (const auto& [user_id, user] : (*engine)->enforcement().users().all()) {
    users[user_id] = {user_id, user.role, user.disabled};
  }
  return {};
}

// What a record or a decision says of one: user_id, role, disabled.
static std::optional<RecordedUser> user_in(std::string_view json) {
  const auto object = JsonMembers::of(json);
  const std::string role = object ? object->text("role").value_or("") : "";
  const auto found = std::ranges::find(Words<UserRole>::list, role);
  if (found == Words<UserRole>::list.end()) {
    return std::nullopt;
  }
  return RecordedUser{object->text("user_id").value_or(""),
                      static_cast<UserRole>(found - Words<UserRole>::list.begin()),
                      object->flag("disabled").value_or(false)};
}

// Each decision of a kind that was accepted, the oldest first.
template <class Take>
static Done each_accepted(StoreReader& store, const char* kind, Take&& take) {
  const auto all = all_pages("seq", [&](const ListPart& part) {
    return store.decisions({.kind = kind, .result = "accepted", .part = part});
  });
  if (!all) {
    return std::unexpected(all.error().message);
  }
  for (const DecisionItem& item : all->items) {
    const auto event = JsonMembers::of(item.event);
    const auto outcome = JsonMembers::of(item.outcome);
    if (event && outcome) {
      take(item.seq, *event, *outcome);
    }
  }
  return {};
}

using UsersBySeq = std::map<std::uint64_t, RecordedUser>;

// Whom administrators changed while the service ran. What became of a decision is not in the
// journal but in the store, which a stop leaves complete.
static Done users_decided(const std::string& data_dir, UsersBySeq& said) {
  const std::string path = data_dir + "/store.db";
  if (std::error_code error; !std::filesystem::exists(path, error)) {
    return {};
  }
  auto store = StoreReader::open(path);
  if (!store) {
    return std::unexpected(store.error());
  }
  std::map<std::string, std::uint64_t> approved;  // change_id, and since when
  auto done = each_accepted(*store, "approve_change",
                            [&](std::uint64_t seq, const JsonMembers& event, const JsonMembers&) {
                              approved[event.text("change_id").value_or("")] = seq;
                            });
  if (!done) {
    return done;
  }
  return each_accepted(
      *store, "change_user",
      [&](std::uint64_t seq, const JsonMembers& event, const JsonMembers& outcome) {
        const auto waited = outcome.text("change_id");  // without it: in force at once
        const auto found = waited ? approved.find(*waited) : approved.end();
        const auto user = user_in(event.text("text").value_or(""));
        if (user && (!waited || found != approved.end())) {
          said[waited ? found->second : seq] = *user;
        }
      });
}

std::expected<std::vector<RecordedUser>, std::string> recorded_users(const std::string& data_dir) {
  if (!has_journal(data_dir)) {
    return std::vector<RecordedUser>{};
  }
  std::map<std::string, RecordedUser> users;
  UsersBySeq said;
  std::uint64_t first_seq = 0;
  auto done = users_at_first(data_dir, users);
  done = done ? users_decided(data_dir, said) : done;
  done = done ? read_journal(data_dir,
                             [&](const Event& event, std::uint64_t seq) {
                               first_seq = first_seq == 0 ? seq : first_seq;
                               const auto user = is_config(event, user_config)
                                                     ? user_in(as<event::Config>(event).text.view())
                                                     : std::nullopt;
                               if (user) {
                                 said[seq] = *user;
                               }
                             })
              : done;
  if (!done) {
    return std::unexpected(done.error());
  }
  for (auto at = said.lower_bound(first_seq); at != said.end(); ++at) {
    users[at->second.user_id] = at->second;
  }
  std::vector<RecordedUser> all;
  for (auto& [id, user] : users) {
    all.push_back(std::move(user));
  }
  return all;
}

}  // namespace marktwacht
