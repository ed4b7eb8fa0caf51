// The detectors there are: made from catalogue.def.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

#include "detectors/detector.h"

namespace marktwacht {

class TradingMemories;

struct CatalogueEntry {
  const DetectorSpec* spec = nullptr;
  // `memories`: what it may share with others in force.
  std::unique_ptr<Detector> (*make)(const DetectorSetup& setup,
                                    TradingMemories& memories) = nullptr;
};

template <class Class>
std::unique_ptr<Detector> make_detector(const DetectorSetup& setup, TradingMemories& memories) {
  if constexpr (std::is_constructible_v<Class, const DetectorSetup&, TradingMemories&>) {
    return std::make_unique<Class>(setup, memories);
  } else {
    return std::make_unique<Class>(setup);
  }
}

// At the end of a detector's file: what catalogue.def finds it by.
#define MW_DETECTOR_IS(id, Class, spec) \
  CatalogueEntry catalogue_##id() { return {&(spec), make_detector<Class>}; }

// In the order of catalogue.def.
std::span<const CatalogueEntry> catalogue();
// nullptr where there is none of this id.
const CatalogueEntry* find_detector(std::string_view id);

// How it runs where nobody says otherwise.
DetectorSetup default_setup(const DetectorSpec& spec);

// What a rulebook says of one detector.
struct DetectorUse {
  const CatalogueEntry* detector = nullptr;
  DetectorSetup setup;
};

}  // namespace marktwacht
