// Who may send what (docs/formats/events.md), of each type.
#include "service/admission.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

// Whether it may come in: as an event, and as a line of that type that has another fault.
bool comes(const Sender& sender, Event& event) {
  Batch batch;
  batch.items.resize(2);
  batch.items[0].event = &event;
  batch.items[0].type = batch.items[1].type = event.type;
  admit(sender, batch);
  const bool taken = batch.items[0].event != nullptr;
  const bool forbidden = batch.items[1].fault.reason == RejectReason::forbidden_type;
  EXPECT_NE(taken, forbidden) << event_info(event.type).word;
  return taken;
}

TEST(Admission, EachSenderSendsWhatItMay) {
  const Sender feed{.source = "a"}, trusted{.source = "a", .may = {.trusted = true}},
      results{.source = "a", .may = {.command = true}, .only_results = true},
      trades{.source = "a", .types = {"trade", "order"}};
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo* const info = event_info(code);
    if (info == nullptr) {
      continue;
    }
    Arena arena;
    Event& event = *info->make(arena);
    EXPECT_EQ(comes(feed, event), info->origin == Origin::feed) << info->word;
    EXPECT_EQ(comes(trusted, event),
              info->origin == Origin::feed || info->origin == Origin::trusted)
        << info->word;
    EXPECT_EQ(comes(results, event), info->word == "command_result") << info->word;
    EXPECT_EQ(comes(trades, event), info->word == "trade" || info->word == "order") << info->word;
  }
}

TEST(Admission, RolesAreAsGoodAsAnExemption) {
  event::Account account;
  account.type = EventType::account;
  account.present = std::uint64_t{1} << static_cast<unsigned>(event::Account::Field::roles);
  Batch batch;
  batch.items.resize(1);
  batch.items[0].event = &account;
  batch.items[0].type = account.type;
  admit({.source = "a"}, batch);
  EXPECT_EQ(batch.items[0].fault.reason, RejectReason::forbidden_type);
  batch.items[0].event = &account;
  admit({.source = "a", .may = {.trusted = true}}, batch);
  EXPECT_NE(batch.items[0].event, nullptr);
}

}  // namespace
}  // namespace marktwacht
