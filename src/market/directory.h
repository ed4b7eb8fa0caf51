// Who and what exists: assets, instruments and accounts, by dense number in the order of first
// acceptance, with what the stream has stated of them.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "accounts/terms.h"
#include "base/bytes.h"
#include "base/names.h"
#include "events/batch.h"
#include "events/event.h"

namespace marktwacht {

struct Asset {
  static constexpr int unannounced_decimals = 18;

  int decimals = unannounced_decimals;
  bool announced = false;
};

// Whether the book of an instrument shows all of its orders.
enum class BookState : std::uint8_t {
  whole,    // unknown orders are faults
  reset,    // a book_reset came, its snapshot has not begun
  filling,  // book_orders of the snapshot are coming
};

// What was traded lately, in quantity units: in the hour of the last trade, and in the one before.
struct HourVolume {
  std::int64_t hour_number = 0;
  std::int64_t hour = 0, hour_before = 0;

  void add(Quantity quantity, Time now) {
    const std::int64_t number = now.ns / (3600 * second.ns);
    if (number != hour_number) {
      hour_before = number == hour_number + 1 ? hour : 0;
      hour = 0;
      hour_number = number;
    }
    if (__builtin_add_overflow(hour, quantity.units, &hour)) {
      hour = INT64_MAX;
    }
  }
};

struct Instrument {
  InstrumentKind kind{};
  ContractType contract_type{};
  InstrumentStatus status{};
  AssetIndex base, quote, settle;
  Terms terms;
  std::int64_t tick = 1;  // in price units
  std::int64_t lot = 1;   // in quantity units
  std::string underlying;
  Quantity max_order_quantity, large_order_quantity, daily_open_limit, position_limit;  // 0 = none
  std::int64_t daily_open_count_limit = 0;                                              // 0 = none
  Decimal leverage_max;                                                                 // 0 = none
  bool hft_forbidden = false;
  std::vector<std::uint16_t> settlement_times;  // minutes of the day, UTC

  // What the market last said.
  std::optional<Price> index_price, mark_price, settlement_price, trade_price;
  HourVolume volume;
  IndexStatus index_status{};

  BookState book_state = BookState::whole;
  std::uint64_t whole_since_seq = 0;

  bool may_price_at(const Decimal& price) const {
    return price.positive() || kind == InstrumentKind::future;
  }
};

struct Account {
  bool announced = false;
  std::string person_id, desk_id, country;
  AccountIndex master, referrer;
  std::optional<int> kyc_level;
  std::optional<Time> opened;
  std::uint32_t roles = 0;  // a bit per Role

  bool has(Role role) const { return (roles >> static_cast<unsigned>(role) & 1) != 0; }
};

// A bonus or rebate programme.
struct Program {
  Decimal volume_required;
  std::optional<Time> from, until;
};

using AddressIndex = Index<struct AddressTag>;
using ProgramIndex = Index<struct ProgramTag>;

// The numbers of an `instrument` event at its scales.
struct InstrumentGrid {
  std::int64_t tick = 0, lot = 0;
  Quantity max_order, large_order, daily_open, position;  // 0 = none
  Int128 multiplier = 1;
};

// One thread. Nothing is ever forgotten; indices stay valid.
class Directory {
 public:
  // --- assets
  AssetIndex find_asset(Text asset) const { return asset_names_.find(asset); }
  AssetIndex intern_asset(Text asset);
  const Asset& asset(AssetIndex index) const { return assets_[index.value]; }
  Asset& asset(AssetIndex index) { return assets_[index.value]; }
  const std::string& asset_id(AssetIndex index) const { return asset_names_.text(index); }
  int decimals(Text asset) const;
  std::uint32_t assets() const { return asset_names_.size(); }

  // --- instruments
  InstrumentIndex find_instrument(Text id) const { return instrument_names_.find(id); }
  const Instrument& instrument(InstrumentIndex index) const { return instruments_[index.value]; }
  Instrument& instrument(InstrumentIndex index) { return instruments_[index.value]; }
  const std::string& instrument_id(InstrumentIndex i) const { return instrument_names_.text(i); }
  std::uint32_t instruments() const { return instrument_names_.size(); }
  // The terms and numbers of an `instrument` event: its own scales, or those fixed when the
  // instrument first appeared.
  std::expected<Terms, Fault> terms_of(const event::Instrument& event) const;
  static std::expected<InstrumentGrid, Fault> grid_of(const event::Instrument& event,
                                                      const Terms& terms);
  // Makes or replaces it, with what those two gave.
  InstrumentIndex take(const event::Instrument& event, const Terms& terms,
                       const InstrumentGrid& grid);

  // --- accounts
  AccountIndex find_account(Text id) const { return account_names_.find(id); }
  // Two steps of fetching what `find_account` will look at. The second says which account it most
  // likely is, or none; `find_account` with one that exists looks there first.
  void prefetch_account(Text id) const { account_names_.prefetch(id); }
  AccountIndex prefetch_account_text(Text id) const { return account_names_.prefetch_text(id); }
  AccountIndex find_account(Text id, AccountIndex likely) const {
    return account_names_.find(id, likely);
  }
  AccountIndex intern_account(Text id);
  const Account& account(AccountIndex index) const { return accounts_[index.value]; }
  Account& account(AccountIndex index) { return accounts_[index.value]; }
  // Takes the fields that are present, but for those that name other accounts.
  void restate(AccountIndex index, const event::Account& event);
  const std::string& account_id(AccountIndex index) const { return account_names_.text(index); }
  std::uint32_t accounts() const { return account_names_.size(); }

  // --- addresses and programmes; a later statement replaces the earlier one
  void label(Text address, AddressKind kind);
  std::optional<AddressKind> address_kind(Text address) const;
  void take(const event::Program& event);
  const Program* program(Text program_id) const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  Names<AssetIndex> asset_names_;
  Names<InstrumentIndex> instrument_names_;
  Names<AccountIndex> account_names_;
  std::vector<Asset> assets_;
  std::vector<Instrument> instruments_;
  BigVector<Account> accounts_;
  Names<AddressIndex> addresses_;
  std::vector<AddressKind> address_kinds_;
  Names<ProgramIndex> program_names_;
  std::vector<Program> programs_;
};

// Why a value of `field` cannot be counted.
Fault scale_fault(ScaleFault fault, std::string_view field);

// A value of `field` counted in units of 10^-scale, or the fault that refuses it.
inline std::expected<std::int64_t, Fault> units_of(const Decimal& value, int scale,
                                                   std::string_view field) {
  const auto units = scaled_int64(value, scale);
  if (!units) [[unlikely]] {
    return std::unexpected(scale_fault(units.error(), field));
  }
  return *units;
}
std::expected<Int128, Fault> wide_units_of(const Decimal& value, int scale, std::string_view field);

}  // namespace marktwacht
