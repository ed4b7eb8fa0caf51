// The file, its keys and its rows.
#include "edges/vault/vault.h"

#include <mutex>
#include <unordered_map>

#include "edges/secrets/sealed.h"
#include "edges/sqlite/database.h"
#include "events/commitment.h"

namespace marktwacht {
namespace {

template <class T>
using Result = Vault::Result<T>;

constexpr std::array<std::string_view, 1> schema_steps{
    "CREATE TABLE marks (name TEXT PRIMARY KEY, sealed BLOB NOT NULL);"
    "CREATE TABLE subjects (subject TEXT PRIMARY KEY, key BLOB NOT NULL);"
    "CREATE TABLE personal (token TEXT NOT NULL, subject TEXT NOT NULL, kind INTEGER NOT NULL, "
    "first_ts INTEGER NOT NULL, last_ts INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY (token, subject));"
    "CREATE INDEX personal_by_subject ON personal (subject);"
    "CREATE INDEX personal_by_age ON personal (kind, last_ts);"
    "CREATE TABLE holds (subject TEXT PRIMARY KEY, reason TEXT NOT NULL, "
    "since_ts INTEGER NOT NULL);"};
constexpr DatabaseSchema schema{0x6D777661, schema_steps};  // "mwva"

// Where a row belongs: its bytes open nowhere else.
std::string place_of(std::string_view subject, std::string_view token) {
  return "personal\n" + std::string(token) + "\n" + std::string(subject);
}
std::string key_place(std::string_view subject) { return "subject\n" + std::string(subject); }

// A text's salt goes with it.
std::string packed(const PersonalValue& value) {
  return static_cast<char>(value.salt.size()) + value.salt + value.plain;
}

}  // namespace

struct Vault::State {
  State(Database opened, SealKey key, const VaultTerms& given)
      : database(std::move(opened)), master(key), terms(given) {}

  Result<void> check_master();
  Result<std::optional<SealKey>> find_key(std::string_view subject);
  Result<SealKey> key_of(std::string_view subject);
  Result<void> write(const PersonalValue& value, Time now);
  Result<bool> is_held(std::string_view subject);
  Result<bool> remove(std::string_view subject);
  Result<void> scrub();

  Database database;
  SealKey master;
  VaultTerms terms;
  std::mutex mutex;

  // Subject and token -> the day it was last noted. A feed says the same again and again.
  static constexpr std::size_t noted_max = 1 << 18;
  std::unordered_map<std::string, std::int64_t> noted;
};

Result<void> Vault::State::check_master() {
  auto found = database.prepare("SELECT sealed FROM marks WHERE name = 'key'");
  if (!found) {
    return std::unexpected(found.error());
  }
  const auto row = found->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (*row) {
    if (unseal(master, found->blob(0), "mark") != "marktwacht vault 1") {
      return std::unexpected("vault.db was written with another deployment key");
    }
    return {};
  }
  auto insert = database.prepare("INSERT INTO marks VALUES ('key', ?)");
  if (!insert) {
    return std::unexpected(insert.error());
  }
  insert->bind_blob(0, seal(master, "marktwacht vault 1", "mark"));
  const auto done = insert->step();
  return done ? Result<void>{} : std::unexpected(done.error());
}

Result<std::optional<SealKey>> Vault::State::find_key(std::string_view subject) {
  auto found = database.prepare("SELECT key FROM subjects WHERE subject = ?");
  if (!found) {
    return std::unexpected(found.error());
  }
  found->query(subject);
  const auto row = found->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return std::nullopt;
  }
  auto bytes = unseal(master, found->blob(0), key_place(subject));
  auto key = bytes ? SealKey::from(*bytes) : std::nullopt;
  if (!key) {
    return std::unexpected("vault.db: the key of a subject is damaged");
  }
  return key;
}

Result<SealKey> Vault::State::key_of(std::string_view subject) {
  const auto known = find_key(subject);
  if (!known) {
    return std::unexpected(known.error());
  }
  if (*known) {
    return **known;
  }
  const SealKey key = SealKey::random();
  auto insert = database.prepare("INSERT INTO subjects VALUES (?, ?)");
  if (!insert) {
    return std::unexpected(insert.error());
  }
  insert->bind(0, subject);
  insert->bind_blob(1, seal(master, key.bytes(), key_place(subject)));
  const auto done = insert->step();
  return done ? Result<SealKey>(key) : std::unexpected(done.error());
}

