// What stood behind the head becomes a comment, so that lines keep their numbers but for one.
#include "rules/shadow_text.h"

#include <string_view>

namespace marktwacht {

std::string in_shadow(const std::string& text) {
  constexpr std::string_view head = "[rulebook]";
  std::size_t at = text.find(head);
  while (at != text.npos && at != 0 && text[at - 1] != '\n') {
    at = text.find(head, at + 1);
  }
  std::string shadowed = text;
  if (at != text.npos) {
    shadowed.insert(at + head.size(), "\nshadow = true  #");
  }
  return shadowed;
}

}  // namespace marktwacht
