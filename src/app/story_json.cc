// The story's members, in the order of docs/explain.md.
#include "app/story_output.h"
#include "edges/texts/texts.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

void write_revision(const RecordedRevision& revision, std::string& out) {
  ObjectWriter object(out);
  object.number("revision", revision.revision);
  object.text("state", revision.state);
  object.number("ts", revision.at.ns);
  object.number("seq", revision.seq);
  object.end();
}

void write_account(const StoryAccount& account, std::string& out) {
  ObjectWriter object(out);
  object.text("account_id", account.account_id);
  object.text_unless_empty("person_id", account.person_id);
  object.text_unless_empty("master_id", account.master_id);
  object.text_unless_empty("desk_id", account.desk_id);
  object.text_unless_empty("country", account.country);
  object.texts("roles", account.roles);
  object.end();
}

void write_sum(const LinkSum& sum, std::string& out) {
  ObjectWriter object(out);
  object.text("prior_bits", sum.prior);
  object.array("parts", sum.parts, [&](const LinkPart& part) {
    ObjectWriter each(out);
    each.text("kind", part.kind);
    each.text("what", part.what);
    each.text_unless_empty("value", part.value);
    each.number("accounts", part.accounts);
    each.text("bits", part.bits);
    each.boolean("counts", part.counts);
    each.end();
  });
  object.text("sum_bits", sum.sum);
  object.text("link_min_bits", sum.link_min);
  object.text("probability_percent", sum.probability_percent);
  object.text_unless_empty("verdict", sum.verdict);
  object.end();
}

void write_link(const StoryLink& link, std::string& out) {
  ObjectWriter object(out);
  object.text("kind", link.kind);
  object.text_unless_empty("name", link.name);
  object.texts("account_ids", link.account_ids);
  object.boolean("joins", link.joins);
  if (link.kind == "evidence") {
    write_sum(link.sum, object.member("sum"));
  }
  object.end();
}

void write_book(const StoryBook& book, std::string& out) {
  ObjectWriter object(out);
  object.text("moment", book.moment);
  object.number("seq", book.seq);
  object.number("ts", book.ts.ns);
  object.number("bid_levels", book.bid_levels);
  object.number("ask_levels", book.ask_levels);
  object.array("bids", book.bids, [&](const StoryLevel& level) { write_story_level(level, out); });
  object.array("asks", book.asks, [&](const StoryLevel& level) { write_story_level(level, out); });
  object.end();
}

}  // namespace

void write_story_event(const StoryEvent& event, std::string& out) {
  ObjectWriter object(out);
  object.number("seq", event.seq);
  object.number("ts", event.ts.ns);
  object.text("type", event.type);
  object.texts("account_ids", event.account_ids);
  object.text_unless_empty("instrument_id", event.instrument_id);
  object.text_unless_empty("side", event.side);
  object.text_unless_empty("price", event.price);
  object.text_unless_empty("quantity", event.quantity);
  object.member("event") += event.line;
  object.end();
}

void write_story_level(const StoryLevel& level, std::string& out) {
  ObjectWriter object(out);
  object.text("price", level.price);
  object.text("visible", level.visible);
  object.text("total", level.total);
  object.text("own_visible", level.own_visible);
  object.text("own_total", level.own_total);
  object.number("orders", level.orders);
  object.array("owners", level.owners, [&](const StoryOwner& owner) {
    ObjectWriter each(out);
    each.text("account_id", owner.account_id);
    each.text("visible", owner.visible);
    each.text("total", owner.total);
    each.end();
  });
  object.end();
}

std::string story_json(const Story& story, std::size_t events_max) {
  std::string out;
  ObjectWriter object(out);
  const AlertText text = render_text(story.alert());
  write_alert(story.alert(), &text, object.member("alert"));
  object.array("revisions", story.recorded.revisions,
               [&](const RecordedRevision& revision) { write_revision(revision, out); });
  object.array("accounts", story.accounts,
               [&](const StoryAccount& account) { write_account(account, out); });
  object.array("links", story.links, [&](const StoryLink& link) { write_link(link, out); });
  object.boolean("fragile", story.fragile);
  write_gain_statement(story.gain, events_max, object.member("gain"));
  const StoryCut cut = cut_of(story, events_max);
  std::vector<const StoryEvent*> shown;
  for (std::size_t i = 0; i < story.events.size(); ++i) {
    if (i < cut.first || i >= story.events.size() - cut.last) {
      shown.push_back(&story.events[i]);
    }
  }
  object.array("events", shown, [&](const StoryEvent* event) { write_story_event(*event, out); });
  object.number("events_left_out", cut.left_out);
  object.text_unless_empty("book_instrument_id", story.book_instrument_id);
  object.array("books", story.books, [&](const StoryBook& book) { write_book(book, out); });
  object.end();
  return out;
}

}  // namespace marktwacht
