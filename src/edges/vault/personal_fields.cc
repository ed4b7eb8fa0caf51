// The table of personal fields, and the list of those that are not.
#include "edges/vault/personal_fields.h"

#include <algorithm>
#include <array>

namespace marktwacht {
namespace {

struct PersonalField {
  EventType type;
  std::string_view field;
  PersonalKind kind;
};

constexpr PersonalField personal_fields[] = {
    {EventType::account, "person_id", PersonalKind::person},
    {EventType::address_label, "address", PersonalKind::address},
    {EventType::login, "ip", PersonalKind::ip},
    {EventType::login, "device_id", PersonalKind::device},
    {EventType::login, "user_agent", PersonalKind::user_agent},
    {EventType::deposit, "source_address", PersonalKind::address},
    {EventType::withdrawal, "destination", PersonalKind::address},
    {EventType::order, "ip", PersonalKind::ip},
    {EventType::cancel, "ip", PersonalKind::ip},
    {EventType::book_order, "ip", PersonalKind::ip},
    {EventType::post, "author", PersonalKind::author},
    {EventType::post, "text", PersonalKind::text},
    {EventType::report, "text", PersonalKind::text},
    {EventType::appeal, "text", PersonalKind::text},
    {EventType::decision, "text", PersonalKind::text},
};

// Free text and JSON that say nothing of traders, or not in their own words: of the exchange, of
// rulebooks and policies, of the engine's own records. Decisions' reasons are part of the audit.
// In `target` and `measure` places are replaced: see PrivacyTokens.
constexpr struct {
  EventType type;
  std::string_view field;
} harmless_texts[] = {
    {EventType::announcement, "text"}, {EventType::command_result, "detail"},
    {EventType::decision, "reason"},   {EventType::decision, "token"},
    {EventType::decision, "target"},   {EventType::decision, "measure"},
    {EventType::alert, "body"},        {EventType::proposal, "measure"},
    {EventType::config, "text"},
};

// Names of ids that stand for things, or for somebody by the exchange's own pseudonym.
constexpr std::string_view harmless_ids[] = {
    "account_id",
    "account_ids",
    "alert_id",
    "alert_ids",
    "api_key_id",
    "asset",
    "assignee_id",
    "base",
    "buyer_id",
    "case_id",
    "case_ids",
    "change_id",
    "channel",
    "clause",
    "command_id",
    "copied_from",
    "country",
    "currency",
    "desk_id",
    "from_account_id",
    "group_id",
    "instrument_id",
    "instrument_ids",
    "ip_asn",
    "ip_country",
    "key",
    "kind",
    "maker_fee_asset",
    "maker_order_id",
    "master_id",
    "measure_id",
    "name",
    "new_order_id",
    "order_id",
    "outcome",
    "post_id",
    "preview_hash",
    "program_id",
    "proposal_id",
    "quote",
    "ref",
    "referrer_id",
    "refutes_post_id",
    "repost_of",
    "rule",
    "seller_id",
    "settle_asset",
    "source_account_id",
    "state",
    "step",
    "taker_fee_asset",
    "taker_order_id",
    "to_account_id",
    "trade_id",
    "tx_id",
    "underlying",
    "user_id",
    "wallet",
    "withdrawal_id",
};

bool is_text(FieldKind kind) { return kind == FieldKind::free_text || kind == FieldKind::json; }
bool is_id(FieldKind kind) { return kind == FieldKind::id || kind == FieldKind::ids; }

}  // namespace

std::optional<PersonalKind> personal_kind(EventType type, std::string_view field) {
  const auto found = std::ranges::find_if(personal_fields, [&](const PersonalField& each) {
    return each.type == type && each.field == field;
  });
  return found == std::end(personal_fields) ? std::nullopt : std::optional(found->kind);
}

bool has_personal_text(EventType type) {
  static const auto types = [] {
    std::array<bool, event_types_end> all{};
    for (const PersonalField& each : personal_fields) {
      all[static_cast<std::size_t>(each.type)] |= each.kind == PersonalKind::text;
    }
    return all;
  }();
  return types[static_cast<std::size_t>(type)];
}

bool is_classified(EventType type, const FieldInfo& field) {
  if (personal_kind(type, field.name)) {
    return true;
  }
  if (is_text(field.kind)) {
    return std::ranges::any_of(harmless_texts, [&](const auto& each) {
      return each.type == type && each.field == field.name;
    });
  }
  return !is_id(field.kind) ||
         std::ranges::find(harmless_ids, field.name) != std::end(harmless_ids);
}

namespace {

bool is_common(std::string_view name) {
  constexpr std::string_view common[] = {"type", "ts", "source", "source_seq"};
  return std::ranges::find(common, name) != std::end(common);
}

// Calls `take` with each field of that name.
template <class Take>
void each_field(std::string_view name, Take take) {
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (const FieldInfo& field : info.fields) {
      if (field.name == name) {
        take(info.type, field);
      }
    }
  }
}

}  // namespace

bool is_member_name(std::string_view name) {
  bool known = is_common(name);
  each_field(name, [&](EventType, const FieldInfo&) { known = true; });
  return known;
}

Shown shown_when_refused(std::string_view member) {
  bool known = is_common(member), personal = false, texts = false, words = false;
  each_field(member, [&](EventType type, const FieldInfo& field) {
    known = true;
    personal = personal || personal_kind(type, member).has_value();
    texts = texts || is_text(field.kind);
    words = words || field.kind == FieldKind::word;
  });
  return !known || personal ? Shown::no : !texts ? Shown::yes : words ? Shown::word : Shown::no;
}

}  // namespace marktwacht
