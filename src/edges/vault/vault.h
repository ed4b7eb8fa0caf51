// What tokens stand for, and texts: encrypted under a key for each subject, so that destroying the
// key destroys the data. DIR/vault.db. docs/privacy.md.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "edges/vault/privacy_tokens.h"

namespace marktwacht {

inline constexpr Duration vault_year{365 * day.ns};

struct VaultTerms {
  // How long after it was last seen; by kind.
  std::array<Duration, Words<PersonalKind>::list.size()> kept_max = [] {
    std::array<Duration, Words<PersonalKind>::list.size()> all;
    all.fill({5 * vault_year.ns});
    return all;
  }();
};

struct Revealed {
  PersonalKind kind{};
  std::string subject, plain;
  Time first_ts, last_ts;  // seen, the last to the day
};

struct LegalHold {
  std::string subject, reason;
  Time since_ts;
};

// Any thread; calls may wait for the disk and for each other.
class Vault {
 public:
  template <class T>
  using Result = std::expected<T, std::string>;

  // Made where there is none (mode 0600). An error with another deployment key.
  static Result<std::unique_ptr<Vault>> open(const std::string& data_dir,
                                             std::string_view deployment_key,
                                             const VaultTerms& terms = {});
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // Durable when this returns: call it before the events are journaled. What is there already costs
  // no write.
  Result<void> keep(std::span<const PersonalValue> values, Time now);

  // What a token, or what stands in place of a text, stands for; nothing where it was never kept,
  // is erased, or too old. That this may be asked, by whom and why, is the caller's to check
  // and to record. Of several subjects any; a text is checked against its commitment.
  Result<std::optional<Revealed>> reveal(std::string_view token);

  // `by_seq` of the three below: the record that asks for it; 0: none does. It is kept that it was
  // carried out, in the same transaction: see `is_carried_out`.

  // Destroys the subject's key, then its rows, and sees to it that the files have none of their
  // bytes left. True: there was something. An error under a legal hold; or when another process
  // reads the file just now: then it is erased, but to be called again.
  Result<bool> erase(std::string_view subject, std::uint64_t by_seq = 0);

  // Nothing of the subject is erased, nor dropped for its age, until it is lifted.
  Result<void> hold(std::string_view subject, std::string_view reason, Time now,
                    std::uint64_t by_seq = 0);
  Result<bool> lift_hold(std::string_view subject, std::uint64_t by_seq = 0);
  Result<std::vector<LegalHold>> holds();
  Result<bool> is_held(std::string_view subject);

  // Whether that record's wish is settled: a file from a backup does not know of later ones.
  Result<bool> is_carried_out(std::uint64_t by_seq);
  // It is settled without anything done: a hold forbade it.
  Result<void> leave_out(std::uint64_t by_seq);

  // Erases what is older than its kind is kept: call it once a day. Gives how many values.
  Result<std::uint64_t> drop_old(Time now);

 private:
  struct State;
  explicit Vault(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace marktwacht
