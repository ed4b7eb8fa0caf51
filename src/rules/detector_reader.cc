// Every key is known, every number within its range; every error has its line.
#include "rules/detector_reader.h"

#include <algorithm>

namespace marktwacht {
namespace {

constexpr std::string_view entries_max = "entries_max";
constexpr std::int64_t entries_most = 100'000'000;

std::string all_ids() {
  std::string ids;
  for (const CatalogueEntry& entry : catalogue()) {
    ids += (ids.empty() ? "" : " ") + std::string(entry.spec->id);
  }
  return ids;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::string detector_of(const DetectorUse& use) {
  return "detector " + std::string(use.detector->spec->id) + ": ";
}

// Exact in ten-thousandths, or nothing.
std::optional<Param> param(const Number& number) {
  constexpr Int128 most = Int128{1} << 62;
  if (!number.known() || number.denominator != 1) {
    return std::nullopt;
  }
  const auto units = rescale(number.numerator, number.scale, Param::scale);
  if (!units || *units > most || *units < -most ||
      rescale(*units, Param::scale, number.scale) != number.numerator) {
    return std::nullopt;
  }
  return Param{static_cast<std::int64_t>(*units)};
}

}  // namespace

std::vector<std::string> settable(const DetectorSpec& spec) {
  std::vector<std::string> names;
  for (const ParamSpec& one : spec.params) {
    names.emplace_back(one.name);
  }
  names.emplace_back(entries_max);
  return names;
}

std::vector<DetectorUse> DetectorReader::read(const toml::node* named, const toml::table* tables) {
  std::vector<DetectorUse> uses;
  if (named != nullptr) {
    uses = read_named(*named);
  }
  if (tables != nullptr) {
    for (const auto& [id, node] : *tables) {
      read_table(id.str(), node, uses);
    }
  }
  for (DetectorUse& use : uses) {
    apply_set(use);
  }
  return uses;
}

// In the catalogue's order, whatever the list's.
std::vector<DetectorUse> DetectorReader::read_named(const toml::node& named) {
  const toml::array* list = named.as_array();
  if (list == nullptr && text_of(named) != "all") {
    fail(line_of(named), "detectors must be \"all\" or a list of: " + all_ids());
    return {};
  }
  std::vector<std::string> ids;
  for (std::size_t at = 0; list != nullptr && at < list->size(); ++at) {
    const toml::node& node = *list->get(at);
    ids.push_back(text_of(node));
    if (find_detector(ids.back()) == nullptr) {
      fail(line_of(node), "detectors: there is no " + ids.back() + "; there are: " + all_ids());
    }
  }
  std::vector<DetectorUse> uses;
  for (const CatalogueEntry& entry : catalogue()) {
    if (list == nullptr || std::ranges::find(ids, entry.spec->id) != ids.end()) {
      uses.push_back({&entry, default_setup(*entry.spec)});
    }
  }
  return uses;
}

void DetectorReader::read_table(std::string_view id, const toml::node& node,
                                std::vector<DetectorUse>& uses) {
  const auto use = std::ranges::find_if(
      uses, [&](const DetectorUse& one) { return one.detector->spec->id == id; });
  if (find_detector(id) == nullptr) {
    return fail(line_of(node),
                "there is no detector " + std::string(id) + "; there are: " + all_ids());
  }
  if (use == uses.end()) {
    return fail(line_of(node),
                "detector " + std::string(id) + ": not in force: name it in [rulebook] detectors");
  }
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return fail(line_of(node), detector_of(*use) + "write [detector." + std::string(id) + "]");
  }
  for (const auto& [key, value] : *table) {
    if (key.str() == "params") {
      read_params(value, *use);
    } else if (key.str() == entries_max) {
      take_entries_max(*use, number_of(value), line_of(value), use->setup);
    } else {
      fail(line_of(value), detector_of(*use) + "unknown key " + std::string(key.str()) +
                               "; allowed: params entries_max");
    }
  }
}

void DetectorReader::read_params(const toml::node& node, DetectorUse& use) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return fail(line_of(node), detector_of(use) + "params must be a table of numbers");
  }
  for (const auto& [key, value] : *table) {
    take_param(use, key.str(), number_of(value), line_of(value), use.setup);
  }
}

void DetectorReader::take_param(const DetectorUse& use, std::string_view name,
                                const std::optional<Number>& value, int line, DetectorSetup& into) {
  const DetectorSpec& spec = *use.detector->spec;
  const auto found = std::ranges::find(spec.params, name, &ParamSpec::name);
  if (found == spec.params.end()) {
    return fail(line, detector_of(use) + "no parameter " + std::string(name) +
                          "; allowed: " + joined(settable(spec)));
  }
  const auto taken = value ? param(*value) : std::nullopt;
  if (!taken || *taken < found->least || *taken > found->most) {
    return fail(line, detector_of(use) + std::string(name) + " must be a number from " +
                          found->least.text() + " to " + found->most.text() +
                          ", with at most four decimals");
  }
  into.params[static_cast<std::size_t>(found - spec.params.begin())] = *taken;
}

void DetectorReader::take_entries_max(const DetectorUse& use, const std::optional<Number>& value,
                                      int line, DetectorSetup& into) {
  const auto taken = value ? param(*value) : std::nullopt;
  if (!taken || taken->units % Param::one != 0 || taken->whole() < 1 ||
      taken->whole() > entries_most) {
    return fail(line, detector_of(use) + "entries_max must be a whole number from 1 to " +
                          std::to_string(entries_most));
  }
  into.entries_max = static_cast<std::uint32_t>(taken->whole());
}

void DetectorReader::apply_set(DetectorUse& use) {
  for (const std::string& name : settable(*use.detector->spec)) {
    const auto setting = set_.find(std::string(use.detector->spec->id) + "." + name);
    if (setting == set_.end()) {
      continue;
    }
    setting->second.used = true;
    if (name == entries_max) {
      take_entries_max(use, setting->second.value, setting->second.line, use.setup);
    } else {
      take_param(use, name, setting->second.value, setting->second.line, use.setup);
    }
  }
}

}  // namespace marktwacht
