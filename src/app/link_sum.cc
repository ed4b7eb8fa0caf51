// The sum of two accounts, part by part.
#include "app/link_sum.h"

#include <array>

namespace marktwacht {
namespace {

// Of thousandths: "-1.25".
std::string bits_of(std::int32_t thousandths) { return format_scaled(thousandths, 3); }

// Evidence leaves out the zeros: "203.0.113.0/24", "2001:db8:1::/48". The token of a network stays
// as it is.
std::string usual_subnet(std::string_view text) {
  const std::size_t length = text.find('/');
  if (length == std::string_view::npos) {
    return std::string(text);
  }
  const char* zeros = text.contains(':') ? "::" : ".0";
  return std::string(text.substr(0, length)) + zeros + std::string(text.substr(length));
}

std::string value_of(const Market& market, const SharedValue& shared) {
  switch (shared.what) {
    case SharedKind::referrer:
      return market.directory().account_id(EvidenceStore::account_in(shared.value));
    case SharedKind::transfer:
    case SharedKind::returned:
    case SharedKind::lockstep:
      return {};
    case SharedKind::subnet:
      return usual_subnet(shared.value);
    default:
      return std::string(shared.value);
  }
}

std::vector<LinkPart> parts_of(const Market& market, const Why& why) {
  std::array<bool, evidence_kinds> counted{};
  std::vector<LinkPart> parts;
  for (const SharedValue& shared : why.shared) {  // of each kind the heaviest comes first
    const EvidenceKind kind = kind_of(shared.what);
    bool& before = counted[static_cast<std::size_t>(kind)];
    parts.push_back({std::string(word_of(kind)), std::string(word_of(shared.what)),
                     value_of(market, shared), shared.degree, bits_of(shared.weight), !before});
    before = true;
  }
  return parts;
}

}  // namespace

LinkSum link_sum(const Market& market, const Why& why) {
  static constexpr const char* states[] = {"apart", "suspected", "linked"};
  const LinkTable& table = market.links().table();
  LinkSum sum;
  sum.state = states[static_cast<std::size_t>(why.state)];
  sum.parts = parts_of(market, why);
  sum.prior = bits_of(table.prior);
  sum.sum = bits_of(why.weighed.sum);
  sum.link_min = bits_of(table.link_min);
  sum.suspect_min = bits_of(table.suspect_min);
  sum.probability_percent =
      format_scaled(static_cast<std::int64_t>(probability_ppm(why.weighed.sum)), 4);
  if (why.verdict) {
    sum.verdict = why.verdict->confirmed ? "confirmed" : "refused";
    for (std::size_t i = 0; i < evidence_kinds; ++i) {
      if (!why.verdict->confirmed && (why.verdict->refused_kinds >> i & 1) != 0) {
        sum.refused_kinds.emplace_back(word_of(static_cast<EvidenceKind>(i)));
      }
    }
  }
  return sum;
}

}  // namespace marktwacht
