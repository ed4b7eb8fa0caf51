// The table of weights and what is read off it.
#include "links/weights.h"

#include <algorithm>
#include <bit>

namespace marktwacht {
namespace {

constexpr Duration days(std::int64_t count) { return {count * day.ns}; }

}  // namespace

// clang-format off
const LinkTable default_link_table{
    .prior = -20'000,       // one pair in a million
    .link_min = 5'000,      // 97 %
    .suspect_min = 0,       // 50 %
    .memory = {days(180), days(365), days(30), Duration{0}, days(30)},
    .referral_burst = {3'600 * second.ns},
    .group_max = 200,
    .shared = {{
        // cut   2–3     4–7     8–15    16–31   32 and more accounts
        { 8, {26'000, 25'000, 23'000,      0,      0}},  // device
        {20, {26'000, 25'000, 23'500, 22'000,      0}},  // address
        { 8, {26'000, 21'000, 20'000,      0,      0}},  // tx_sent
        { 8, {26'000, 21'000, 20'000,      0,      0}},  // tx_received
        { 9, {22'000, 21'000, 20'000,      0,      0}},  // transfer: 8 counterparties
        {16, {12'000, 11'500, 11'000, 10'000,      0}},  // ip
        {16, { 6'000,  5'000,  4'000,  3'000,      0}},  // subnet
        {16, { 4'000,  3'000,  2'000,  1'000,      0}},  // user_agent
        {50, {10'000,  9'500,  9'000,  8'500,  8'000}},  // referrer
        { 2, {     0,      0,      0,      0,      0}},  // lockstep: not weighed, see links.toml
        { 9, {26'000, 25'000, 22'000,      0,      0}},  // returned: 8 counterparties
    }}};
// clang-format on

std::int32_t SharedWeights::weight(std::uint32_t degree) const {
  if (degree < 2 || degree > degree_cut) {
    return 0;
  }
  const auto log = static_cast<std::size_t>(std::bit_width(degree)) - 2;
  return weights[std::min(log, weights.size() - 1)];
}

void LinkTable::save(ByteWriter& out) const {
  for (const std::int32_t bits : {prior, link_min, suspect_min}) {
    out.zigzag(bits);
  }
  for (const Duration of_kind : memory) {
    out.varint(static_cast<std::uint64_t>(of_kind.ns));
  }
  out.varint(static_cast<std::uint64_t>(referral_burst.ns));
  out.varint(group_max);
  for (const SharedWeights& of : shared) {
    out.varint(of.degree_cut);
    for (const std::int32_t weight : of.weights) {
      out.zigzag(weight);
    }
  }
}

bool LinkTable::load(ByteReader& in) {
  for (std::int32_t* bits : {&prior, &link_min, &suspect_min}) {
    *bits = static_cast<std::int32_t>(in.zigzag());
  }
  for (Duration& of_kind : memory) {
    of_kind.ns = static_cast<std::int64_t>(in.varint());
  }
  referral_burst.ns = static_cast<std::int64_t>(in.varint());
  group_max = static_cast<std::uint32_t>(in.varint());
  for (SharedWeights& of : shared) {
    of.degree_cut = static_cast<std::uint32_t>(in.varint());
    for (std::int32_t& weight : of.weights) {
      weight = static_cast<std::int32_t>(in.zigzag());
    }
  }
  return in.ok() && std::ranges::all_of(memory, [](Duration of) { return of.ns >= 0; });
}

std::string_view word_of(EvidenceKind kind) {
  constexpr std::string_view words[] = {"device", "funds", "network", "referral", "lockstep"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view word_of(SharedKind what) {
  constexpr std::string_view words[] = {"device",   "address",  "tx_sent", "tx_received",
                                        "transfer", "ip",       "subnet",  "user_agent",
                                        "referrer", "lockstep", "returned"};
  return words[static_cast<std::size_t>(what)];
}

// The odds by whole bits and a chord between, at most 6 % above 2^sum: near enough to read. Never
// 0 or 1: nothing is certain by evidence.
std::uint32_t probability_ppm(std::int32_t sum) {
  constexpr std::int64_t million = 1'000'000;
  const std::int32_t size = std::min(sum < 0 ? -sum : sum, 30'000);
  const std::int64_t odds = (std::int64_t{1} << (size / 1000)) * (1000 + size % 1000);  // of 1000
  const std::int64_t likelier = (odds * million + (odds + 1000) / 2) / (odds + 1000);
  const std::int64_t ppm = std::min(likelier, million - 1);
  return static_cast<std::uint32_t>(sum < 0 ? million - ppm : ppm);
}

}  // namespace marktwacht
