// The table of rights, row by row.
#include "edges/auth/rights.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace marktwacht {
namespace {

using Rights = std::uint32_t;
static_assert(Words<Right>::list.size() <= 32);

constexpr Rights of(std::initializer_list<Right> rights) {
  Rights all = 0;
  for (const Right right : rights) {
    all |= Rights{1} << static_cast<unsigned>(right);
  }
  return all;
}

constexpr Rights viewer = of({Right::read, Right::audit});
constexpr Rights analyst =
    viewer | of({Right::alerts, Right::cases, Right::links, Right::propose, Right::impose});
constexpr Rights approver =
    analyst | of({Right::approve, Right::refuse, Right::appeal_decide, Right::reveal});
constexpr Rights operator_rights = viewer | of({Right::ingest, Right::rulebooks});
// Not what was found about whom: who gives the rights away has none of them.
constexpr Rights administrator =
    of({Right::audit, Right::users, Right::keys, Right::policy, Right::automatic, Right::changes});

// In the order of UserRole.
constexpr std::array rights_of{viewer, analyst, approver, operator_rights, administrator};
static_assert(rights_of.size() == Words<UserRole>::list.size());

struct NeededRight {
  DecisionKind kind;
  Right right;
};

// In the order of DecisionKind.
constexpr std::array needed{
    NeededRight{DecisionKind::adopt_proposal, Right::propose},
    NeededRight{DecisionKind::propose, Right::propose},
    NeededRight{DecisionKind::impose, Right::impose},
    NeededRight{DecisionKind::withdraw_proposal, Right::propose},
    NeededRight{DecisionKind::approve, Right::approve},
    NeededRight{DecisionKind::refuse, Right::refuse},
    NeededRight{DecisionKind::lift, Right::impose},
    NeededRight{DecisionKind::extend, Right::propose},
    NeededRight{DecisionKind::set_amount, Right::propose},
    NeededRight{DecisionKind::appeal_decide, Right::appeal_decide},
    NeededRight{DecisionKind::assign, Right::cases},
    NeededRight{DecisionKind::note, Right::cases},
    NeededRight{DecisionKind::close_alert, Right::alerts},
    NeededRight{DecisionKind::attach_alert, Right::cases},
    NeededRight{DecisionKind::detach_alert, Right::cases},
    NeededRight{DecisionKind::merge_cases, Right::cases},
    NeededRight{DecisionKind::close_case, Right::cases},
    NeededRight{DecisionKind::reopen_case, Right::cases},
    NeededRight{DecisionKind::snooze, Right::alerts},
    NeededRight{DecisionKind::unsnooze, Right::alerts},
    NeededRight{DecisionKind::link_confirm, Right::links},
    NeededRight{DecisionKind::link_refuse, Right::links},
    NeededRight{DecisionKind::raise_alert, Right::alerts},
    NeededRight{DecisionKind::grant_exemption, Right::alerts},
    NeededRight{DecisionKind::watch, Right::alerts},
    NeededRight{DecisionKind::publish_rulebook, Right::rulebooks},
    NeededRight{DecisionKind::publish_policy, Right::policy},
    NeededRight{DecisionKind::set_automatic, Right::automatic},
    NeededRight{DecisionKind::reveal, Right::reveal},
    NeededRight{DecisionKind::mark_reported, Right::cases},
    NeededRight{DecisionKind::approve_change, Right::changes},
    NeededRight{DecisionKind::refuse_change, Right::changes},
    NeededRight{DecisionKind::erase, Right::reveal},
    NeededRight{DecisionKind::hold, Right::reveal},
    NeededRight{DecisionKind::lift_hold, Right::reveal},
    NeededRight{DecisionKind::change_user, Right::users},
    NeededRight{DecisionKind::change_token, Right::keys},
    NeededRight{DecisionKind::change_key, Right::keys},
};
static_assert(needed.size() == Words<DecisionKind>::list.size());

consteval bool in_order() {
  for (std::size_t at = 0; at < needed.size(); ++at) {
    if (static_cast<std::size_t>(needed[at].kind) != at) {
      return false;
    }
  }
  return true;
}
static_assert(in_order());

}  // namespace

bool has_right(UserRole role, Right right) {
  const auto at = static_cast<std::size_t>(role);
  return at < rights_of.size() && (rights_of[at] >> static_cast<unsigned>(right) & 1) != 0;
}

Right right_for(DecisionKind kind) { return needed[static_cast<std::size_t>(kind)].right; }

}  // namespace marktwacht
