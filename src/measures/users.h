// Who may decide what. The service records who its users are; where none is recorded, as with a
// file of one's own, only who did what is judged, not their role.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/archive.h"
#include "base/bytes.h"
#include "events/words.h"

namespace marktwacht {

// Stored in snapshots: never renumber. cli.md says what each may do.
MW_WORDS(UserRole, viewer, analyst, approver, operator_, administrator)

class Users {
 public:
  struct User {
    UserRole role{};
    bool disabled = false;
    template <class Self, class Visit>
    static void members(Self& self, Visit&& visit) {
      visit(self.role, self.disabled);
    }
  };

  // A `config` record named "user": {"user_id", "role", "disabled"}. The fault names a member.
  std::expected<void, std::string_view> take(std::string_view json);

  // Of each who is not disabled.
  std::map<std::string, UserRole> roles() const;

  const std::map<std::string, User>& all() const { return users_; }
  bool known() const { return !users_.empty(); }
  bool has(std::string_view user_id) const;
  // Also of who is disabled.
  std::optional<UserRole> role_of(std::string_view user_id) const;
  bool may(std::string_view user_id, DecisionKind kind) const;
  // Of those who are not disabled. A second person is asked once there are two who could be.
  std::size_t count(UserRole role) const;

  void save(ByteWriter& out) const { Saver{out}(users_); }
  bool load(ByteReader& in) {
    Loader{in}(users_);
    return in.ok();
  }

 private:
  std::map<std::string, User> users_;
};

}  // namespace marktwacht
