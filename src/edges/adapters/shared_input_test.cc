// One input for several readers. Run with -fsanitize=thread as well.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "edges/adapters/fake_input.h"
#include "edges/adapters/inputs.h"

namespace marktwacht {
namespace {

std::vector<FakeItem> many(std::size_t count) {
  std::vector<FakeItem> items;
  for (std::size_t i = 0; i < count; ++i) {
    items.push_back({i % 7 == 0 ? -1 : static_cast<std::int64_t>(i), std::to_string(i)});
  }
  return items;
}

// Each reader on its own thread; reader i pauses i × `pause_us` after each batch.
std::vector<Taken> take_by_threads(std::vector<std::unique_ptr<Input>> inputs, int pause_us) {
  std::vector<Taken> taken(inputs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    threads.emplace_back([&, i] {
      Batch batch;
      for (;;) {
        const auto more = inputs[i]->read(batch);
        if (!more || !*more) {
          taken[i].error = more ? "" : more.error();
          break;
        }
        taken[i].blank_lines += batch.blank_lines;
        taken[i].unknown_fields += batch.unknown_fields;
        std::this_thread::sleep_for(std::chrono::microseconds(pause_us * static_cast<int>(i)));
        for (const Item& item : batch.items) {
          taken[i].items.push_back(describe_fake(item));
        }
      }
      inputs[i].reset();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return taken;
}

TEST(Shared, EveryReaderGetsEverything) {
  for (const std::size_t size : {1, 13, 100'000}) {
    FakeInput plain(many(2'000), size);
    const Taken expected = take_all(plain);
    for (const int pause_us : {0, 20}) {
      for (const Taken& taken : take_by_threads(
               share_input(std::make_unique<FakeInput>(many(2'000), size), 3), pause_us)) {
        EXPECT_EQ(taken.items, expected.items);
        EXPECT_EQ(taken.blank_lines, expected.blank_lines);
        EXPECT_EQ(taken.unknown_fields, expected.unknown_fields);
      }
    }
  }
}

TEST(Shared, AnErrorComesToAllAfterWhatWasBefore) {
  for (const Taken& taken :
       take_by_threads(share_input(std::make_unique<FakeInput>(many(100), 7, "torn"), 2), 0)) {
    EXPECT_EQ(taken.items.size(), 100u);
    EXPECT_EQ(taken.error, "torn");
  }
}

TEST(Shared, OneWhoLeavesIsNotWaitedFor) {
  auto inputs = share_input(std::make_unique<FakeInput>(many(1'000), 1), 2);
  Batch batch;
  EXPECT_TRUE(*inputs[1]->read(batch));
  inputs[1].reset();
  EXPECT_EQ(take_all(*inputs[0]).items.size(), 1'000u);
  EXPECT_EQ(inputs[0]->notes(), std::vector<std::string>{"a fake"});
  EXPECT_FALSE(*inputs[0]->read(batch)) << "the end stays";
}

}  // namespace
}  // namespace marktwacht
