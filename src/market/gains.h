// What each account has gained of late: realised gains of closing fills and rewards, one entry
// each. docs/gains.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/fixed.h"
#include "base/huge_pages.h"
#include "base/index.h"
#include "base/int128.h"
#include "base/key_table.h"
#include "base/prefetch.h"
#include "base/time.h"
#include "events/words.h"
#include "market/blind_spot.h"

namespace marktwacht {

// round_trip: the side of a trade that closed something; the others are rewards.
MW_WORDS(GainKind, round_trip, fee_rebate, commission, bonus, voucher, airdrop)

GainKind gain_kind(RewardKind kind);

struct GainEntry {
  std::uint64_t seq = 0;  // of the trade or reward
  Time at;
  AccountIndex account;
  InstrumentIndex instrument;   // none of a reward
  AccountIndex source_account;  // of a reward: whose trading earned it, as far as stated
  AssetIndex asset;
  Int128 amount = 0;  // of `asset`, in 10^-scale; negative: a loss
  Int128 worth = 0;   // where `valued`: in the currency of valuations then, 10^-worth_scale
  Quantity closed;    // of a round trip
  Time opened_first, opened_last;  // when what it closed had been opened
  std::uint8_t scale = 0;
  GainKind kind{};
  bool maker = false;  // which side of the trade
  bool valued = false;
  bool whole = true;  // else the entry price of something it closed is unknown, and not counted
};

// In 10^-scale.
struct Scaled {
  Int128 units = 0;
  int scale = 0;
};

// What an entry comes to in the currency `in`: itself where that is its asset, else its worth;
// nothing where no valuation said it at that time.
std::optional<Scaled> gain_in(const GainEntry& entry, AssetIndex in);

// One thread. Bounded in age and number: what goes early, because there is too much, is a blind
// spot. An entry costs O(1), a look at an account O(1) for each of its entries since `from`. A
// trade id that comes again stands for the later trade. 160 bytes an entry.
class Gains {
 public:
  // A case reaches seven days back (case_gap), and a window may be a day long.
  static constexpr Duration memory_max{8 * day.ns};
  struct Limits {
    std::uint32_t entries_max = 524'288;
    std::uint32_t account_entries_max = 16'384;
  };

  Gains() = default;
  explicit Gains(const Limits& limits) : limits_(limits) {}

  // `at` and `seq` never go back. `trade_id`: of a round trip.
  void add(const GainEntry& entry, std::string_view trade_id);
  // Takes back what that trade's sides had gained.
  void void_trade(std::string_view trade_id);
  // Takes a reward back: from the latest of that kind and asset, until `amount` is reached; what
  // is over belongs to one that is not known any more.
  void revoke(AccountIndex account, GainKind kind, AssetIndex asset, Scaled amount);

  // Starts fetching what `add` will look at of a trade between these.
  void look_ahead(Ahead which, std::span<const AccountIndex> accounts,
                  std::string_view trade_id) const;

  std::uint32_t size() const { return size_; }
  // Everything of the account with from <= at <= to, the latest first; `instrument` none: all and
  // rewards too.
  template <class Visitor>
  void visit(AccountIndex account, InstrumentIndex instrument, Time from, Time to,
             Visitor&& visitor) const;
  // Of what the account gained until then, some entries are forgotten; nothing while there are
  // none.
  std::optional<Time> forgotten_until(AccountIndex account) const;
  // Nothing of the account that came before can be visited any more; UINT64_MAX: it has none.
  std::uint64_t oldest_seq(AccountIndex account) const;
  const BlindSpot& forgot() const { return forgot_; }

  void save(ByteWriter& out) const;
  // Into fresh Gains; false when the bytes are malformed. Of accounts, instruments and assets there
  // are so many.
  struct Known {
    std::uint32_t accounts = 0, instruments = 0, assets = 0;
  };
  bool load(ByteReader& in, const Known& known);

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr Time nothing{INT64_MIN};

  // Two lists run through the entries: by age, and those of one account by age.
  struct Slot {
    GainEntry entry;
    std::uint64_t trade = 0;  // what its trade's id comes to; 0: it is found by none
    std::uint32_t before = none, after = none;
    std::uint32_t account_before = none, account_after = none;
    // The second, third and fourth before it of its account, as it came: who walks the list looks
    // ahead at them. Some may have gone since.
    std::array<std::uint32_t, 3> further{none, none, none};
  };
  struct Owned {
    std::uint32_t first = none, last = none, count = 0;
    Time forgotten = nothing;
  };

  void append(const GainEntry& entry, std::uint64_t trade);
  std::array<std::uint32_t, 3> further_before(std::uint32_t last) const;
  void enter_trade(std::uint32_t at);
  void prefetch(std::uint32_t at) const {
    if (at != none) {
      prefetch_lines<FetchFor::reading>(&slots_[at], sizeof(Slot));
    }
  }
  std::uint32_t other_side(std::uint32_t at) const;
  void erase(std::uint32_t at);
  void forget(std::uint32_t at);
  Owned& owned(AccountIndex account);
  static bool sound(const GainEntry& entry, const Known& known);

  Limits limits_;
  BigVector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  BigVector<Owned> owned_;          // by account
  KeyTable<std::uint32_t> trades_;  // its latest entry
  std::uint32_t first_ = none, last_ = none, size_ = 0;
  BlindSpot forgot_;
};

template <class Visitor>
void Gains::visit(AccountIndex account, InstrumentIndex instrument, Time from, Time to,
                  Visitor&& visitor) const {
  if (account.value >= owned_.size()) {
    return;
  }
  const std::uint32_t last = owned_[account.value].last;
  if (last != none) {
    std::ranges::for_each(slots_[last].further, [&](std::uint32_t at) { prefetch(at); });
  }
  for (std::uint32_t at = last; at != none;) {
    const Slot& slot = slots_[at];
    prefetch(slot.further.back());
    if (slot.entry.at < from) {
      return;
    }
    if (slot.entry.at <= to && (!instrument.exists() || slot.entry.instrument == instrument)) {
      visitor(slot.entry);
    }
    at = slot.account_before;
  }
}

}  // namespace marktwacht
