// The story in English and German.
#include <algorithm>
#include <array>

#include "app/story_output.h"
#include "app/table.h"
#include "edges/texts/texts.h"

namespace marktwacht {
namespace {

using Lines = std::vector<std::vector<std::string>>;

class StoryWriter {
 public:
  StoryWriter(const Story& story, StoryLanguage language) : story_(story), language_(language) {}

  std::string write(std::size_t events_max);

 private:
  const Alert& alert() const { return story_.alert(); }
  std::string say(std::string_view en, std::string_view de) const {
    return std::string(language_ == StoryLanguage::en ? en : de);
  }
  void line(const std::string& text) { out_ += text + "\n"; }
  void heading(const std::string& text) { out_ += "\n" + text + "\n"; }
  void table(const Lines& lines, std::string_view sides, std::size_t indent = 2);

  void headline();
  void revisions(Lines& lines) const;
  void who();
  void links();
  void evidence(const StoryLink& link);
  std::string words_of(const LinkPart& part) const;
  void facts();
  void gain(std::size_t lines_max);
  void events(std::size_t events_max);
  void book(const StoryBook& book);
  void side(const std::vector<StoryLevel>& levels, const std::string& word, Lines& lines) const;

  const Story& story_;
  StoryLanguage language_;
  std::string out_;
};

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    out += (out.empty() ? "" : ", ") + text;
  }
  return out;
}

// Each line a little to the right.
void StoryWriter::table(const Lines& lines, std::string_view sides, std::size_t indent) {
  const std::string text = aligned(lines, sides);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    out_ += std::string(indent, ' ') + text.substr(at, end - at);
    at = end;
  }
}

// Of many the first and the last.
void StoryWriter::revisions(Lines& lines) const {
  constexpr std::size_t told_max = 6;
  const auto& all = story_.recorded.revisions;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all.size() > told_max && i == 1) {
      i = all.size() - 1;
      lines.push_back({"…", std::to_string(all.size() - 2) + say(" more", " weitere")});
    }
    lines.push_back({say("revision ", "Fassung ") + std::to_string(all[i].revision),
                     format_rfc3339(all[i].at) + "  " + all[i].state + "  (seq " +
                         std::to_string(all[i].seq) + ")"});
  }
}

void StoryWriter::headline() {
  const FindingSource& source = *alert().source;
  line(alert().alert_id + "  " + source.detector + say(", clause ", ", Ziffer ") + source.clause);
  const AlertText text = render_text(alert());
  line(language_ == StoryLanguage::en ? text.en : text.de);
  out_ += "\n";
  std::string score = std::to_string(alert().score);
  for (const ScorePart& part : alert().score_parts) {
    score += (&part == &alert().score_parts.front() ? " = " : " + ") + part.name + " " +
             std::to_string(part.points);
  }
  Lines lines = {{say("severity", "Schwere"), std::string(word_of(source.severity))},
                 {say("score", "Punkte"), score},
                 {say("state", "Stand"), std::string(word_of(alert().state)) +
                                             say(", revision ", ", Fassung ") +
                                             std::to_string(alert().revision)},
                 {say("maturity", "Reife"), std::string(word_of(source.maturity))}};
  if (!source.rulebook.empty()) {
    lines.push_back({say("rulebook", "Regelwerk"), source.rulebook});
  }
  lines.push_back({say("from", "von"), format_rfc3339(alert().from)});
  lines.push_back({say("to", "bis"), format_rfc3339(alert().to)});
  revisions(lines);
  table(lines, "l");
}

void StoryWriter::who() {
  heading(say("Who", "Wer"));
  if (!alert().group_id.empty()) {
    line("  " + say("group ", "Gruppe ") + alert().group_id);
  }
  if (story_.accounts.empty()) {
    line(say("  no account: the alert is about the instrument as a whole",
             "  kein Konto: der Alarm gilt dem Instrument als Ganzem"));
  }
  Lines lines;
  for (const StoryAccount& account : story_.accounts) {
    std::string more;
    const std::array<std::pair<std::string, std::string>, 5> stated = {
        {{say("person ", "Person "), account.person_id},
         {say("master ", "Hauptkonto "), account.master_id},
         {say("desk ", "Abteilung "), account.desk_id},
         {say("country ", "Land "), account.country},
         {"", joined(account.roles)}}};
    for (const auto& [name, value] : stated) {
      if (!value.empty()) {
        more += (more.empty() ? "" : ", ") + name + value;
      }
    }
    lines.push_back({account.account_id, more});
  }
  table(lines, "l");
  links();
}

