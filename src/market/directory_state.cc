// The directory's state in and out of a snapshot. The order of the calls is the format.
#include "market/directory.h"

namespace marktwacht {
namespace {

void save(ByteWriter& out, const Decimal& value) {
  out.zigzag128(value.mantissa);
  out.zigzag(value.exponent);
}

Decimal load_decimal(ByteReader& in) {
  Decimal value;
  value.mantissa = in.zigzag128();
  value.exponent = static_cast<std::int32_t>(in.zigzag());
  return value;
}

// An optional number: 0, or 1 and the number.
template <class T>
void save(ByteWriter& out, const std::optional<T>& value, std::int64_t number) {
  out.byte(value ? 1 : 0);
  if (value) {
    out.zigzag(number);
  }
}

std::optional<std::int64_t> load_optional(ByteReader& in) {
  return in.byte() != 0 ? std::optional(in.zigzag()) : std::nullopt;
}

void save(ByteWriter& out, const std::optional<Price>& price) {
  save(out, price, price ? price->units : 0);
}

std::optional<Price> load_price(ByteReader& in) {
  const auto units = load_optional(in);
  return units ? std::optional(Price{*units}) : std::nullopt;
}

void save(ByteWriter& out, const std::optional<Time>& time) {
  save(out, time, time ? time->ns : 0);
}

std::optional<Time> load_time(ByteReader& in) {
  const auto ns = load_optional(in);
  return ns ? std::optional(Time{*ns}) : std::nullopt;
}

void save(ByteWriter& out, const Terms& terms) {
  out.byte(terms.spot ? 1 : 0);
  out.byte(terms.inverse ? 1 : 0);
  out.zigzag(terms.price_scale);
  out.zigzag(terms.quantity_scale);
  out.zigzag128(terms.multiplier);
  out.zigzag(terms.multiplier_scale);
  out.zigzag(terms.notional_scale);
  out.zigzag(terms.gain_scale);
}

Terms load_terms(ByteReader& in) {
  Terms terms;
  terms.spot = in.byte() != 0;
  terms.inverse = in.byte() != 0;
  terms.price_scale = static_cast<int>(in.zigzag());
  terms.quantity_scale = static_cast<int>(in.zigzag());
  terms.multiplier = in.zigzag128();
  terms.multiplier_scale = static_cast<int>(in.zigzag());
  terms.notional_scale = static_cast<int>(in.zigzag());
  terms.gain_scale = static_cast<int>(in.zigzag());
  return terms;
}

void save(ByteWriter& out, const Instrument& of) {
  out.byte(static_cast<std::uint8_t>(of.kind));
  out.byte(static_cast<std::uint8_t>(of.contract_type));
  out.byte(static_cast<std::uint8_t>(of.status));
  for (const AssetIndex asset : {of.base, of.quote, of.settle}) {
    out.varint(asset.value);
  }
  save(out, of.terms);
  out.zigzag(of.tick);
  out.zigzag(of.lot);
  out.text(of.underlying);
  for (const Quantity limit :
       {of.max_order_quantity, of.large_order_quantity, of.daily_open_limit, of.position_limit}) {
    out.zigzag(limit.units);
  }
  out.zigzag(of.daily_open_count_limit);
  save(out, of.leverage_max);
  out.byte(of.hft_forbidden ? 1 : 0);
  out.varint(of.settlement_times.size());
  for (const std::uint16_t minute : of.settlement_times) {
    out.varint(minute);
  }
  for (const auto& price : {of.index_price, of.mark_price, of.settlement_price, of.trade_price}) {
    save(out, price);
  }
  out.zigzag(of.volume.hour_number);
  out.zigzag(of.volume.hour);
  out.zigzag(of.volume.hour_before);
  out.byte(static_cast<std::uint8_t>(of.index_status));
  out.byte(static_cast<std::uint8_t>(of.book_state));
  out.varint(of.whole_since_seq);
}

Instrument load_instrument(ByteReader& in) {
  Instrument to;
  to.kind = static_cast<InstrumentKind>(in.byte());
  to.contract_type = static_cast<ContractType>(in.byte());
  to.status = static_cast<InstrumentStatus>(in.byte());
  for (AssetIndex* asset : {&to.base, &to.quote, &to.settle}) {
    asset->value = static_cast<std::uint32_t>(in.varint());
  }
  to.terms = load_terms(in);
  to.tick = in.zigzag();
  to.lot = in.zigzag();
  to.underlying = in.text();
  for (Quantity* limit : {&to.max_order_quantity, &to.large_order_quantity, &to.daily_open_limit,
                          &to.position_limit}) {
    limit->units = in.zigzag();
  }
  to.daily_open_count_limit = in.zigzag();
  to.leverage_max = load_decimal(in);
  to.hft_forbidden = in.byte() != 0;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    to.settlement_times.push_back(static_cast<std::uint16_t>(in.varint()));
  }
  for (std::optional<Price>* price :
       {&to.index_price, &to.mark_price, &to.settlement_price, &to.trade_price}) {
    *price = load_price(in);
  }
  to.volume.hour_number = in.zigzag();
  to.volume.hour = in.zigzag();
  to.volume.hour_before = in.zigzag();
  to.index_status = static_cast<IndexStatus>(in.byte());
  to.book_state = static_cast<BookState>(in.byte());
  to.whole_since_seq = in.varint();
  return to;
}

void save(ByteWriter& out, const Account& of) {
  out.byte(of.announced ? 1 : 0);
  out.text(of.person_id);
  out.text(of.desk_id);
  out.text(of.country);
  out.fixed(of.master.value);
  out.fixed(of.referrer.value);
  save(out, of.kyc_level, of.kyc_level.value_or(0));
  save(out, of.opened);
  out.varint(of.roles);
}

Account load_account(ByteReader& in) {
  Account to;
  to.announced = in.byte() != 0;
  to.person_id = in.text();
  to.desk_id = in.text();
  to.country = in.text();
  to.master.value = in.fixed<std::uint32_t>();
  to.referrer.value = in.fixed<std::uint32_t>();
  if (const auto level = load_optional(in)) {
    to.kyc_level = static_cast<int>(*level);
  }
  to.opened = load_time(in);
  to.roles = static_cast<std::uint32_t>(in.varint());
  return to;
}

}  // namespace

