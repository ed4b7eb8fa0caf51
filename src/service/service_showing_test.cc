// A store that cannot be written for long costs no memory without end, and lacks nothing after it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "edges/journal/journal_sample.h"
#include "edges/sqlite/store_reader.h"
#include "service/demo_day_twin.h"
#include "service/service.h"

namespace marktwacht {
namespace {

ServiceOptions options_in(const std::string& folder, std::uint64_t show_bytes_max) {
  ServiceOptions options;
  options.core = demo_options(folder);
  options.silence = Duration{0};
  options.show_bytes_max = show_bytes_max;
  return options;
}

// What leaves once it is durable.
struct Heard {
  std::mutex mutex;
  std::vector<std::string> commands;
  std::multiset<std::string> rulebooks;
};

std::unique_ptr<Service> started(const ServiceOptions& options, Heard& heard) {
  const auto durable = [&heard](const Published& published) {
    const std::lock_guard lock(heard.mutex);
    for (const ExchangeCommand& command : published.commands) {
      heard.commands.push_back(command.command_id);
    }
    heard.rulebooks.insert(published.rulebooks.begin(), published.rulebooks.end());
  };
  auto service = Service::start(options, {durable, {}});
  EXPECT_TRUE(service) << service.error();
  return *std::move(service);
}

// The whole day; returns when all of it is durable.
void send_day(Service& service) {
  std::atomic<std::size_t> answered = 0;
  const auto all = demo_batches(1);
  for (const auto& text : all) {
    IntakeBatch batch = demo_batch(text);
    batch.done = [&](const IntakeAnswer& answer) {
      EXPECT_EQ(answer.error, "");
      ++answered;
    };
    ASSERT_TRUE(service.offer(std::move(batch)));
    while (answered == 0) {
      std::this_thread::yield();
    }
    answered = 0;  // one commit each
  }
}

std::vector<std::string> rows_of(const std::string& data_dir) {
  std::vector<std::string> rows;
  auto reader = StoreReader::open(data_dir + "/store.db");
  EXPECT_TRUE(reader) << reader.error();
  const ListPart all{.limit = ListPart::limit_max};
  const auto alerts = reader->alerts({.part = all});
  for (const AlertItem& item : alerts->items) {
    rows.push_back(item.line);
  }
  const auto measures = reader->measures({.part = all});
  rows.insert(rows.end(), measures->items.begin(), measures->items.end());
  std::ranges::sort(rows);
  return rows;
}

void wait_until_shown(Service& service) {
  for (int tries = 0; tries < 3'000; ++tries) {
    const ServiceStatus status = service.status();
    if (status.shown_seq == status.last_seq) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << service.status().not_shown;
}

TEST(ServiceShowing, WhatFoundNoRoomIsReadFromTheJournal) {
  const sample::Folder folder;
  Heard calm, late;
  auto service = started(options_in(folder / "calm", 64 << 20), calm);
  send_day(*service);
  wait_until_shown(*service);
  EXPECT_EQ(service->status().show_overflows, 0u);
  ASSERT_TRUE(service->stop());
  const auto expected = rows_of(folder / "calm");
  ASSERT_GT(expected.size(), 3u);
  ASSERT_FALSE(calm.commands.empty());

  service = started(options_in(folder / "late", 2'000), late);
  {
    auto other = Database::open(folder / "late/store.db");
    ASSERT_TRUE(other) << other.error();
    auto lock = Transaction::begin(*other);  // another program has the store
    ASSERT_TRUE(lock) << lock.error();
    send_day(*service);
    EXPECT_GT(service->status().show_overflows, 0u);
    EXPECT_LE(service->status().show_bytes, 20'000u);
    EXPECT_LT(service->status().shown_seq, service->status().last_seq);
    const std::lock_guard heard(late.mutex);
    EXPECT_EQ(late.commands, calm.commands);  // what the exchange must do waits for no store
  }
  wait_until_shown(*service);
  ASSERT_TRUE(service->stop());
  EXPECT_EQ(rows_of(folder / "late"), expected);
  EXPECT_EQ(late.commands, calm.commands);
  EXPECT_EQ(late.rulebooks, calm.rulebooks);
}

}  // namespace
}  // namespace marktwacht