// Enough of them to hold the group together; the others only say it again.
void StoryWriter::links() {
  if (!story_.links.empty()) {
    line(say("  one hand, because of", "  eine Hand, wegen"));
  }
  std::size_t others = 0;
  for (const StoryLink& link : story_.links) {
    if (!link.joins) {
      ++others;
    } else if (link.kind == "evidence") {
      evidence(link);
    } else {
      const std::string kind = link.kind == "person"   ? say("person ", "Person ")
                               : link.kind == "master" ? say("master ", "Hauptkonto ")
                                                       : say("declared group ", "erklärte Gruppe ");
      line("    " + kind + link.name + ": " + joined(link.account_ids));
    }
  }
  if (others > 0) {
    line(say("    further links among the same accounts: ",
             "    weitere Verbindungen derselben Konten: ") +
         std::to_string(others));
  }
  if (story_.fragile) {
    line(
        say("  The group is fragile: very large, or held together at some point by one kind of "
            "evidence alone. No automatic measure may rest on it.",
            "  Die Gruppe ist fragil: sehr groß oder an einer Stelle nur durch eine Art von "
            "Indizien verbunden. Keine automatische Maßnahme darf darauf beruhen."));
  }
}

std::string StoryWriter::words_of(const LinkPart& part) const {
  static constexpr struct {
    std::string_view what, en, de;
  } all[] = {
      {"device", "both used the device ", "beide benutzten das Gerät "},
      {"address", "both moved funds by the address ", "beide bewegten Geld über die Adresse "},
      {"tx_sent", "one paid the other by the transaction ",
       "das eine zahlte dem anderen durch die Transaktion "},
      {"tx_received", "one paid the other by the transaction ",
       "das eine zahlte dem anderen durch die Transaktion "},
      {"transfer", "one made a transfer to the other", "das eine überwies dem anderen"},
      {"returned", "each made transfers to the other", "jedes überwies dem anderen"},
      {"lockstep", "both acted in lockstep on the order books",
       "beide handelten im Gleichschritt an den Orderbüchern"},
      {"ip", "both logged in from the IP address ", "beide meldeten sich von der IP-Adresse an: "},
      {"subnet", "both logged in from the network ", "beide meldeten sich aus dem Netz an: "},
      {"user_agent", "both logged in with the browser ", "beide meldeten sich an mit dem Browser "},
      {"referrer", "both were opened within an hour, referred by ",
       "beide wurden binnen einer Stunde eröffnet, geworben von "}};
  const auto known = std::ranges::find(all, part.what, [](const auto& each) { return each.what; });
  return say(known->en, known->de) + part.value + say(" (", " (insgesamt ") +
         std::to_string(part.accounts) + say(" accounts in all)", " Konten)");
}

// The sum as a waterfall.
void StoryWriter::evidence(const StoryLink& link) {
  const LinkSum& sum = link.sum;
  const std::string names = link.account_ids[0] + say(" and ", " und ") + link.account_ids[1];
  line("    " + names +
       say(", by evidence weighed in bits, each of which doubles the odds:",
           ", durch Indizien, gewogen in Bit, deren jedes die Chancen verdoppelt:"));
  Lines lines = {{say("any two accounts", "zwei beliebige Konten"), sum.prior}};
  for (const LinkPart& part : sum.parts) {
    lines.push_back({words_of(part), part.counts ? part.bits : "(" + part.bits + ")"});
  }
  lines.push_back(
      {say("sum: ", "Summe: ") + sum.probability_percent + say(" % likely", " % wahrscheinlich"),
       sum.sum});
  lines.push_back({say("a link needs", "nötig für eine Verbindung"), sum.link_min});
  table(lines, "lr", 6);
  if (std::ranges::any_of(sum.parts, [](const LinkPart& part) { return !part.counts; })) {
    line(say("      (in brackets: of one kind only the heaviest counts)",
             "      (in Klammern: von einer Art zählt nur das Gewichtigste)"));
  }
  if (sum.verdict == "confirmed") {
    line(say("      and a person confirmed it", "      und ein Mensch hat es bestätigt"));
  }
}

void StoryWriter::facts() {
  heading(say("Facts against limits", "Tatsachen und Grenzwerte"));
  Lines lines = {{say("fact", "Tatsache"), say("value", "Wert"), say("limit", "Grenzwert")}};
  for (const Fact& fact : alert().facts) {
    lines.push_back({fact.name, fact.value, fact.limit.empty() ? "-" : fact.limit});
  }
  table(lines, "lrr");
}

void StoryWriter::gain(std::size_t lines_max) {
  heading(say("Gain", "Gewinn"));
  out_ += gain_statement_text(story_.gain, language_, lines_max);
  const AlertGain& stated = alert().gain;
  if (stated.amount != story_.gain.amount || stated.currency != story_.gain.currency) {
    line(say("  the alert's record states ", "  der Eintrag des Alarms nennt ") + stated.amount +
         " " + stated.currency +
         say(": another version made it", ": ihn machte eine andere Version"));
  }
}

