// Where the records of a journal and what is made of it now part, in words.
#pragma once

#include <string>
#include <string_view>

namespace marktwacht {

// Two records, each an object of JSON behind what it belongs to (a proposal's case), as
// RecordedLines keeps them; one may be empty: there is none. `what`: "alert" or "proposal".
std::string difference_in_words(std::string_view what, std::string_view recorded,
                                std::string_view now);

}  // namespace marktwacht
