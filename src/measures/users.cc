// Roles and what they allow.
#include "measures/users.h"

#include <algorithm>

#include "events/json_members.h"

namespace marktwacht {
namespace {

bool allows(UserRole role, DecisionKind kind) {
  switch (kind) {
    case DecisionKind::approve:
    case DecisionKind::refuse:
    case DecisionKind::appeal_decide:
    case DecisionKind::reveal:
    case DecisionKind::erase:
    case DecisionKind::hold:
    case DecisionKind::lift_hold:
      return role == UserRole::approver;
    case DecisionKind::publish_rulebook:
      return role == UserRole::operator_;
    case DecisionKind::publish_policy:
    case DecisionKind::set_automatic:
    case DecisionKind::approve_change:
    case DecisionKind::refuse_change:
    case DecisionKind::change_user:
    case DecisionKind::change_token:
    case DecisionKind::change_key:
      return role == UserRole::administrator;
    default:
      return role == UserRole::analyst || role == UserRole::approver;
  }
}

}  // namespace

std::expected<void, std::string_view> Users::take(std::string_view json) {
  const auto object = JsonMembers::of(json);
  if (!object) {
    return std::unexpected("text");
  }
  const auto user_id = object->text("user_id");
  if (!user_id || user_id->empty()) {
    return std::unexpected("user_id");
  }
  const auto& words = Words<UserRole>::list;
  const auto role = std::ranges::find(words, object->text("role").value_or(""));
  if (role == words.end()) {
    return std::unexpected("role");
  }
  users_[*user_id] = {static_cast<UserRole>(role - words.begin()),
                      object->flag("disabled").value_or(false)};
  return {};
}

std::map<std::string, UserRole> Users::roles() const {
  std::map<std::string, UserRole> roles;
  for (const auto& [user_id, user] : users_) {
    if (!user.disabled) {
      roles.emplace(user_id, user.role);
    }
  }
  return roles;
}

bool Users::has(std::string_view user_id) const {
  const auto found = users_.find(std::string(user_id));
  return found != users_.end() && !found->second.disabled;
}

std::optional<UserRole> Users::role_of(std::string_view user_id) const {
  const auto found = users_.find(std::string(user_id));
  return found == users_.end() ? std::nullopt : std::optional(found->second.role);
}

bool Users::may(std::string_view user_id, DecisionKind kind) const {
  const auto found = users_.find(std::string(user_id));
  return found != users_.end() && !found->second.disabled && allows(found->second.role, kind);
}

std::size_t Users::count(UserRole role) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      users_, [&](const auto& each) { return each.second.role == role && !each.second.disabled; }));
}

}  // namespace marktwacht
