// What the endpoints share that ask the engine about accounts, groups and instruments.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/api.h"

namespace marktwacht {

inline std::string account_name(const Market& market, AccountIndex account) {
  return market.directory().account_id(account);
}

inline std::vector<Restriction> restrictions_of(const Engine& engine,
                                                const std::string& account_id) {
  return engine.enforcement()
      .measures()
      .restrictions_of({SubjectKind::account, account_id})
      .restrictions;
}

// How many open alerts there are.
inline std::int64_t open_alerts(Api& api, const std::string& account_id,
                                const std::string& group_id) {
  const auto store = api.store();
  const auto page = store ? (*store)->alerts({.state = "open",
                                              .account_id = account_id,
                                              .group_id = group_id,
                                              .now = api.service().now(),
                                              .part = {.limit = 1}})
                          : std::unexpected(StoreError{});
  return page ? page->total.value_or(0) : 0;
}
// `json` is an object without its end.
inline std::string with_open_alerts(Api& api, std::string json, const std::string& account_id,
                                    const std::string& group_id) {
  return std::move(json) + ",\"alerts\":" + std::to_string(open_alerts(api, account_id, group_id)) +
         "}";
}
// A page of such objects, each by the id of what it is about.
struct NumberedItems {
  std::vector<std::pair<std::string, std::string>> items;
  std::string next_cursor;
  std::int64_t total = 0;  // where it was counted
};

// A JSON array of JSON values.
inline std::string joined(const std::vector<std::string>& items) {
  std::string json = "[";
  for (const std::string& item : items) {
    json += json.back() == '[' ? "" : ",";
    json += item;
  }
  return json + "]";
}

inline std::uint32_t place_of(const std::string& cursor) {
  std::uint32_t place = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), place);
  return place;
}

// A page over numbered things: `write(number)` gives the item, or nothing to pass it over.
template <class Write>
std::string numbered_page(const ListPart& part, std::uint32_t end, Write write) {
  std::vector<std::string> items;
  std::uint32_t at = place_of(part.cursor);
  for (; at < end && items.size() < part.limit; ++at) {
    if (auto item = write(at); !item.empty()) {
      items.push_back(std::move(item));
    }
  }
  return list_json(items, at < end ? std::to_string(at) : "");
}

}  // namespace marktwacht
