// What an alert's record states, in a fifth of its bytes: for what is kept by the hundred thousand.
#pragma once

#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "base/packed_texts.h"

namespace marktwacht {

// All that write_alert writes, but for its accounts.
std::string pack_alert(const Alert& alert);
// As read_alert gives it of the line, with these accounts. `packed`: as pack_alert made it; of
// other bytes comes an alert of no use.
Alert unpack_alert(std::string_view packed, const PackedTexts& account_ids);

}  // namespace marktwacht
