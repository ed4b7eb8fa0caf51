// Lines, what of them is shown, and the sum that they come to.
#include "app/gain_statement.h"

#include <algorithm>

#include "app/table.h"
#include "base/sort_unique.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

std::string text_of(const Scaled& amount) { return format_scaled(amount.units, amount.scale); }

GainLine line_of(const Market& market, const GainEntry& entry) {
  const Directory& directory = market.directory();
  GainLine line;
  line.seq = entry.seq;
  line.ts = entry.at;
  line.account_id = directory.account_id(entry.account);
  if (entry.instrument.exists()) {
    const int scale = directory.instrument(entry.instrument).terms.quantity_scale;
    line.instrument_id = directory.instrument_id(entry.instrument);
    line.closed = format_scaled(entry.closed.units, scale);
  }
  if (entry.source_account.exists()) {
    line.source_account_id = directory.account_id(entry.source_account);
  }
  line.kind = word_of(entry.kind);
  line.asset = directory.asset_id(entry.asset);
  line.amount = format_scaled(entry.amount, entry.scale);
  line.whole = entry.whole;
  return line;
}

// Each line with what it adds to the sum.
void add_lines(const Market& market, const std::vector<GainEntry>& entries, AssetIndex in,
               GainStatement& statement) {
  Scaled sum;
  for (const GainEntry& entry : entries) {
    GainLine& line = statement.lines.emplace_back(line_of(market, entry));
    const auto counted = gain_in(entry, in);
    if (counted && add_to(sum, *counted)) {
      line.counted = text_of(*counted);
    }
    statement.running.push_back(sum);
  }
}

// How many of the first and last lines are shown.
struct Cut {
  std::size_t first = 0, last = 0;

  Cut(std::size_t count, std::size_t most)
      : first(count <= most ? count : most - most / 2), last(count <= most ? 0 : most / 2) {}
  bool shows(std::size_t at, std::size_t count) const { return at < first || at >= count - last; }
};

// What the lines add that are not shown; below zero: a loss.
std::string hidden_sum(const GainStatement& statement, const Cut& cut) {
  const std::size_t count = statement.lines.size();
  const Scaled from = statement.running[cut.first - 1];
  const Scaled to = statement.running[count - cut.last - 1];
  Scaled hidden{-from.units, from.scale};
  return add_to(hidden, to) ? text_of(hidden) : "";
}

class Writer {
 public:
  Writer(const GainStatement& statement, StoryLanguage language)
      : statement_(statement), language_(language) {}

  std::string write(std::size_t lines_max) {
    if (statement_.lines.empty()) {
      out_ += say("  none: nothing that was realised belongs to it\n",
                  "  keiner: nichts Realisiertes gehört dazu\n");
    } else {
      table(lines_max);
    }
    notes();
    return std::move(out_);
  }

 private:
  std::string say(std::string_view en, std::string_view de) const {
    return std::string(language_ == StoryLanguage::en ? en : de);
  }
  std::string word_of_kind(const GainLine& line) const {
    static constexpr struct {
      std::string_view kind, en, de;
    } all[] = {{"round_trip", "closed", "geschlossen"},   {"fee_rebate", "fee rebate", "Rabatt"},
               {"commission", "commission", "Provision"}, {"bonus", "bonus", "Bonus"},
               {"voucher", "voucher", "Gutschein"},       {"airdrop", "airdrop", "Airdrop"}};
    const auto known =
        std::ranges::find(all, line.kind, [](const auto& each) { return each.kind; });
    const std::string more = line.kind == "round_trip" ? " " + line.closed
                             : line.source_account_id.empty()
                                 ? ""
                                 : say(" for ", " für ") + line.source_account_id;
    return say(known->en, known->de) + more + (line.whole ? "" : " *");
  }

  void table(std::size_t lines_max) {
    const std::size_t count = statement_.lines.size();
    const Cut cut(count, lines_max);
    std::vector<std::vector<std::string>> lines = {
        {"seq", say("time (UTC)", "Zeit (UTC)"), say("account", "Konto"), "instrument",
         say("what", "was"), say("amount", "Betrag"), "", say("in ", "in ") + statement_.currency}};
    for (std::size_t i = 0; i < count; ++i) {
      const GainLine& line = statement_.lines[i];
      if (cut.shows(i, count)) {
        lines.push_back({std::to_string(line.seq), format_rfc3339(line.ts), line.account_id,
                         line.instrument_id, word_of_kind(line), line.amount, line.asset,
                         line.counted.empty() ? "-" : line.counted});
      } else if (i == cut.first) {
        lines.push_back({"…",
                         std::to_string(count - cut.first - cut.last) + say(" more", " weitere"),
                         "", "", "", "", "", hidden_sum(statement_, cut)});
      }
    }
    lines.push_back({"", say("sum", "Summe"), "", "", "", "", "", statement_.amount});
    indented(aligned(lines, "rllllrlr"));
  }