void StoryWriter::events(std::size_t events_max) {
  const StoryCut cut = cut_of(story_, events_max);
  heading(say("Evidence: ", "Belege: ") + std::to_string(alert().evidence.count) +
          say(" events", " Ereignisse") +
          (cut.left_out == 0
               ? ""
               : say(", of these the first ", ", davon die ersten ") + std::to_string(cut.first) +
                     say(" and the last ", " und letzten ") + std::to_string(cut.last)));
  Lines lines = {{"seq", say("time (UTC)", "Zeit (UTC)"), say("type", "Art"),
                  say("account", "Konto"), say("instrument", "Instrument"), say("side", "Seite"),
                  say("price", "Preis"), say("quantity", "Menge"), ""}};
  const std::size_t count = story_.events.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i == cut.first && cut.left_out > 0) {
      lines.push_back({"…", std::to_string(cut.left_out) + say(" left out", " ausgelassen"), "", "",
                       "", "", "", "", ""});
    }
    if (i < cut.first || i >= count - cut.last) {
      const StoryEvent& event = story_.events[i];
      lines.push_back({std::to_string(event.seq), format_rfc3339(event.ts), event.type,
                       joined(event.account_ids), event.instrument_id, event.side, event.price,
                       event.quantity, event.more});
    }
  }
  table(lines, "rlllllrrl");
}

// The best level stands nearest to the other side.
void StoryWriter::side(const std::vector<StoryLevel>& levels, const std::string& word,
                       Lines& lines) const {
  for (const StoryLevel& level : levels) {
    std::string owners;
    constexpr std::size_t owners_told = 4;
    for (std::size_t i = 0; i < level.owners.size() && i < owners_told; ++i) {
      owners += (i == 0 ? "" : ", ") + level.owners[i].account_id + " " + level.owners[i].visible;
    }
    if (level.owners.size() > owners_told) {
      owners += say(" and ", " und ") + std::to_string(level.owners.size() - owners_told) +
                say(" more", " weitere");
    }
    lines.push_back(
        {word, level.price, level.visible, level.own_visible == "0" ? "-" : level.own_visible,
         level.total == level.visible ? "-" : level.total, std::to_string(level.orders), owners});
  }
}

void StoryWriter::book(const StoryBook& book) {
  const std::string moment = book.moment == "before"   ? say("before", "davor")
                             : book.moment == "during" ? say("during", "währenddessen")
                             : book.moment == "after"  ? say("after", "danach")
                                                       : say("as asked for", "wie verlangt");
  heading(say("The book of ", "Das Orderbuch von ") + story_.book_instrument_id + ", " + moment +
          ": seq " + std::to_string(book.seq) + ", " + format_rfc3339(book.ts));
  Lines asks, bids;
  side(book.asks, say("sell", "Verkauf"), asks);
  std::ranges::reverse(asks);
  side(book.bids, say("buy", "Kauf"), bids);
  Lines lines = {{say("side", "Seite"), say("price", "Preis"), say("visible", "sichtbar"),
                  say("own", "eigen"), say("total", "gesamt"), say("orders", "Orders"),
                  say("owners", "Eigner")}};
  lines.insert(lines.end(), asks.begin(), asks.end());
  lines.insert(lines.end(), bids.begin(), bids.end());
  table(lines, "lrrrrrl");
  line("  " + say("levels: ", "Preisstufen: ") + std::to_string(book.bid_levels) +
       say(" buy, ", " Kauf, ") + std::to_string(book.ask_levels) + say(" sell", " Verkauf"));
}

std::string StoryWriter::write(std::size_t events_max) {
  headline();
  who();
  facts();
  gain(events_max);
  events(events_max);
  for (const StoryBook& each : story_.books) {
    book(each);
  }
  if (story_.books.empty()) {
    heading(say("The alert touches no order book.", "Der Alarm berührt kein Orderbuch."));
  }
  return std::move(out_);
}

}  // namespace

StoryCut cut_of(const Story& story, std::size_t events_max) {
  const std::size_t count = story.events.size();
  const std::size_t left = static_cast<std::size_t>(story.alert().evidence.count) - count;
  if (count <= events_max) {
    // What the alert itself left out lies in the middle of what it kept.
    return left == 0 ? StoryCut{count, 0, 0} : StoryCut{count - count / 2, count / 2, left};
  }
  const std::size_t last = events_max / 2;
  return {events_max - last, last, left + count - events_max};
}

std::string story_text(const Story& story, StoryLanguage language, std::size_t events_max) {
  return StoryWriter(story, language).write(events_max);
}

}  // namespace marktwacht
