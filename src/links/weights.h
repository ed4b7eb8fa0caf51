// What a piece of evidence says of two accounts that share it: the table of weights, of cuts and of
// how long it is remembered. docs/links.md gives the reasons of each number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace marktwacht {

// Kinds of evidence. Of what two accounts share within one kind only the heaviest counts: it is
// correlated. Stored in snapshots: never renumber.
enum class EvidenceKind : std::uint8_t { device, funds, network, referral, lockstep };
inline constexpr std::size_t evidence_kinds = 5;

// What accounts can share. Stored in snapshots: never renumber.
enum class SharedKind : std::uint8_t {
  device,
  address,      // withdrawal destination or deposit source
  tx_sent,      // the transaction of a withdrawal; it links with those who received by it
  tx_received,  // the transaction of a deposit
  transfer,     // between one account of the venue and another, in any direction
  ip,
  subnet,      // /24, of IPv6 /48
  user_agent,  // of the browser or app
  referrer,    // with a burst of openings
  lockstep,    // with one other account
  returned,    // transfers between two accounts, in both directions
};
inline constexpr std::size_t shared_kinds = 11;

// What is between two accounts: the value is they themselves.
constexpr bool is_pair(SharedKind what) {
  return what == SharedKind::transfer || what == SharedKind::lockstep ||
         what == SharedKind::returned;
}

// What is between those who sent and those who received by one transaction.
constexpr bool is_tx(SharedKind what) {
  return what == SharedKind::tx_sent || what == SharedKind::tx_received;
}

constexpr EvidenceKind kind_of(SharedKind what) {
  switch (what) {
    case SharedKind::device:
      return EvidenceKind::device;
    case SharedKind::address:
    case SharedKind::tx_sent:
    case SharedKind::tx_received:
    case SharedKind::transfer:
    case SharedKind::returned:
      return EvidenceKind::funds;
    case SharedKind::ip:
    case SharedKind::subnet:
    case SharedKind::user_agent:
      return EvidenceKind::network;
    case SharedKind::lockstep:
      return EvidenceKind::lockstep;
    case SharedKind::referrer:
      break;
  }
  return EvidenceKind::referral;
}

// Weights are log-odds in thousandths of a bit.
struct SharedWeights {
  std::uint32_t degree_cut = 0;  // shared by more accounts than this, it links nobody
  // By floor(log2(accounts that share it)), from 2 accounts on; the last also for all that follow.
  std::array<std::int32_t, 5> weights{};

  // 0 when fewer than two share it or more than the cut.
  std::int32_t weight(std::uint32_t degree) const;
  bool operator==(const SharedWeights&) const = default;
};

struct LinkTable {
  std::int32_t prior = 0;                            // of two accounts of which nothing is known
  std::int32_t link_min = 0;                         // from here on a pair is an edge
  std::int32_t suspect_min = 0;                      // from here on a pair is shown as a suspicion
  std::array<Duration, evidence_kinds> memory{};     // by kind; of referrals: for ever
  Duration referral_burst;                           // accounts opened within this of each other
  std::uint32_t group_max = 0;                       // a group of more members is fragile
  std::array<SharedWeights, shared_kinds> shared{};  // by SharedKind

  const SharedWeights& of(SharedKind what) const { return shared[static_cast<std::size_t>(what)]; }
  bool operator==(const LinkTable&) const = default;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);  // false when the bytes are malformed
};

// In force where nobody says otherwise; config/links.toml shows it.
extern const LinkTable default_link_table;

// Whether evidence of this kind can make an edge, alone or (lockstep) with others. The others never
// do without it, however they come together: link_table_reader.cc refuses tables in which they
// would, and evidence.cc relies on it.
constexpr bool strong(EvidenceKind kind) {
  return kind == EvidenceKind::device || kind == EvidenceKind::funds ||
         kind == EvidenceKind::lockstep;
}

std::string_view word_of(EvidenceKind kind);
std::string_view word_of(SharedKind what);
// 2^sum / (1 + 2^sum) in millionths, from 1 to 999,999, for people to read; never decides anything.
std::uint32_t probability_ppm(std::int32_t sum);

}  // namespace marktwacht
