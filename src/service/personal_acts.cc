// See personal_acts.h. The journal says what was decided; the vault keeps which of it is done.
#include "service/personal_acts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

constexpr DecisionKind kinds[] = {DecisionKind::erase, DecisionKind::hold, DecisionKind::lift_hold};

Done erase(Vault& vault, const std::string& subject, std::uint64_t seq) {
  const auto held = vault.is_held(subject);
  if (!held || *held) {
    return held ? vault.leave_out(seq) : std::unexpected(held.error());
  }
  auto erased = vault.erase(subject, seq);
  return erased ? Done{} : std::unexpected(erased.error());
}

struct Act {
  std::uint64_t seq = 0;
  DecisionKind kind{};
  DecisionItem item;
};

// Accepted ones, in the order in which they were decided.
std::expected<std::vector<Act>, std::string> decided(StoreReader& store) {
  std::vector<Act> acts;
  for (const DecisionKind kind : kinds) {
    auto items = all_pages("seq", [&](const ListPart& part) {
      return store.decisions(
          {.kind = std::string(word_of(kind)), .result = "accepted", .part = part});
    });
    if (!items) {
      return std::unexpected(items.error().message);
    }
    for (DecisionItem& item : items->items) {
      acts.push_back({item.seq, kind, std::move(item)});
    }
  }
  std::ranges::sort(acts, {}, &Act::seq);
  return acts;
}

}  // namespace

std::string vault_subject(const JsonMembers& decision) {
  if (const auto account_id = decision.text("account_id")) {
    return account_subject(*account_id);
  }
  if (const auto case_id = decision.text("case_id")) {
    return case_subject(*case_id);
  }
  const auto token = decision.text("token");
  return token ? "token:" + *token : "";
}

Done carry_out(Vault& vault, DecisionKind kind, const JsonMembers& decision,
               const JsonMembers& outcome) {
  const std::uint64_t seq = outcome.number("seq").value_or(0);
  const std::string subject = vault_subject(decision);
  const auto known = vault.is_carried_out(seq);
  if (!known || *known) {
    return known ? Done{} : std::unexpected(known.error());
  }
  if (kind == DecisionKind::hold) {
    return vault.hold(subject, decision.text("reason").value_or(""),
                      Time{outcome.integer("ts").value_or(0)}, seq);
  }
  if (kind == DecisionKind::lift_hold) {
    const auto lifted = vault.lift_hold(subject, seq);
    return lifted ? Done{} : std::unexpected(lifted.error());
  }
  const bool waits = outcome.has("change_id") && !decision.has("change_id");
  return waits ? Done{} : erase(vault, subject, seq);
}

Done catch_up(Vault& vault, StoreReader& store) {
  const auto acts = decided(store);
  if (!acts) {
    return std::unexpected(acts.error());
  }
  for (const Act& act : *acts) {
    const auto decision = JsonMembers::of(act.item.event);
    const auto outcome = JsonMembers::of(act.item.outcome);
    if (!decision || !outcome) {
      continue;
    }
    if (auto done = carry_out(vault, act.kind, *decision, *outcome); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace marktwacht
