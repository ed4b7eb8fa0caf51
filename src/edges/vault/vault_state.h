// What the vault is made of. Private to this folder.
#pragma once

#include <mutex>
#include <unordered_map>

#include "edges/secrets/sealed.h"
#include "edges/sqlite/database.h"
#include "edges/vault/vault.h"

namespace marktwacht {

struct Vault::State {
  State(Database opened, SealKey key, const VaultTerms& given)
      : database(std::move(opened)), master(key), terms(given) {}

  Result<void> check_master();
  Result<std::optional<SealKey>> find_key(std::string_view subject);
  Result<SealKey> key_of(std::string_view subject);
  Result<void> write(const PersonalValue& value, Time now);
  Result<bool> is_held(std::string_view subject);
  Result<bool> remove(std::string_view subject, std::uint64_t by_seq);
  // `sql` about a subject, and that it was carried out, as one. Whether it changed anything.
  template <class... Values>
  Result<bool> change(std::uint64_t by_seq, std::string_view sql, const Values&... values);
  Result<void> note(std::uint64_t by_seq);
  Result<void> scrub();

  Database database;
  SealKey master;
  VaultTerms terms;
  std::mutex mutex;

  // Subject and token -> the day it was last noted. A feed says the same again and again.
  static constexpr std::size_t noted_max = 1 << 18;
  std::unordered_map<std::string, std::int64_t> noted;
};

template <class... Values>
Vault::Result<bool> Vault::State::change(std::uint64_t by_seq, std::string_view sql,
                                         const Values&... values) {
  auto change = Transaction::begin(database);
  if (!change) {
    return std::unexpected(change.error());
  }
  if (auto done = database.run_with(sql, values...); !done) {
    return std::unexpected(done.error());
  }
  const bool any = database.changes() > 0;
  if (auto done = note(by_seq); !done) {
    return std::unexpected(done.error());
  }
  auto done = change->commit();
  return done ? Vault::Result<bool>(any) : std::unexpected(done.error());
}

}  // namespace marktwacht
