// Two lists through one store of entries, and what a trade's id finds.
#include "market/gains.h"

#include <algorithm>

#include "base/free_places.h"
#include "base/stable_hash.h"
#include "market/market.h"

namespace marktwacht {
namespace {

std::uint64_t key_of(std::string_view trade_id) {
  const std::uint64_t key = stable_hash(trade_id);
  return key == 0 || key == UINT64_MAX ? 1 : key;  // which are none
}

void save_entry(const GainEntry& entry, ByteWriter& out) {
  out.varint(entry.seq);
  out.zigzag(entry.at.ns);
  out.varint(entry.account.value);
  out.fixed(entry.instrument.value);
  out.fixed(entry.source_account.value);
  out.varint(entry.asset.value);
  out.zigzag128(entry.amount);
  out.zigzag128(entry.worth);
  out.zigzag(entry.closed.units);
  out.zigzag(entry.opened_first.ns);
  out.zigzag(entry.opened_last.ns);
  out.byte(entry.scale);
  out.byte(static_cast<std::uint8_t>(entry.kind));
  out.byte(static_cast<std::uint8_t>((entry.maker ? 1 : 0) | (entry.valued ? 2 : 0) |
                                     (entry.whole ? 4 : 0)));
}

GainEntry load_entry(ByteReader& in) {
  GainEntry entry;
  entry.seq = in.varint();
  entry.at.ns = in.zigzag();
  entry.account.value = static_cast<std::uint32_t>(in.varint());
  entry.instrument.value = in.fixed<std::uint32_t>();
  entry.source_account.value = in.fixed<std::uint32_t>();
  entry.asset.value = static_cast<std::uint32_t>(in.varint());
  entry.amount = in.zigzag128();
  entry.worth = in.zigzag128();
  entry.closed.units = in.zigzag();
  entry.opened_first.ns = in.zigzag();
  entry.opened_last.ns = in.zigzag();
  entry.scale = in.byte();
  entry.kind = static_cast<GainKind>(in.byte());
  const std::uint8_t said = in.byte();
  entry.maker = (said & 1) != 0;
  entry.valued = (said & 2) != 0;
  entry.whole = (said & 4) != 0;
  return entry;
}

}  // namespace

GainKind gain_kind(RewardKind kind) {
  switch (kind) {
    case RewardKind::bonus:
      return GainKind::bonus;
    case RewardKind::commission:
      return GainKind::commission;
    case RewardKind::fee_rebate:
      return GainKind::fee_rebate;
    case RewardKind::voucher:
      return GainKind::voucher;
    case RewardKind::airdrop:
      return GainKind::airdrop;
  }
  return GainKind::bonus;
}

std::optional<Scaled> gain_in(const GainEntry& entry, AssetIndex in) {
  if (entry.asset == in) {
    return Scaled{entry.amount, entry.scale};
  }
  return entry.valued ? std::optional(Scaled{entry.worth, Market::worth_scale}) : std::nullopt;
}

Gains::Owned& Gains::owned(AccountIndex account) {
  if (account.value >= owned_.size()) {
    owned_.resize(account.value + 1);
  }
  return owned_[account.value];
}

void Gains::add(const GainEntry& entry, std::string_view trade_id) {
  while (first_ != none && entry.at - slots_[first_].entry.at > memory_max) {
    forget(first_);
  }
  const bool account_full = owned(entry.account).count >= limits_.account_entries_max;
  if (account_full || size_ >= limits_.entries_max) {
    forget(account_full ? owned(entry.account).first : first_);
    forgot_.add(entry.at);
  }
  append(entry, entry.kind == GainKind::round_trip ? key_of(trade_id) : 0);
}

void Gains::look_ahead(Ahead which, std::span<const AccountIndex> accounts,
                       std::string_view trade_id) const {
  trades_.look_ahead(which, key_of(trade_id));
  for (const AccountIndex account : accounts) {
    if (account.value >= owned_.size()) {
      continue;
    }
    const Owned& of = owned_[account.value];
    if (which == Ahead::place) {
      prefetch_line(&of);
    } else if (of.last != none) {
      prefetch_lines(&slots_[of.last], sizeof(Slot));
    }
  }
}

std::array<std::uint32_t, 3> Gains::further_before(std::uint32_t last) const {
  if (last == none) {
    return {none, none, none};
  }
  const Slot& slot = slots_[last];
  return {slot.account_before, slot.further[0], slot.further[1]};
}

void Gains::append(const GainEntry& entry, std::uint64_t trade) {
  const std::uint32_t at = take_place(slots_, free_);
  Owned& of = owned(entry.account);
  slots_[at] = {entry, trade, last_, none, of.last, none, further_before(of.last)};
  (last_ == none ? first_ : slots_[last_].after) = at;
  (of.last == none ? of.first : slots_[of.last].account_after) = at;
  last_ = of.last = at;
  ++of.count;
  ++size_;
  if (trade != 0) {
    enter_trade(at);
  }
}

// What bore the same id before, though it is another trade, cannot be found by it any more.
void Gains::enter_trade(std::uint32_t at) {
  const std::uint32_t* const found = trades_.find(slots_[at].trade);
  const std::uint64_t seq = slots_[at].entry.seq;
  for (std::uint32_t old = found == nullptr ? none : *found; old != none;) {
    const std::uint32_t other = other_side(old);
    slots_[old].trade = slots_[old].entry.seq == seq ? slots_[old].trade : 0;
    old = slots_[old].entry.seq == seq ? none : other;
  }
  trades_[slots_[at].trade] = at;
}

// The sides of one trade stand next to each other in the order of ages; that of the taker, which
// comes later, finds that of the maker.
std::uint32_t Gains::other_side(std::uint32_t at) const {
  const Slot& slot = slots_[at];
  const bool has = slot.before != none && slots_[slot.before].entry.seq == slot.entry.seq &&
                   slots_[slot.before].trade == slot.trade;
  return has ? slot.before : none;
}

void Gains::erase(std::uint32_t at) {
  const Slot& slot = slots_[at];
  if (std::uint32_t* const found = trades_.find(slot.trade); found != nullptr && *found == at) {
    if (const std::uint32_t other = other_side(at); other != none) {
      *found = other;
    } else {
      trades_.erase(slot.trade);
    }
  }
  Owned& of = owned_[slot.entry.account.value];
  (slot.before == none ? first_ : slots_[slot.before].after) = slot.after;
  (slot.after == none ? last_ : slots_[slot.after].before) = slot.before;
  (slot.account_before == none ? of.first : slots_[slot.account_before].account_after) =
      slot.account_after;
  (slot.account_after == none ? of.last : slots_[slot.account_after].account_before) =
      slot.account_before;
  --of.count;
  --size_;
  free_.push_back(at);
}

void Gains::forget(std::uint32_t at) {
  const GainEntry& entry = slots_[at].entry;
  owned_[entry.account.value].forgotten = entry.at;
  erase(at);
}

void Gains::void_trade(std::string_view trade_id) {
  const std::uint32_t* const found = trades_.find(key_of(trade_id));
  for (std::uint32_t at = found == nullptr ? none : *found; at != none;) {
    const std::uint32_t other = other_side(at);
    erase(at);
    at = other;
  }
}

void Gains::revoke(AccountIndex account, GainKind kind, AssetIndex asset, Scaled amount) {
  for (std::uint32_t at = owned(account).last; at != none && amount.units > 0;) {
    GainEntry& entry = slots_[at].entry;
    const std::uint32_t before = slots_[at].account_before;
    const auto has = rescale(entry.amount, entry.scale, amount.scale);
    if (entry.kind == kind && entry.asset == asset && has) {
      if (*has <= amount.units) {
        amount.units -= *has;
        erase(at);
      } else {
        entry.worth = *multiply_divide(entry.worth, *has - amount.units, *has);
        entry.amount = *has - amount.units;
        entry.scale = static_cast<std::uint8_t>(amount.scale);
        amount.units = 0;
      }
    }
    at = before;
  }
}

std::optional<Time> Gains::forgotten_until(AccountIndex account) const {
  const bool known = account.value < owned_.size() && owned_[account.value].forgotten != nothing;
  return known ? std::optional(owned_[account.value].forgotten) : std::nullopt;
}

std::uint64_t Gains::oldest_seq(AccountIndex account) const {
  const std::uint32_t first = account.value < owned_.size() ? owned_[account.value].first : none;
  return first == none ? UINT64_MAX : slots_[first].entry.seq;
}

void Gains::save(ByteWriter& out) const {
  forgot_.save(out);
  out.varint(size_);
  for (std::uint32_t at = first_; at != none; at = slots_[at].after) {
    save_entry(slots_[at].entry, out);
    out.fixed(slots_[at].trade);
  }
  std::uint32_t accounts = 0;
  for (const Owned& of : owned_) {
    accounts += of.forgotten != nothing ? 1 : 0;
  }
  out.varint(accounts);
  for (std::uint32_t account = 0; account < owned_.size(); ++account) {
    if (owned_[account].forgotten != nothing) {
      out.varint(account);
      out.zigzag(owned_[account].forgotten.ns);
    }
  }
}

bool Gains::sound(const GainEntry& entry, const Known& known) {
  const auto may_be = [](auto index, std::uint32_t count) {
    return !index.exists() || index.value < count;
  };
  return entry.account.value < known.accounts && entry.asset.value < known.assets &&
         may_be(entry.instrument, known.instruments) &&
         may_be(entry.source_account, known.accounts) &&
         static_cast<std::size_t>(entry.kind) < Words<GainKind>::list.size();
}

bool Gains::load(ByteReader& in, const Known& known) {
  forgot_ = BlindSpot::load(in);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const GainEntry entry = load_entry(in);
    const auto trade = in.fixed<std::uint64_t>();
    const bool in_order = last_ == none || (slots_[last_].entry.at <= entry.at &&
                                            slots_[last_].entry.seq <= entry.seq);
    if (!in.ok() || !sound(entry, known) || !in_order || size_ >= limits_.entries_max ||
        owned(entry.account).count >= limits_.account_entries_max) {
      return false;
    }
    append(entry, trade);
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const auto account = static_cast<std::uint32_t>(in.varint());
    if (account >= known.accounts) {
      return false;
    }
    owned(AccountIndex{account}).forgotten.ns = in.zigzag();
  }
  return in.ok();
}