  void notes() {
    if (statement_.unwhole > 0) {
      out_ +=
          say("  * what some of it had cost is unknown, and that part is not counted; lines: ",
              "  * was ein Teil gekostet hatte, ist unbekannt; er ist nicht gezählt; Zeilen: ") +
          std::to_string(statement_.unwhole) + "\n";
    }
    if (statement_.left_out > 0) {
      out_ += say("  - not in the sum: nothing says what its asset was worth; lines: ",
                  "  - nicht in der Summe: nichts sagt, was das Asset wert war; Zeilen: ") +
              std::to_string(statement_.left_out) + "\n";
    }
    for (const GainForgotten& each : statement_.forgotten) {
      out_ += "  " + say("of ", "von ") + each.account_id +
              say(", gains up to ", " sind Gewinne bis ") + format_rfc3339(each.until) +
              say(" are forgotten and may be missing here\n",
                  " vergessen und fehlen hier vielleicht\n");
    }
  }

  void indented(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at) + 1;
      out_ += "  " + text.substr(at, end - at);
      at = end;
    }
  }

  const GainStatement& statement_;
  StoryLanguage language_;
  std::string out_;
};

void write_line(const GainLine& line, std::string& out) {
  ObjectWriter object(out);
  object.number("seq", line.seq);
  object.number("ts", line.ts.ns);
  object.text("account_id", line.account_id);
  object.text("kind", line.kind);
  object.text_unless_empty("instrument_id", line.instrument_id);
  object.text_unless_empty("source_account_id", line.source_account_id);
  object.text_unless_empty("closed", line.closed);
  object.text("asset", line.asset);
  object.text("amount", line.amount);
  object.text_unless_empty("counted", line.counted);
  object.boolean("whole", line.whole);
  object.end();
}

}  // namespace

GainStatement gain_statement(const Market& market, const GainScope& scope) {
  return gain_statement(market, std::span(&scope, 1));
}

GainStatement gain_statement(const Market& market, std::span<const GainScope> scopes) {
  std::vector<GainEntry> entries;
  std::vector<std::pair<AccountIndex, Time>> forgotten;
  for (const GainScope& scope : scopes) {
    visit_gains(market.gains(), scope, [&](const GainEntry& entry) { entries.push_back(entry); });
    for (const AccountIndex account : scope.accounts) {
      const auto until = market.gains().forgotten_until(account);
      if (until && *until >= scope.from) {
        forgotten.emplace_back(account, *until);
      }
    }
  }
  keep_once(entries);
  sort_unique(forgotten);
  GainSum sum(market.valued_in());
  for (const GainEntry& entry : entries) {
    sum.add(entry);
  }
  const GainTotal total = sum.total();
  GainStatement statement;
  statement.currency = total.asset.exists() ? market.directory().asset_id(total.asset) : "";
  statement.amount = text_of(total.amount);
  statement.unwhole = total.unwhole;
  statement.left_out = total.left_out;
  add_lines(market, entries, total.asset, statement);
  for (const auto& [account, until] : forgotten) {
    statement.forgotten.push_back({market.directory().account_id(account), until});
  }
  return statement;
}

std::string gain_statement_text(const GainStatement& statement, StoryLanguage language,
                                std::size_t lines_max) {
  return Writer(statement, language).write(lines_max);
}

void write_gain_statement(const GainStatement& statement, std::size_t lines_max, std::string& out) {
  const std::size_t count = statement.lines.size();
  const Cut cut(count, lines_max);
  ObjectWriter object(out);
  object.text("currency", statement.currency);
  object.text("amount", statement.amount);
  object.number("unwhole", statement.unwhole);
  object.number("left_out", statement.left_out);
  std::vector<const GainLine*> shown;
  for (std::size_t i = 0; i < count; ++i) {
    if (cut.shows(i, count)) {
      shown.push_back(&statement.lines[i]);
    }
  }
  object.array("lines", shown, [&](const GainLine* line) { write_line(*line, out); });
  object.number("lines_not_shown", count - shown.size());
  object.text_unless_empty("amount_not_shown",
                           shown.size() < count ? hidden_sum(statement, cut) : "");
  object.array("forgotten", statement.forgotten, [&](const GainForgotten& each) {
    ObjectWriter forgotten(out);
    forgotten.text("account_id", each.account_id);
    forgotten.number("until_ts", each.until.ns);
    forgotten.end();
  });
  object.end();
}

}  // namespace marktwacht