Result<void> Vault::State::write(const PersonalValue& value, Time now) {
  if (auto seen = database.run_with(
          "UPDATE personal SET last_ts = max(last_ts, ?) WHERE token = ? AND subject = ?", now.ns,
          value.token, value.subject);
      !seen || database.changes() > 0) {
    return seen;
  }
  const auto key = key_of(value.subject);
  auto insert = database.prepare("INSERT INTO personal VALUES (?, ?, ?, ?, ?, ?)");
  if (!key || !insert) {
    return std::unexpected(key ? insert.error() : key.error());
  }
  insert->bind(0, value.token);
  insert->bind(1, value.subject);
  insert->bind(2, static_cast<int>(value.kind));
  insert->bind(3, now.ns);
  insert->bind(4, now.ns);
  insert->bind_blob(5, seal(*key, packed(value), place_of(value.subject, value.token)));
  const auto done = insert->step();
  return done ? Result<void>{} : std::unexpected(done.error());
}

Result<bool> Vault::State::is_held(std::string_view subject) {
  auto found = database.prepare("SELECT 1 FROM holds WHERE subject = ?");
  if (!found) {
    return std::unexpected(found.error());
  }
  found->query(subject);
  return found->step();
}

Result<bool> Vault::State::remove(std::string_view subject) {
  auto change = Transaction::begin(database);
  if (!change) {
    return std::unexpected(change.error());
  }
  if (auto done = database.run_with("DELETE FROM subjects WHERE subject = ?", subject); !done) {
    return std::unexpected(done.error());
  }
  const bool any = database.changes() > 0;
  if (auto done = database.run_with("DELETE FROM personal WHERE subject = ?", subject); !done) {
    return std::unexpected(done.error());
  }
  auto done = change->commit();
  return done ? Result<bool>(any) : std::unexpected(done.error());
}

// What was deleted is overwritten in the file (secure_delete); the log still has the pages as they
// were.
Result<void> Vault::State::scrub() {
  noted.clear();
  auto emptied = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!emptied) {
    return std::unexpected(emptied.error());
  }
  const auto row = emptied->step();
  if (!row || !*row) {
    return std::unexpected(row ? "the log cannot be emptied" : row.error());
  }
  if (emptied->integer(0) != 0) {
    return std::unexpected(
        "vault.db is being read: it is erased, but its log could not be emptied yet; try again");
  }
  return {};
}

Vault::Vault(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(const std::string& data_dir,
                                           std::string_view deployment_key,
                                           const VaultTerms& terms) {
  auto database = Database::open(data_dir + "/vault.db");
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->run("PRAGMA secure_delete=ON"); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = database->migrate(schema); !done) {
    return std::unexpected(done.error());
  }
  auto state = std::make_unique<State>(*std::move(database),
                                       SealKey::of(deployment_key, "marktwacht vault 1"), terms);
  if (auto right = state->check_master(); !right) {
    return std::unexpected(data_dir + "/" + right.error());
  }
  return std::unique_ptr<Vault>(new Vault(std::move(state)));
}

Result<void> Vault::keep(std::span<const PersonalValue> values, Time now) {
  const std::lock_guard lock(state_->mutex);
  const std::int64_t today = now.ns / day.ns;
  std::vector<std::pair<std::string, const PersonalValue*>> news;
  for (const PersonalValue& value : values) {
    std::string place = place_of(value.subject, value.token);
    const auto noted = state_->noted.find(place);
    if (noted == state_->noted.end() || noted->second < today) {
      news.emplace_back(std::move(place), &value);
    }
  }
  if (news.empty()) {
    return {};
  }
  auto change = Transaction::begin(state_->database);
  if (!change) {
    return std::unexpected(change.error());
  }
  for (const auto& each : news) {
    if (auto written = state_->write(*each.second, now); !written) {
      return written;
    }
  }
  if (auto done = change->commit(); !done) {
    return done;
  }
  if (state_->noted.size() + news.size() > State::noted_max) {
    state_->noted.clear();
  }
  for (auto& [place, value] : news) {
    if (value->kind != PersonalKind::text) {  // a text's token never comes again
      state_->noted[std::move(place)] = today;
    }
  }
  return {};
}

