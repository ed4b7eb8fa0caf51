// Small questions about the text of HTTP headers.
#pragma once

#include <string_view>

namespace marktwacht {

// ASCII letters in either case.
bool same_in_any_case(std::string_view a, std::string_view b);
std::string_view without_spaces_around(std::string_view text);
// "gzip, br;q=0.5" holds gzip; "gzip;q=0" does not.
bool list_holds(std::string_view list, std::string_view item);
// May be sent: a name of token characters only, a value without control characters (tab excepted).
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

}  // namespace marktwacht
