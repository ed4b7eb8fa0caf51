// The detectors there are: made from catalogue.def.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "detectors/detector.h"

namespace marktwacht {

struct CatalogueEntry {
  const DetectorSpec* spec = nullptr;
  std::unique_ptr<Detector> (*make)(const DetectorSetup& setup) = nullptr;
};

// At the end of a detector's file: what catalogue.def finds it by.
#define MW_DETECTOR_IS(id, Class, spec)                                         \
  CatalogueEntry catalogue_##id() {                                             \
    return {&(spec), [](const DetectorSetup& setup) {                           \
              return std::unique_ptr<Detector>(std::make_unique<Class>(setup)); \
            }};                                                                 \
  }

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
