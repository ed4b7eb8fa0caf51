// Reading the table of weights with toml++, and what makes a table sound.
#include "rules/link_table_reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace marktwacht {
namespace {

using Errors = std::vector<LinkTableError>;

constexpr std::int64_t bits_end = 1'000'000;  // of one number of the table, either way

struct Bounds {
  std::int64_t least, most;
};

class Reader {
 public:
  Reader(LinkTable& table, Errors& errors) : table_(table), errors_(errors) {}

  void read(const toml::table& root);

 private:
  static int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }
  void fail(int line, std::string what) { errors_.push_back({line, std::move(what)}); }
  std::optional<std::int64_t> whole(const toml::node& node, std::string_view name, Bounds bounds);
  void take_memory(const toml::node& node);
  void take_shared(const toml::node& node, std::string_view name, SharedWeights& to);
  void take_weights(const toml::node& node, std::string_view name, SharedWeights& to);
  bool take_number(std::string_view name, const toml::node& node);
  void check_sums();

  LinkTable& table_;
  Errors& errors_;
};

std::optional<std::int64_t> Reader::whole(const toml::node& node, std::string_view name,
                                          Bounds bounds) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < bounds.least || *value > bounds.most) {
    fail(line_of(node), std::string(name) + " must be a whole number from " +
                            std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
    return std::nullopt;
  }
  return value;
}

void Reader::take_memory(const toml::node& node) {
  const toml::table* days = node.as_table();
  if (days == nullptr) {
    return fail(line_of(node), "memory_days must be a table with device, funds, network, lockstep");
  }
  for (const auto& [key, value] : *days) {
    const auto is = [&](EvidenceKind kind) { return word_of(kind) == key.str(); };
    const EvidenceKind forgotten[] = {EvidenceKind::device, EvidenceKind::funds,
                                      EvidenceKind::network, EvidenceKind::lockstep};
    const auto* kind = std::ranges::find_if(forgotten, is);
    if (kind == std::end(forgotten)) {
      fail(line_of(value), "memory_days: unknown key \"" + std::string(key.str()) +
                               "\"; allowed: device, funds, network, lockstep");
    } else if (const auto count = whole(value, key.str(), {1, 36'500})) {
      table_.memory[static_cast<std::size_t>(*kind)] = {*count * day.ns};
    }
  }
}

void Reader::take_weights(const toml::node& node, std::string_view name, SharedWeights& to) {
  const toml::array* list = node.as_array();
  if (list == nullptr || list->empty() || list->size() > to.weights.size()) {
    return fail(line_of(node), std::string(name) + ": weights must be a list of 1 to 5 numbers");
  }
  to.weights = {};
  std::int64_t before = bits_end;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto value = whole((*list)[i], std::string(name) + ": a weight", {0, bits_end});
    if (value && *value > before) {
      fail(
          line_of((*list)[i]),
          std::string(name) + ": the more common a value, the less it says: weights must not rise");
    }
    before = value.value_or(before);
    to.weights[i] = static_cast<std::int32_t>(before);
  }
}

void Reader::take_shared(const toml::node& node, std::string_view name, SharedWeights& to) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return fail(line_of(node), std::string(name) + " must be a table with degree_cut, weights");
  }
  for (const auto& [key, value] : *table) {
    if (key.str() == "degree_cut") {
      const auto cut = whole(value, std::string(name) + ": degree_cut", {0, 1'000});
      to.degree_cut = static_cast<std::uint32_t>(cut.value_or(0));
    } else if (key.str() == "weights") {
      take_weights(value, name, to);
    } else {
      fail(line_of(value), std::string(name) + ": unknown key \"" + std::string(key.str()) +
                               "\"; allowed: degree_cut, weights");
    }
  }
}

bool Reader::take_number(std::string_view name, const toml::node& node) {
  std::int32_t* bits = name == "prior"         ? &table_.prior
                       : name == "link_min"    ? &table_.link_min
                       : name == "suspect_min" ? &table_.suspect_min
                                               : nullptr;
  if (bits != nullptr) {
    *bits = static_cast<std::int32_t>(whole(node, name, {-bits_end, bits_end}).value_or(*bits));
  } else if (name == "group_max") {
    table_.group_max = static_cast<std::uint32_t>(whole(node, name, {2, 1'000'000}).value_or(2));
  } else if (name == "referral_burst_s") {
    table_.referral_burst = {whole(node, name, {1, 864'000}).value_or(1) * second.ns};
  } else {
    return false;
  }
  return true;
}

// Pairs are only looked at where strong evidence joins them.
void Reader::check_sums() {
  std::int32_t network = 0;
  for (const SharedKind what : {SharedKind::ip, SharedKind::subnet, SharedKind::user_agent}) {
    network = std::max(network, table_.of(what).weight(2));
  }
  const std::int32_t weak = table_.prior + network + table_.of(SharedKind::referrer).weight(2);
  const std::int32_t lockstep = table_.prior + table_.of(SharedKind::lockstep).weight(2);
  if (lockstep >= table_.link_min) {
    fail(0, "prior and lockstep make " + std::to_string(lockstep) +
                ": it must stay below link_min, for lockstep alone never makes a link");
  }
  if (weak >= table_.link_min) {
    fail(0, "prior and the heaviest of ip, subnet, user_agent and of referrer make " +
                std::to_string(weak) +
                ": it must stay below link_min, for weak evidence alone "
                "never makes a link");
  }
  if (table_.suspect_min >= table_.link_min || table_.prior >= table_.suspect_min) {
    fail(0, "prior must be below suspect_min, and suspect_min below link_min");
  }
}

void Reader::read(const toml::table& root) {
  for (const auto& [key, node] : root) {
    std::size_t i = 0;
    while (i < shared_kinds && word_of(static_cast<SharedKind>(i)) != key.str()) {
      ++i;
    }
    if (i < shared_kinds) {
      take_shared(node, key.str(), table_.shared[i]);
    } else if (key.str() == "memory_days") {
      take_memory(node);
    } else if (!take_number(key.str(), node)) {
      fail(line_of(node),
           "unknown key \"" + std::string(key.str()) +
               "\"; allowed: prior, link_min, suspect_min, group_max, referral_burst_s, "
               "memory_days, device, address, tx_sent, tx_received, transfer, ip, subnet, "
               "user_agent, referrer, lockstep, returned");
    }
  }
  if (errors_.empty()) {
    check_sums();
  }
}

}  // namespace

std::expected<LinkTable, std::vector<LinkTableError>> read_link_table(std::string_view text) {
  LinkTable table = default_link_table;
  Errors errors;
  try {  // tidy: toml++ reports by exceptions
    Reader(table, errors).read(toml::parse(text));
  } catch (const toml::parse_error& error) {  // tidy: see above
    errors.push_back(
        {static_cast<int>(error.source().begin.line), std::string(error.description())});
  }
  if (!errors.empty()) {
    std::ranges::stable_sort(errors, {}, &LinkTableError::line);
    return std::unexpected(std::move(errors));
  }
  return table;
}

}  // namespace marktwacht
