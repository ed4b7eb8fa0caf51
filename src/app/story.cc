// Replaying a journal as far as an alert goes, and looking at the book on the way.
#include "app/story.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "app/market_replay.h"
#include "app/story_event.h"
#include "app/story_links.h"
#include "base/arena.h"
#include "edges/journal/checkpoint.h"
#include "edges/journal/journal.h"
#include "events/record.h"
#include "market/owned_levels.h"

namespace marktwacht {
namespace {

class StoryReplay {
 public:
  // `instrument_id`: whose books are looked at; empty: none.
  StoryReplay(Story& story, const StoryOptions& options, std::string instrument_id)
      : story_(story), options_(options), instrument_id_(std::move(instrument_id)) {
    story_.events.clear();
    story_.books.clear();
  }

  std::expected<void, std::string> run(const std::string& path);

 private:
  const Alert& alert() const { return story_.alert(); }
  const Market& market() const { return replay_.market(); }
  bool done() const { return has_after_ && asked_ == options_.seqs.size() && seq_ >= alert().seq; }

  void before_step(const Event& event, std::uint64_t seq);
  void after_step(const Event& event, std::uint64_t seq);
  void end();
  void keep_largest();
  void look(const char* moment);
  StoryBook book(const char* moment) const;
  std::vector<StoryLevel> side(Side side) const;
  std::vector<AccountIndex> subject() const;
  Int128 own_interest() const;
  void tell_who();
  void tell_gain();

