// Reads what a rulebook says of detectors: which are in force, with which numbers.
#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>
#include <vector>

#include "detectors/catalogue.h"
#include "rules/rule_reader.h"

namespace marktwacht {

class DetectorReader {
 public:
  // Both must outlive it.
  DetectorReader(std::vector<RulebookError>& errors, std::map<std::string, ParamSetting>& set)
      : errors_(errors), set_(set) {}

  // `named`: the head's `detectors`, nullptr where it says nothing; `tables`: all [detector.ID].
  std::vector<DetectorUse> read(const toml::node* named, const toml::table* tables);

 private:
  void fail(int line, std::string what) { errors_.push_back({line, {}, std::move(what)}); }
  std::vector<DetectorUse> read_named(const toml::node& named);
  void read_table(std::string_view id, const toml::node& node, std::vector<DetectorUse>& uses);
  void read_params(const toml::node& node, DetectorUse& use);
  void apply_set(DetectorUse& use);
  void take_param(const DetectorUse& use, std::string_view name, const std::optional<Number>& value,
                  int line, DetectorSetup& into);
  void take_entries_max(const DetectorUse& use, const std::optional<Number>& value, int line,
                        DetectorSetup& into);

  std::vector<RulebookError>& errors_;
  std::map<std::string, ParamSetting>& set_;
};

// As many words as a rulebook or --set may use of the detector: its params and entries_max.
std::vector<std::string> settable(const DetectorSpec& spec);

}  // namespace marktwacht