void Directory::save(ByteWriter& out) const {
  out.varint(assets());
  for (std::uint32_t i = 0; i < assets(); ++i) {
    out.text(asset_names_.text(AssetIndex{i}));
    out.zigzag(assets_[i].decimals);
    out.byte(assets_[i].announced ? 1 : 0);
  }
  out.varint(instruments());
  for (std::uint32_t i = 0; i < instruments(); ++i) {
    out.text(instrument_names_.text(InstrumentIndex{i}));
    marktwacht::save(out, instruments_[i]);
  }
  out.varint(accounts());
  for (std::uint32_t i = 0; i < accounts(); ++i) {
    out.text(account_names_.text(AccountIndex{i}));
    marktwacht::save(out, accounts_[i]);
  }
  out.varint(addresses_.size());
  for (std::uint32_t i = 0; i < addresses_.size(); ++i) {
    out.text(addresses_.text(AddressIndex{i}));
    out.byte(static_cast<std::uint8_t>(address_kinds_[i]));
  }
  out.varint(program_names_.size());
  for (std::uint32_t i = 0; i < program_names_.size(); ++i) {
    out.text(program_names_.text(ProgramIndex{i}));
    marktwacht::save(out, programs_[i].volume_required);
    marktwacht::save(out, programs_[i].from);
    marktwacht::save(out, programs_[i].until);
  }
}

bool Directory::load(ByteReader& in) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Asset& to = asset(intern_asset(make_text(in.text())));
    to.decimals = static_cast<int>(in.zigzag());
    to.announced = in.byte() != 0;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    instrument_names_.intern(in.text());
    instruments_.push_back(load_instrument(in));
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    account_names_.intern(in.text());
    accounts_.push_back(load_account(in));
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    addresses_.intern(in.text());
    address_kinds_.push_back(static_cast<AddressKind>(in.byte()));
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    program_names_.intern(in.text());
    Program& to = programs_.emplace_back();
    to.volume_required = load_decimal(in);
    to.from = load_time(in);
    to.until = load_time(in);
  }
  return in.ok() && assets_.size() == asset_names_.size() &&
         instruments_.size() == instrument_names_.size() &&
         accounts_.size() == account_names_.size() && address_kinds_.size() == addresses_.size() &&
         programs_.size() == program_names_.size();
}

}  // namespace marktwacht
