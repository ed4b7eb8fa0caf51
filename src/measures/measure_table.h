// What each kind of measure is: its clauses, what the gate denies, what the exchange has to do, who
// may decide it, how it is undone. enforcement.md's table as data; docs/policy.md.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "measures/parameters.h"
#include "measures/restrictions.h"
#include "measures/words.h"

namespace marktwacht {

// What the exchange is asked to do beside obeying the gate. notice: it tells the user.
// Stored in the journal: never renumber.
MW_WORDS(ExchangeJob, notice, cancel_opening_orders, cancel_orders, close_positions, ledger_entries,
         void_trades, free_text)

// What ends or undoes a measure. end, expiry: its time; report, level: what was required is there;
// reverse: a lift that two people decide; mirrored_entry: the ledger entries with sides changed.
MW_WORDS(MeasureUndo, end, lift, expiry, report, level, reverse, mirrored_entry)

// A set of an enumeration's words.
template <class E>
class SetOf {
 public:
  constexpr SetOf() = default;
  constexpr SetOf(std::initializer_list<E> words) {
    for (const E word : words) {
      add(word);
    }
  }
  static constexpr SetOf all_but(SetOf others) {
    SetOf set;
    set.bits_ = ((std::uint32_t{1} << Words<E>::list.size()) - 1) & ~others.bits_;
    return set;
  }
  constexpr void add(E word) { bits_ |= std::uint32_t{1} << static_cast<int>(word); }
  constexpr bool has(E word) const { return (bits_ >> static_cast<int>(word) & 1) != 0; }
  // In the order of the enumeration.
  std::vector<E> list() const {
    std::vector<E> words;
    for (std::size_t i = 0; i < Words<E>::list.size(); ++i) {
      if (const E word = static_cast<E>(i); has(word)) {
        words.push_back(word);
      }
    }
    return words;
  }
  bool operator==(const SetOf&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

// Whom a kind may be aimed at. Accounts: one, or a control group. anyone: also a device, an ip, an
// address.
MW_WORDS(MeasureAim, accounts, instrument, anyone)

struct MeasureTerms {
  MeasureKind kind{};
  std::array<std::string_view, 4> clauses{};  // that provide for it; the first is the default
  // What the gate denies; restrict_access and custom: see restrictions_of.
  SetOf<GateAction> denies{};
  SetOf<ExchangeJob> jobs{};
  SetOf<MeasureUndo> undone_by{};
  MeasureAim aim = MeasureAim::accounts;
  bool always_two = false;  // † in the table: never by one person, never automatic
  // Leaves nothing behind once it is lifted. A notice binds nobody, so it counts as reversible.
  bool reversible = true;
  bool lasts = true;            // in force until something ends it; else done once done
  bool is_money = false;        // ledger entries: an amount, two people
  bool needs_deadline = false;  // something is to be done within a time
  bool by_instrument = false;   // of trading: on one instrument, or on all
  std::optional<MeasureKind> followed_by{};  // is proposed at its deadline, or once it is applied
};

const MeasureTerms& terms_of(MeasureKind kind);

// `offence`'s own clause where it provides for the kind, else the kind's default.
std::string_view clause_for(MeasureKind kind, std::string_view offence_clause);

// What the gate is to deny the target, sorted as SubjectRestrictions has it; none where the kind
// denies nothing. Never cancel_order. The parameters must be sound.
std::vector<Restriction> restrictions_of(MeasureKind kind, const MeasureParameters& parameters,
                                         std::optional<Time> until, std::uint64_t measure);

// What the gate is to deny the devices and addresses of the target's accounts, those that are known
// later included: ban_access, terminate. Else nothing.
std::vector<Restriction> device_restrictions_of(MeasureKind kind, std::optional<Time> until,
                                                std::uint64_t measure);

// Empty, or what the kind needs or cannot use, with what is allowed. The amount of money is none of
// it: it may be computed later.
std::string parameter_fault(MeasureKind kind, const MeasureParameters& parameters);

}  // namespace marktwacht
