// Personal data of events, replaced by tokens before anything else sees it. docs/privacy.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "edges/vault/personal_fields.h"
#include "events/event.h"

namespace marktwacht {

// What the vault keeps: what a token stands for, and whose it is.
struct PersonalValue {
  PersonalKind kind{};
  std::string subject;  // see below; what is erased together
  std::string token;    // what stands in the journal; of a text "c." and its commitment
  std::string plain;
  std::string salt;  // of a text
};

// Whose data it is. A note's is its case's; of what is nobody's account, its own.
std::string account_subject(std::string_view account_id);
std::string case_subject(std::string_view case_id);

// One thread at a time.
class PrivacyTokens {
 public:
  // The same key as the exchange gives mw_gate_open. Not empty.
  explicit PrivacyTokens(std::string deployment_key);
  ~PrivacyTokens();
  PrivacyTokens(const PrivacyTokens&) = delete;
  PrivacyTokens& operator=(const PrivacyTokens&) = delete;

  // Good until the next call.
  std::string_view token(std::string_view plain);

  // The event to journal: itself where nothing in it is personal, else a copy in `arena`. What was
  // replaced is added to `kept`: keep it in the vault, durably, before the journal is. To be called
  // once for each event that comes from outside: tokens would be replaced by tokens of tokens.
  //
  // Of a cancel's ip nothing is kept: whose it is, only the order's own event says.
  const Event* tokenize(const Event& event, Arena& arena, std::vector<PersonalValue>& kept);

 private:
  static constexpr std::size_t known_max = 1 << 16;

  void replace(Event& event, const FieldInfo& field, PersonalKind kind, Arena& arena,
               std::vector<PersonalValue>& kept);
  std::string replace_places(std::string_view json, const std::string& subject,
                             std::vector<PersonalValue>& kept);
  void write_place(std::string_view name, std::string_view value, const std::string& subject,
                   std::string& out, std::vector<PersonalValue>& kept);

  std::string key_;
  std::unordered_map<std::string, std::string> known_;  // plain -> token: most come again
};

// The text behind a commitment: to be checked when it is shown.
bool is_committed(const PersonalValue& text);

}  // namespace marktwacht
