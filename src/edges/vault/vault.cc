// The file, its keys and its rows.
#include "edges/vault/vault.h"

#include "edges/vault/vault_state.h"
#include "events/commitment.h"

namespace marktwacht {

template <class T>
using Result = Vault::Result<T>;

namespace {

constexpr std::array<std::string_view, 2> schema_steps{
    "CREATE TABLE marks (name TEXT PRIMARY KEY, sealed BLOB NOT NULL);"
    "CREATE TABLE subjects (subject TEXT PRIMARY KEY, key BLOB NOT NULL);"
    "CREATE TABLE personal (token TEXT NOT NULL, subject TEXT NOT NULL, kind INTEGER NOT NULL, "
    "first_ts INTEGER NOT NULL, last_ts INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY (token, subject));"
    "CREATE INDEX personal_by_subject ON personal (subject);"
    "CREATE INDEX personal_by_age ON personal (kind, last_ts);"
    "CREATE TABLE holds (subject TEXT PRIMARY KEY, reason TEXT NOT NULL, "
    "since_ts INTEGER NOT NULL);",
    "CREATE TABLE carried_out (seq INTEGER PRIMARY KEY);"};
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

Result<void> Vault::State::note(std::uint64_t by_seq) {
  return by_seq == 0 ? Result<void>{}
                     : database.run_with("INSERT OR IGNORE INTO carried_out VALUES (?)", by_seq);
}

Result<bool> Vault::State::remove(std::string_view subject, std::uint64_t by_seq) {
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
  if (auto done = note(by_seq); !done) {
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

Result<bool> Vault::erase(std::string_view subject, std::uint64_t by_seq) {
  const std::lock_guard lock(state_->mutex);
  const auto held = state_->is_held(subject);
  if (!held || *held) {
    return std::unexpected(held ? "a legal hold forbids to erase " + std::string(subject)
                                : held.error());
  }
  const auto removed = state_->remove(subject, by_seq);
  if (!removed) {
    return removed;
  }
  auto done = state_->scrub();
  return done ? removed : std::unexpected(done.error());
}

}  // namespace marktwacht
