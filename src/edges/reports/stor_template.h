// The template of a STOR as the Annex of Delegated Regulation (EU) 2025/885 has it: its sections,
// rows, and what each row asks for, one field each.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "edges/reports/page.h"

namespace marktwacht {

// Whom a field is about. A section's fields of one kind stand together.
enum class StorAbout : std::uint8_t { everything, person };

struct StorField {
  std::string_view name;  // stored in reports: never to be changed
  int section = 0;
  StorAbout about{};
  // The row as the template words it; empty: that of the field before.
  std::string_view row_en, row_de;
  // What of the row; empty: the row asks for one thing.
  std::string_view part_en, part_de;
};

struct StorTitle {
  int number = 0;
  std::string_view en, de;
};

// In the template's order.
std::span<const StorField> stor_fields();
std::span<const StorTitle> stor_sections();

// A field with its row, whichever field it is said at.
struct StorFieldTexts {
  ReportText row, part;
};
StorFieldTexts texts_of(std::string_view field);

}  // namespace marktwacht