// One entry for each side of a trade that closed something; on spot for each sale, as what was
// sold may have been bought at a price that nobody knows.
void Market::note_gain(const ParsedTrade& trade, const Party& party, const Effect& effect,
                       const Moment& moment) {
  const Instrument& instrument = directory_.instrument(trade.instrument);
  const bool sells_spot = instrument.terms.spot && party.side == Side::sell;
  if (effect.closed.units == 0 && !sells_spot) {
    return;
  }
  GainEntry entry;
  entry.seq = moment.seq;
  entry.at = moment.now;
  entry.account = party.account;
  entry.instrument = trade.instrument;
  entry.asset = instrument.terms.spot ? instrument.quote : instrument.settle;
  entry.amount = effect.realised_gain.units;
  entry.scale = static_cast<std::uint8_t>(instrument.terms.gain_scale);
  entry.closed = effect.closed;
  entry.opened_first = effect.opened_first;
  entry.opened_last = effect.opened_last;
  entry.maker = party.maker;
  entry.whole = effect.gain_known && (!sells_spot || effect.closed == trade.quantity);
  value_gain(entry);
  gains_.add(entry, trade.trade_id.view());
}

void Market::value_gain(GainEntry& entry) const {
  if (entry.asset == valued_in()) {
    return;
  }
  if (const auto worth = worth_of(entry.asset, {entry.amount, entry.scale})) {
    entry.worth = *worth;
    entry.valued = true;
  }
}

