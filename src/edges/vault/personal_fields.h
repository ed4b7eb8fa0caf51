// Which fields of the event table say something of a person. docs/privacy.md.
#pragma once

#include <optional>
#include <string_view>

#include "events/event.h"

namespace marktwacht {

// Stored in vault.db: never renumber.
MW_WORDS(PersonalKind, ip, device, user_agent, person, address, author, text)

// Nothing: it is none. `text` of a decision is personal in notes only: see PrivacyTokens.
std::optional<PersonalKind> personal_kind(EventType type, std::string_view field);

// Whether events of the type have a personal `text`. O(1): it is asked of each line.
bool has_personal_text(EventType type);

// Somebody has thought about this field. A test asks it of all.
bool is_classified(EventType type, const FieldInfo& field);

// In a line that was refused, and may be anything, the value of this member may be shown.
enum class Shown : std::uint8_t {
  no,
  word,  // if it is one word of lower-case letters
  yes
};
Shown shown_when_refused(std::string_view member);
// Some event has a member of that name.
bool is_member_name(std::string_view name);

}  // namespace marktwacht