Result<std::optional<Revealed>> Vault::reveal(std::string_view token) {
  const auto commitment = read_commitment(token);
  const std::string_view asked = commitment ? commitment->digest : token;
  const std::lock_guard lock(state_->mutex);
  auto found = state_->database.prepare(
      "SELECT subject, kind, first_ts, last_ts, sealed FROM personal WHERE token = ? "
      "ORDER BY last_ts DESC LIMIT 1");
  if (!found) {
    return std::unexpected(found.error());
  }
  found->query(asked);
  const auto row = found->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return std::nullopt;
  }
  Revealed shown{static_cast<PersonalKind>(found->integer(1)), std::string(found->text(0)), "",
                 Time{found->integer(2)}, Time{found->integer(3)}};
  const auto key = state_->find_key(shown.subject);
  if (!key) {
    return std::unexpected(key.error());
  }
  const auto opened =
      *key ? unseal(**key, found->blob(4), place_of(shown.subject, asked)) : std::nullopt;
  const std::size_t salt =
      opened && !opened->empty() ? static_cast<unsigned char>((*opened)[0]) : 0;
  if (!opened || opened->size() < 1 + salt) {
    return std::unexpected("vault.db: the row of " + std::string(asked) + " is damaged");
  }
  shown.plain = opened->substr(1 + salt);
  const PersonalValue value{shown.kind, "", std::string(asked), shown.plain,
                            opened->substr(1, salt)};
  if (shown.kind == PersonalKind::text && !is_committed(value)) {
    return std::unexpected("vault.db: the text of " + std::string(asked) +
                           " is not what was journaled");
  }
  return shown;
}

Result<bool> Vault::erase(std::string_view subject) {
  const std::lock_guard lock(state_->mutex);
  const auto held = state_->is_held(subject);
  if (!held || *held) {
    return std::unexpected(held ? "a legal hold forbids to erase " + std::string(subject)
                                : held.error());
  }
  const auto removed = state_->remove(subject);
  if (!removed) {
    return removed;
  }
  auto done = state_->scrub();
  return done ? removed : std::unexpected(done.error());
}

Result<void> Vault::hold(std::string_view subject, std::string_view reason, Time now) {
  const std::lock_guard lock(state_->mutex);
  return state_->database.run_with("INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", subject, reason,
                                   now.ns);
}

Result<bool> Vault::lift_hold(std::string_view subject) {
  const std::lock_guard lock(state_->mutex);
  auto done = state_->database.run_with("DELETE FROM holds WHERE subject = ?", subject);
  return done ? Result<bool>(state_->database.changes() > 0) : std::unexpected(done.error());
}

Result<std::vector<LegalHold>> Vault::holds() {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->database.prepare("SELECT subject, reason, since_ts FROM holds ORDER BY 1");
  if (!found) {
    return std::unexpected(found.error());
  }
  std::vector<LegalHold> all;
  for (;;) {
    const auto row = found->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      return all;
    }
    all.push_back(
        {std::string(found->text(0)), std::string(found->text(1)), Time{found->integer(2)}});
  }
}

Result<std::uint64_t> Vault::drop_old(Time now) {
  const std::lock_guard lock(state_->mutex);
  auto change = Transaction::begin(state_->database);
  if (!change) {
    return std::unexpected(change.error());
  }
  std::uint64_t dropped = 0;
  for (std::size_t kind = 0; kind < state_->terms.kept_max.size(); ++kind) {
    const std::int64_t before = now.ns - state_->terms.kept_max[kind].ns;
    if (auto done = state_->database.run_with(
            "DELETE FROM personal WHERE kind = ? AND last_ts < ? AND NOT EXISTS (SELECT 1 FROM "
            "holds WHERE holds.subject = personal.subject)",
            kind, before);
        !done) {
      return std::unexpected(done.error());
    }
    dropped += static_cast<std::uint64_t>(state_->database.changes());
  }
  if (auto done = state_->database.run(
          "DELETE FROM subjects WHERE NOT EXISTS (SELECT 1 FROM personal WHERE personal.subject = "
          "subjects.subject)");
      !done) {
    return std::unexpected(done.error());
  }
  if (auto done = change->commit(); !done) {
    return std::unexpected(done.error());
  }
  if (dropped > 0) {
    if (auto done = state_->scrub(); !done) {
      return std::unexpected(done.error());
    }
  }
  return dropped;
}

}  // namespace marktwacht
