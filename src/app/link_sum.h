// Why evidence takes two accounts for one hand: the sum of docs/links.md, ready to be shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "market/market.h"

namespace marktwacht {

// One thing that the two share.
struct LinkPart {
  std::string kind;            // device, funds, network, referral
  std::string what;            // device, address, ip …
  std::string value;           // of a referrer its account id; of a transfer empty
  std::uint32_t accounts = 0;  // that share it
  std::string bits;            // with three decimals at most
  bool counts = false;         // as the heaviest of its kind; the others go with it
};

// Bits: log-odds to the base of two, as decimals.
struct LinkSum {
  std::string state;  // apart, suspected, linked
  std::vector<LinkPart> parts;
  std::string prior, sum, link_min, suspect_min;
  std::string probability_percent;
  std::string verdict;                     // confirmed or refused by a person; empty: neither
  std::vector<std::string> refused_kinds;  // that there was evidence of when it was refused
};

// Of what is known of two accounts (`Links::why`).
LinkSum link_sum(const Market& market, const Why& why);

}  // namespace marktwacht
