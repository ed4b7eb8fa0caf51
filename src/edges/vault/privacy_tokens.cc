// Walks the personal fields of an event, and the places in what people decide.
#include "edges/vault/privacy_tokens.h"

#include <algorithm>
#include <optional>

#include "algorithms/sim_hash.h"
#include "base/check.h"
#include "base/token.h"
#include "edges/secrets/random.h"
#include "events/commitment.h"
#include "events/json_members.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

// Field by number, for each type that has any.
struct Replaced {
  const FieldInfo* field;
  std::size_t number;
  PersonalKind kind;
};
using ReplacedFields = std::vector<Replaced>;

std::vector<ReplacedFields> find_replaced() {
  std::vector<ReplacedFields> all(event_types_end);
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (std::size_t at = 0; at < info.fields.size(); ++at) {
      if (const auto kind = personal_kind(info.type, info.fields[at].name)) {
        all[code].push_back({&info.fields[at], at, *kind});
      }
    }
  }
  return all;
}

const ReplacedFields& replaced_of(EventType type) {
  static const std::vector<ReplacedFields> all = find_replaced();
  return all[static_cast<std::size_t>(type)];
}

Event* copy_of(const Event& event, Arena& arena) {
  return visit(event, [&](const auto& typed) -> Event* {
    auto* const copy = arena.make<std::remove_cvref_t<decltype(typed)>>();
    *copy = typed;
    return copy;
  });
}

// Empty: nobody can be told.
std::string subject_of(const Event& event, std::string_view token) {
  std::string_view account;
  visit(event, [&](const auto& typed) {
    if constexpr (requires { typed.account_id; }) {
      account = typed.account_id.view();
    }
  });
  if (event.type == EventType::decision) {
    const auto& decision = as<event::Decision>(event);
    return decision.has_case_id() ? case_subject(decision.case_id.view())
                                  : "decision:" + std::string(token);
  }
  if (!account.empty()) {
    return account_subject(account);
  }
  return event.type == EventType::cancel ? "" : "token:" + std::string(token);
}

Digest digest_of(std::string_view salt, std::string_view text) {
  Sha256 hash;
  hash.add("marktwacht text 1\n");
  hash.add(salt);
  hash.add(text);
  return hash.finish();
}

constexpr std::size_t salt_bytes = 32;

bool is_note(const Event& event) {
  return event.type != EventType::decision || as<event::Decision>(event).kind == DecisionKind::note;
}

std::optional<PersonalKind> kind_of_place(std::string_view name) {
  return name == "ip"                               ? std::optional(PersonalKind::ip)
         : name == "device_id" || name == "devices" ? std::optional(PersonalKind::device)
         : name == "address"                        ? std::optional(PersonalKind::address)
                                                    : std::nullopt;
}

}  // namespace

std::string account_subject(std::string_view account_id) {
  return "account:" + std::string(account_id);
}
std::string case_subject(std::string_view case_id) { return "case:" + std::string(case_id); }

bool is_committed(const PersonalValue& text) {
  return commitment_text(digest_of(text.salt, text.plain)) == text.token;
}

PrivacyTokens::PrivacyTokens(std::string deployment_key) : key_(std::move(deployment_key)) {
  check(!key_.empty(), "tokens are made under a key");
}

PrivacyTokens::~PrivacyTokens() { wipe(key_); }

std::string_view PrivacyTokens::token(std::string_view plain) {
  if (known_.size() >= known_max) {
    known_.clear();
  }
  const auto [at, is_new] = known_.try_emplace(std::string(plain));
  if (is_new) {
    at->second = token_of(key_, plain);
  }
  return at->second;
}

void PrivacyTokens::replace(Event& event, const FieldInfo& field, PersonalKind kind, Arena& arena,
                            std::vector<PersonalValue>& kept) {
  Text& text = member<Text>(event, field);
  PersonalValue value{kind, "", "", std::string(text.view()), ""};
  std::string replaced;
  if (kind == PersonalKind::text) {
    value.salt.resize(salt_bytes);
    fill_random({reinterpret_cast<std::uint8_t*>(value.salt.data()), salt_bytes});
    const Digest digest = digest_of(value.salt, value.plain);
    value.token = commitment_text(digest);
    replaced = event.type == EventType::post ? commitment_text(digest, sim_hash(value.plain))
                                             : value.token;
  } else {
    value.token = replaced = token(value.plain);
  }
  value.subject = subject_of(event, value.token);
  text = make_text(arena.copy(std::string_view(replaced)));
  if (!value.subject.empty()) {
    kept.push_back(std::move(value));
  }
}

const Event* PrivacyTokens::tokenize(const Event& event, Arena& arena,
                                     std::vector<PersonalValue>& kept) {
  Event* copy = nullptr;
  const auto own = [&]() -> Event& { return *(copy = copy ? copy : copy_of(event, arena)); };
  for (const Replaced& each : replaced_of(event.type)) {
    if (event.has(each.number) && (each.kind != PersonalKind::text || is_note(event))) {
      replace(own(), *each.field, each.kind, arena, kept);
    }
  }
  if (event.type == EventType::decision) {
    const auto& decision = as<event::Decision>(event);
    for (const auto place : {&event::Decision::target, &event::Decision::measure}) {
      const std::string_view json = (decision.*place).view();
      if (!json.empty()) {
        const std::string subject =
            decision.has_case_id() ? case_subject(decision.case_id.view()) : "";
        const std::string replaced = replace_places(json, subject, kept);
        static_cast<event::Decision&>(own()).*place =
            make_text(arena.copy(std::string_view(replaced)));
      }
    }
  }
  return copy == nullptr ? &event : copy;
}

// What a person copied from a page of ours is a token already.
void PrivacyTokens::write_place(std::string_view name, std::string_view value,
                                const std::string& subject, std::string& out,
                                std::vector<PersonalValue>& kept) {
  if (is_token(value)) {
    return write_json_string(value, out);
  }
  const std::string made(token(value));
  kept.push_back({*kind_of_place(name), subject.empty() ? "token:" + made : subject, made,
                  std::string(value), ""});
  write_json_string(made, out);
}

std::string PrivacyTokens::replace_places(std::string_view json, const std::string& subject,
                                          std::vector<PersonalValue>& kept) {
  const auto members = JsonMembers::of(json);
  if (!members) {
    return std::string(json);
  }
  std::string out;
  ObjectWriter object(out);
  for (const auto& [name, raw] : members->all()) {
    const bool place = kind_of_place(name).has_value();
    const auto text = place ? members->text(name) : std::nullopt;
    const auto texts = place ? members->texts(name) : std::nullopt;
    std::string& to = object.foreign_member(name);
    if (text) {
      write_place(name, *text, subject, to, kept);
    } else if (texts) {
      to += '[';
      for (std::size_t at = 0; at < texts->size(); ++at) {
        to += at == 0 ? "" : ",";
        write_place(name, (*texts)[at], subject, to, kept);
      }
      to += ']';
    } else {
      to += raw.starts_with('{') ? replace_places(raw, subject, kept) : std::string(raw);
    }
  }
  object.end();
  return out;
}

}  // namespace marktwacht
