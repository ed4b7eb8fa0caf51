// The table of weights and what is read off it.
#include "links/weights.h"

#include <algorithm>
#include <bit>

namespace marktwacht {
namespace {

using enum EvidenceKind;

constexpr Duration days(std::int64_t count) { return {count * day.ns}; }

}  // namespace

// clang-format off
const LinkTable link_table{
    .prior = -20'000,       // one pair in a million
    .link_min = 5'000,      // 97 %
    .suspect_min = 0,       // 50 %
    .memory = {days(180), days(365), days(30), Duration{0}},
    .referral_burst = {3'600 * second.ns},
    .group_max = 200,
    .shared = {{
        //            cut   2–3     4–7     8–15    16–31   32 and more accounts
        {device,       8, {26'000, 25'000, 23'000,      0,      0}},  // device
        {funds,       20, {26'000, 25'000, 23'500, 22'000,      0}},  // address
        {funds,        8, {26'000, 21'000, 20'000,      0,      0}},  // tx_sent
        {funds,        8, {26'000, 21'000, 20'000,      0,      0}},  // tx_received
        {funds,        9, {26'000, 25'000, 22'000,      0,      0}},  // transfer: 8 counterparties
        {network,     16, {12'000, 11'500, 11'000, 10'000,      0}},  // ip
        {network,     16, { 6'000,  5'000,  4'000,  3'000,      0}},  // subnet
        {network,     16, { 4'000,  3'000,  2'000,  1'000,      0}},  // user_agent
        {referral,    50, {10'000,  9'500,  9'000,  8'500,  8'000}},  // referrer
    }}};
// clang-format on

std::int32_t SharedWeights::weight(std::uint32_t degree) const {
  if (degree < 2 || degree > degree_cut) {
    return 0;
  }
  const auto log = static_cast<std::size_t>(std::bit_width(degree)) - 2;
  return weights[std::min(log, weights.size() - 1)];
}

std::string_view word_of(EvidenceKind kind) {
  constexpr std::string_view words[] = {"device", "funds", "network", "referral"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view word_of(SharedKind what) {
  constexpr std::string_view words[] = {"device",      "address",    "tx_sent",
                                        "tx_received", "transfer",   "ip",
                                        "subnet",      "user_agent", "referrer"};
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
