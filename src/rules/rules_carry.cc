// What unchanged rules have counted goes over to the tables that are laid out anew.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {

// Rows go from the table of the same key and window that had their cells. Groups' rows are summed
// afresh.
void Rules::take_rows_over(const std::vector<std::unique_ptr<RuleTable>>& older) {
  for (const auto& table : tables_) {
    for (const auto& old : older) {
      if (old->window != table->window || old->parts != table->parts) {
        continue;
      }
      if (old->cycle_end < never) {  // several tables may share a key and window: all end together
        table->cycle_end = old->cycle_end;
      }
      if (old->evictions.times > 0) {
        table->evictions = old->evictions;
      }
      std::vector<std::optional<std::uint32_t>> cells, takers;
      const auto place_in = [](const auto& list, const std::string& identity, auto projection) {
        const auto found = std::ranges::find(list, identity, projection);
        return found == list.end()
                   ? std::nullopt
                   : std::optional(static_cast<std::uint32_t>(found - list.begin()));
      };
      for (const std::string& identity : table->cell_identities) {
        cells.push_back(place_in(old->cell_identities, identity, std::identity{}));
      }
      for (const Taker& taker : table->takers) {
        takers.push_back(place_in(old->takers, taker.identity, &Taker::identity));
      }
      if (std::ranges::none_of(takers, [](const auto& place) { return place.has_value(); })) {
        continue;
      }
      for (const std::uint32_t row : old->rows->ordered(RowsOf::accounts)) {
        const Key& key = old->rows->key({RowsOf::accounts, row});
        RowRef to = table->rows->find(RowsOf::accounts, key);
        if (!to.exists()) {
          to = table->rows->add(RowsOf::accounts, key);
          use_values(*table, key, true);
        }
        table->rows->take_over(to, *old->rows, {RowsOf::accounts, row}, cells, takers);
      }
    }
    table->rows->queue_arrived();
  }
  for (const auto& old : older) {
    for (const std::uint32_t row : old->rows->ordered(RowsOf::accounts)) {
      use_values(*old, old->rows->key({RowsOf::accounts, row}), false);
    }
  }
  summed_into_.clear();
  summed_of_.clear();
  sum_all_groups();
}

void Rules::carry_open_marks() {
  for (const auto& [number, alert] : open_) {
    if (!alert.frozen) {
      row_of(alert);
      mark_row(*alert.rule, alert.subject, 1);
    }
  }
}

}  // namespace marktwacht
