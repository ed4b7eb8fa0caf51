// Any bytes as a snapshot, then as declarations: what loads, saves and goes on
// alike.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "links/groups.h"

using namespace marktwacht;

namespace {

std::string saved(const Groups& groups) {
  std::string bytes;
  ByteWriter out(bytes);
  groups.save(out);
  return bytes;
}

void act(Groups& groups, ByteReader& in) {
  const std::uint8_t kind = in.byte();
  const AccountIndex account{in.byte() % 64U}, other{in.byte() % 64U};
  const std::string_view id = in.raw(in.left() > 0 ? 1 : 0);
  switch (kind % 6) {
    case 0:
      return groups.set_person(account, make_text(id));
    case 1:
      return groups.set_master(account, other.value == 63 ? AccountIndex::none() : other);
    case 2:
      return groups.set_links_nobody(account, other.value % 2 != 0);
    case 3:
      return groups.withdraw(make_text(id));
    case 4: {
      const std::array pair{std::pair(std::min(account, other), std::max(account, other))};
      if (account != other) {
        const bool linked = groups.has_pair(pair[0].first, pair[0].second);
        groups.set_pairs(std::span(pair).first(linked ? 1 : 0),
                         std::span(pair).first(linked ? 0 : 1));
      }
      return;
    }
    default: {
      const std::array members{account, other, AccountIndex{kind / 6U}};
      return groups.declare(make_text(id), members);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Groups groups;
  if (ByteReader in(bytes); !groups.load(in)) {
    groups = Groups();
  }
  const std::string first = saved(groups);
  Groups copy;
  ByteReader in(first);
  check(copy.load(in) && in.done(), "what was saved loads");
  check(saved(copy) == first, "equal groups write equal bytes");
  for (ByteReader acts(bytes), again(bytes); !acts.done();) {
    act(groups, acts);
    act(copy, again);
  }
  check(saved(copy) == saved(groups), "a restored copy goes on alike");
  return 0;
}