  Story& story_;
  const StoryOptions& options_;
  const std::string instrument_id_;
  MarketReplay replay_;
  std::uint64_t seq_ = 0;  // of the last record taken
  Time latest_;
  std::size_t evidence_ = 0, asked_ = 0;
  StoryBook during_;
  std::vector<StoryBook> at_;
  Int128 largest_own_ = 0;
  bool has_before_ = false, has_after_ = false;
};

std::expected<void, std::string> StoryReplay::run(const std::string& path) {
  auto reader = JournalReader::open(path);
  if (!reader) {
    return std::unexpected(reader.error());
  }
  if (auto begun = replay_.begin(path); !begun) {
    return begun;
  }
  Arena arena;
  JournalRecord record;
  while (!done()) {
    const auto more = reader->next(record);
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      break;
    }
    arena.reset();
    const Event* event = read_record(record.payload, arena);
    if (event == nullptr) {
      return std::unexpected("record " + std::to_string(record.seq) + " does not decode");
    }
    before_step(*event, record.seq);
    if (record.seq == alert().seq) {
      tell_gain();
    }
    if (auto stepped = replay_.step(*event, record.seq); !stepped) {
      return stepped;
    }
    seq_ = record.seq;
    after_step(*event, record.seq);
  }
  end();
  if (!instrument_id_.empty()) {
    std::ranges::move(at_, std::back_inserter(story_.books));
  }
  return {};
}

// What is seen just before a record: the state after the one before.
void StoryReplay::before_step(const Event& event, std::uint64_t seq) {
  const auto& evidence = alert().evidence.seqs;
  if (!has_before_ && (evidence.empty() ? event.ts >= alert().from : seq >= evidence.front())) {
    has_before_ = true;
    look("before");
  }
  if (evidence_ > 0 && evidence_ < evidence.size() && seq == evidence[evidence_]) {
    keep_largest();
  }
  latest_ = std::max(latest_, event.ts);
  if (!has_after_ && has_before_ && evidence_ == evidence.size() && latest_ > alert().to) {
    end();
  }
}

void StoryReplay::after_step(const Event& event, std::uint64_t seq) {
  const auto& evidence = alert().evidence.seqs;
  if (evidence_ < evidence.size() && seq == evidence[evidence_]) {
    ++evidence_;
    story_.events.push_back(story_event(event, seq, market(), subject()));
    keep_largest();
  }
  for (; asked_ < options_.seqs.size() && options_.seqs[asked_] <= seq; ++asked_) {
    at_.push_back(book("at"));
  }
}

// The alert's time is over, or the journal is.
void StoryReplay::end() {
  if (has_after_) {
    return;
  }
  has_after_ = true;
  if (evidence_ > 0 && !instrument_id_.empty()) {
    story_.books.push_back(during_);
  }
  look("after");
  tell_who();
}

// From the first event of the evidence on, of all moments just before and just after one the first
// at which most of the book was the subject's; where it never had any, the last.
void StoryReplay::keep_largest() {
  const Int128 own = own_interest();
  if (own > largest_own_ || largest_own_ == 0) {
    largest_own_ = own;
    during_ = book("during");
  }
}

void StoryReplay::look(const char* moment) {
  if (!instrument_id_.empty()) {
    story_.books.push_back(book(moment));
  }
}

std::vector<AccountIndex> StoryReplay::subject() const {
  std::vector<AccountIndex> accounts;
  for (const std::string& id : alert().account_ids) {
    if (const auto account = market().directory().find_account(make_text(id)); account.exists()) {
      accounts.push_back(account);
    }
  }
  return accounts;
}

Int128 StoryReplay::own_interest() const {
  const InstrumentIndex of = market().directory().find_instrument(make_text(instrument_id_));
  Int128 own = 0;
  const std::vector<AccountIndex> accounts = subject();
  for (const Side side : {Side::buy, Side::sell}) {
    for (const OwnedLevel& level : owned_levels(market(), of, side, SIZE_MAX)) {
      for (const LevelOwner& owner : level.owners) {
        own +=
            std::ranges::find(accounts, owner.account) != accounts.end() ? owner.visible.units : 0;
      }
    }
  }
  return own;
}

std::vector<StoryLevel> StoryReplay::side(Side side) const {
  const Directory& directory = market().directory();
  const InstrumentIndex of = directory.find_instrument(make_text(instrument_id_));
  std::vector<StoryLevel> levels;
  const std::vector<AccountIndex> accounts = subject();
  for (const OwnedLevel& owned : owned_levels(market(), of, side, options_.depth)) {
    const Terms& terms = directory.instrument(of).terms;
    const auto text = [&](Int128 units) { return format_scaled(units, terms.quantity_scale); };
    StoryLevel& level = levels.emplace_back();
    level.price = format_scaled(owned.level.price.units, terms.price_scale);
    level.visible = text(owned.level.visible.units);
    level.total = text(owned.level.total.units);
    level.orders = owned.level.orders;
    Int128 own_visible = 0, own_total = 0;
    for (const LevelOwner& owner : owned.owners) {
      level.owners.push_back({directory.account_id(owner.account), text(owner.visible.units),
                              text(owner.total.units)});
      if (std::ranges::find(accounts, owner.account) != accounts.end()) {
        own_visible += owner.visible.units;
        own_total += owner.total.units;
      }
    }
    level.own_visible = text(own_visible);
    level.own_total = text(own_total);
  }
  return levels;
}

StoryBook StoryReplay::book(const char* moment) const {
  const InstrumentIndex of = market().directory().find_instrument(make_text(instrument_id_));
  StoryBook book;
  book.moment = moment;
  book.seq = seq_;
  book.ts = replay_.clock().value_or(Time{});
  book.bids = side(Side::buy);
  book.asks = side(Side::sell);
  book.bid_levels = market().books().levels(of, Side::buy);
  book.ask_levels = market().books().levels(of, Side::sell);
  return book;
}

void StoryReplay::tell_who() {
  const Directory& directory = market().directory();
  story_.accounts.clear();
  story_.links.clear();
  story_.fragile = false;
  std::vector<GroupIndex> groups;
  for (const AccountIndex account : subject()) {
    const Account& stated = directory.account(account);
    StoryAccount& who = story_.accounts.emplace_back();
    who.account_id = directory.account_id(account);
    who.person_id = stated.person_id;
    who.master_id = stated.master.exists() ? directory.account_id(stated.master) : "";
    who.desk_id = stated.desk_id;
    who.country = stated.country;
    for (std::size_t role = 0; role < Words<Role>::list.size(); ++role) {
      if (stated.has(static_cast<Role>(role))) {
        who.roles.emplace_back(Words<Role>::list[role]);
      }
    }
    const GroupIndex group = market().group(account);
    if (group.exists() && std::ranges::find(groups, group) == groups.end()) {
      groups.push_back(group);
    }
  }
  for (const GroupIndex group : groups) {
    std::ranges::move(story_links(market(), group), std::back_inserter(story_.links));
    story_.fragile |= market().links().fragile(group);
  }
}

// By the time of the alert's last record the engine that made it had taken what this one has.
void StoryReplay::tell_gain() {
  std::vector<AccountIndex> accounts = subject();
  std::ranges::sort(accounts);
  story_.gain = gain_statement(
      market(), {accounts, market().directory().find_instrument(make_text(alert().instrument_id)),
                 alert().from, alert().to});
  for (GainLine& line : story_.gain.lines) {
    line.seq = replay_.seq_in_journal(line.seq);
  }
}

// The instrument that most of the evidence is about; of several the one that came first.
std::string main_instrument(const Story& story) {
  std::map<std::string, std::size_t> counts;
  std::string most;
  for (const StoryEvent& event : story.events) {
    if (!event.instrument_id.empty()) {
      ++counts[event.instrument_id];
    }
  }
  for (const StoryEvent& event : story.events) {
    if (!event.instrument_id.empty() &&
        (most.empty() || counts[event.instrument_id] > counts[most])) {
      most = event.instrument_id;
    }
  }
  return most;
}

}  // namespace

std::uint64_t first_told(const RecordedAlert& alert, const StoryOptions& options) {
  std::uint64_t first = alert.alert.seq;
  for (const auto* seqs : {&alert.alert.evidence.seqs, &options.seqs}) {
    first = seqs->empty() ? first : std::min(first, seqs->front());
  }
  return first;
}

std::expected<Story, std::string> tell_story(const std::string& path, RecordedAlert alert,
                                             const StoryOptions& options) {
  if (const std::uint64_t dropped = dropped_up_to(path); first_told(alert, options) <= dropped) {
    return std::unexpected("the records up to " + std::to_string(dropped) +
                           " were dropped, and with them some of what this alert rests on");
  }
  Story story;
  story.recorded = std::move(alert);
  story.book_instrument_id = story.alert().instrument_id;
  if (auto told = StoryReplay(story, options, story.book_instrument_id).run(path); !told) {
    return std::unexpected(told.error());
  }
  if (story.book_instrument_id.empty()) {
    story.book_instrument_id = main_instrument(story);
    if (!story.book_instrument_id.empty()) {
      if (auto told = StoryReplay(story, options, story.book_instrument_id).run(path); !told) {
        return std::unexpected(told.error());
      }
    }
  }
  return story;
}

}  // namespace marktwacht
