// Reading ahead on a thread. Run with -fsanitize=thread as well.
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

TEST(Threaded, GivesWhatItsInputGives) {
  for (const std::size_t size : {1, 3, 100, 100'000}) {
    FakeInput plain(many(5000), size);
    const auto threaded = read_on_thread(std::make_unique<FakeInput>(many(5000), size));
    const Taken expected = take_all(plain), taken = take_all(*threaded);
    EXPECT_EQ(taken.items, expected.items);
    EXPECT_EQ(taken.blank_lines, expected.blank_lines);
    EXPECT_EQ(taken.unknown_fields, expected.unknown_fields);
    EXPECT_EQ(threaded->progress().bytes_done, 5000u);
    EXPECT_EQ(threaded->notes(), std::vector<std::string>{"a fake"});
    Batch batch;
    EXPECT_FALSE(*threaded->read(batch)) << "the end stays";
  }
}

TEST(Threaded, ASlowReaderLosesNothing) {
  const auto threaded = read_on_thread(std::make_unique<FakeInput>(many(40), 1));
  std::vector<std::string> items;
  Batch batch;
  while (*threaded->read(batch)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_LE(threaded->progress().bytes_done, 40u);
    items.push_back(describe_fake(batch.items.front()));
  }
  FakeInput plain(many(40), 1);
  EXPECT_EQ(items, take_all(plain).items);
}

TEST(Threaded, ErrorsComeAfterWhatWasBefore) {
  const auto threaded = read_on_thread(std::make_unique<FakeInput>(many(100), 7, "torn"));
  const Taken taken = take_all(*threaded);
  EXPECT_EQ(taken.items.size(), 100u);
  EXPECT_EQ(taken.error, "torn");
  EXPECT_EQ(take_all(*threaded).error, "torn") << "an error stays";
}

TEST(Threaded, MayBeLeftEarly) {
  for (int reads = 0; reads < 8; ++reads) {
    const auto threaded = read_on_thread(std::make_unique<FakeInput>(many(100'000), 10));
    Batch batch;
    for (int i = 0; i < reads; ++i) {
      EXPECT_TRUE(*threaded->read(batch));
    }
  }
}

TEST(Threaded, BatchesStayValidAfterTheInputIsGone) {
  Batch batch;
  {
    const auto threaded = read_on_thread(std::make_unique<FakeInput>(many(100), 10));
    ASSERT_TRUE(*threaded->read(batch));
  }
  ASSERT_EQ(batch.items.size(), 10u);
  EXPECT_EQ(describe_fake(batch.items[3]), "3:3/4/30");
}

}  // namespace
}  // namespace marktwacht
