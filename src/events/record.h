// The binary form of one event, as the journal keeps it. Every byte: format.md.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"
#include "events/event.h"

namespace marktwacht {

// Appends the payload of `event`: nothing but the event's own bytes, no frame. Equal events give
// equal bytes.
void write_record(const Event& event, std::string& out);

// The event that `payload` holds, or nullptr when it is malformed in any way (unknown type or
// field, bad value, bytes left over). Takes only what write_record writes. The event lives in
// `arena`; its texts point into `payload`.
const Event* read_record(std::string_view payload, Arena& arena);

}  // namespace marktwacht