// A grant counts when it is made; its release changes nothing of what was gained.
void Market::note_reward(const event::Reward& event, Int128 units, const Moment& moment) {
  GainEntry entry;
  entry.account = directory_.find_account(event.account_id);
  entry.asset = directory_.find_asset(event.asset);
  entry.kind = gain_kind(event.kind);
  entry.scale = static_cast<std::uint8_t>(directory_.asset(entry.asset).decimals);
  if (event.status == RewardStatus::revoked) {
    gains_.revoke(entry.account, entry.kind, entry.asset, {units, entry.scale});
    return;
  }
  if (event.status != RewardStatus::granted) {
    return;
  }
  entry.seq = moment.seq;
  entry.at = moment.now;
  entry.amount = units;
  if (event.has_source_account_id()) {
    entry.source_account = directory_.find_account(event.source_account_id);
  }
  value_gain(entry);
  gains_.add(entry, {});
}

std::expected<ParsedNothing, Fault> Market::parse(const event::TradeVoid&) const { return {}; }

// A voided trade stays in the positions it made: the exchange states what its reversal left by
// `position`, `balance` or `ledger`. What it gained is taken back.
void Market::commit(const event::TradeVoid& event, const ParsedNothing&, const Moment&) {
  gains_.void_trade(event.trade_id.view());
}

}  // namespace marktwacht
