// Work that throws ends neither its thread nor the process.
#include "service/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace marktwacht {
namespace {

TEST(Workers, WhatThrowsIsToldAndTheNextIsDone) {
  std::string told;
  std::atomic<int> done = 0;
  Workers workers(1, 10, [&told](const char* fault) { told += fault; });
  ASSERT_TRUE(workers.run([] { throw std::runtime_error("no disk"); }));
  ASSERT_TRUE(workers.run([&done] { ++done; }));
  workers.stop();
  EXPECT_EQ(told, "no disk");
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace marktwacht
