// Plain text tables of the market.
#include "app/show.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "events/ndjson.h"

namespace marktwacht {
namespace {

constexpr int levels_max = 5;
constexpr std::size_t owners_max = 3;

std::string price_text(const Instrument& instrument, Price price) {
  return format_scaled(price.units, instrument.terms.price_scale);
}

std::string quantity_text(const Instrument& instrument, Quantity quantity) {
  return format_scaled(quantity.units, instrument.terms.quantity_scale);
}

// The owners of a level in the order of its queue.
std::string owners(const Market& market, InstrumentIndex instrument, Side side, Price price) {
  std::string text;
  std::size_t count = 0;
  market.books().visit_queue(instrument, side, price, [&](OrderSlot slot) {
    if (count < owners_max) {
      text += (count == 0 ? "" : ", ") +
              market.directory().account_id(market.books().order(slot).account);
    }
    ++count;
    return true;
  });
  return count > owners_max ? text + " and " + std::to_string(count - owners_max) + " more" : text;
}

void show_side(const Market& market, InstrumentIndex index, Side side) {
  const Instrument& instrument = market.directory().instrument(index);
  std::vector<LevelView> levels;
  market.books().visit_levels(index, side, [&](const LevelView& level) {
    levels.push_back(level);
    return levels.size() < levels_max;
  });
  if (side == Side::sell) {  // best at the bottom, next to the best bid
    levels = {levels.rbegin(), levels.rend()};
  }
  for (const LevelView& level : levels) {
    std::printf("  %-4s %16s %16s  %4u  %s\n", std::string(word_of(side)).c_str(),
                price_text(instrument, level.price).c_str(),
                quantity_text(instrument, level.visible).c_str(), level.orders,
                owners(market, index, side, level.price).c_str());
  }
}

void show_books(const Market& market, int rows_max) {
  const Directory& directory = market.directory();
  for (std::uint32_t i = 0; i < directory.instruments(); ++i) {
    if (static_cast<int>(i) == rows_max) {
      std::printf("and %u more instruments\n\n", directory.instruments() - i);
      return;
    }
    const InstrumentIndex index{i};
    const Instrument& instrument = directory.instrument(index);
    std::printf("%s  %s, %u bid and %u ask levels", directory.instrument_id(index).c_str(),
                std::string(word_of(instrument.kind)).c_str(),
                market.books().levels(index, Side::buy), market.books().levels(index, Side::sell));
    if (instrument.trade_price) {
      std::printf(", last trade %s", price_text(instrument, *instrument.trade_price).c_str());
    }
    std::puts(instrument.book_state == BookState::whole ? "" : ", book not whole");
    std::printf("  %-4s %16s %16s  %4s  %s\n", "side", "price", "visible", "n",
                "owners, first first");
    show_side(market, index, Side::sell);
    show_side(market, index, Side::buy);
    std::puts("");
  }
}

void show_positions(const Market& market, int rows_max) {
  const Directory& directory = market.directory();
  std::printf("%-24s %-16s %-5s %18s %6s\n", "account", "instrument", "leg", "position", "lots");
  int rows = 0;
  market.accounts().visit_positions([&](const PositionKey& key, Quantity quantity) {
    static constexpr const char* legs[] = {"net", "long", "short"};
    if (rows++ < rows_max) {
      std::printf("%-24s %-16s %-5s %18s %6zu\n", directory.account_id(key.account).c_str(),
                  directory.instrument_id(key.instrument).c_str(),
                  legs[static_cast<std::size_t>(key.leg)],
                  quantity_text(directory.instrument(key.instrument), quantity).c_str(),
                  market.accounts().lots(key).size());
    }
  });
  std::printf(rows > rows_max ? "and %d more\n\n" : "\n", rows - rows_max);
}

void show_balances(const Market& market, int rows_max) {
  const Directory& directory = market.directory();
  std::printf("%-24s %-10s %26s\n", "account", "asset", "balance");
  int rows = 0;
  market.accounts().visit_balances(
      [&](AccountIndex account, AssetIndex asset, const Balance& balance) {
        if (rows++ < rows_max) {
          std::printf("%-24s %-10s %26s\n", directory.account_id(account).c_str(),
                      directory.asset_id(asset).c_str(),
                      format_scaled(balance.total.units, directory.asset(asset).decimals).c_str());
        }
      });
  std::printf(rows > rows_max ? "and %d more\n\n" : "\n", rows - rows_max);
}

// Of living groups: id, members, index.
template <class Visitor>
void visit_groups(const Market& market, Visitor&& visitor) {
  for (std::uint32_t i = 0; i < market.groups().size(); ++i) {
    if (const auto members = market.groups().members(GroupIndex{i}); !members.empty()) {
      visitor(market.group_id(GroupIndex{i}), members, GroupIndex{i});
    }
  }
}

void show_groups(const Market& market, int rows_max) {
  std::puts("control groups");
  int rows = 0;
  visit_groups(market,
               [&](const std::string& id, std::span<const AccountIndex> members, GroupIndex) {
                 if (rows++ >= rows_max) {
                   return;
                 }
                 std::printf("  %s:", id.c_str());
                 for (const AccountIndex member : members) {
                   std::printf(" %s", market.directory().account_id(member).c_str());
                 }
                 std::puts("");
               });
  std::puts(rows == 0 ? "  none" : "");
}

}  // namespace

void show_market(const Market& market, int rows_max) {
  show_books(market, rows_max);
  show_positions(market, rows_max);
  show_balances(market, rows_max);
  show_groups(market, rows_max);
}

std::expected<void, std::string> write_groups(const Market& market, Output& output) {
  std::expected<void, std::string> result;
  visit_groups(
      market, [&](const std::string& id, std::span<const AccountIndex> members, GroupIndex group) {
        if (!result) {
          return;
        }
        std::vector<std::string> ids;
        for (const AccountIndex member : members) {
          ids.push_back(market.directory().account_id(member));
        }
        std::sort(ids.begin(), ids.end());
        std::string line = "{\"group_id\":";
        write_json_string(id, line);
        line += ",\"account_ids\":[";
        for (std::size_t i = 0; i < ids.size(); ++i) {
          line += i == 0 ? "" : ",";
          write_json_string(ids[i], line);
        }
        line += market.links().fragile(group) ? "],\"fragile\":true}" : "],\"fragile\":false}";
        result = output.line(line);
      });
  return result ? output.finish() : result;
}

}  // namespace marktwacht
