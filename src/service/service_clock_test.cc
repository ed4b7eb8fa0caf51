// On a quiet market the engine's time passes as quickly as the clock on the wall, however long the
// commits of its ticks take, and goes on after a restart from where it stood.
#include <gtest/gtest.h>

#include <chrono>
#include <latch>
#include <optional>
#include <thread>

#include "edges/journal/journal_sample.h"
#include "service/clocks.h"
#include "service/demo_day_twin.h"
#include "service/service.h"

namespace marktwacht {
namespace {

void take_demo(Service& service) {
  std::latch durable(1);
  IntakeBatch batch = demo_batch(demo_batches(1'000).front());
  batch.done = [&](const IntakeAnswer&) { durable.count_down(); };
  ASSERT_TRUE(service.offer(std::move(batch)));
  durable.wait();
}

TEST(ServiceClock, TicksLoseNoTime) {
  const sample::Folder folder;
  ServiceOptions options;
  options.core = demo_options(folder / "d");
  options.silence = Duration{1'000'000};
  auto service = *Service::start(options);
  take_demo(*service);
  // Between two looks at the one clock lies a look at the other.
  struct Looks {
    explicit Looks(const Service& of)
        : before_ns(monotonic_ns()), engine(of.now()), after_ns(monotonic_ns()) {}
    std::int64_t before_ns;
    Time engine;
    std::int64_t after_ns;
  };
  const Looks first(*service);
  const std::uint64_t commits = service->status().commits;
  while (service->status().commits < commits + 20) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const Looks last(*service);
  const std::int64_t passed_ns = last.engine.ns - first.engine.ns;
  EXPECT_GE(passed_ns, last.before_ns - first.after_ns);
  EXPECT_LE(passed_ns, last.after_ns - first.before_ns);
  EXPECT_TRUE(service->stop());
}

TEST(ServiceClock, GoesOnAfterARestartFromWhereItStood) {
  const sample::Folder folder;
  ServiceOptions options;
  options.core = demo_options(folder / "d");
  auto service = *Service::start(options);
  take_demo(*service);
  const std::optional<Time> stood = service->status().clock;
  ASSERT_TRUE(service->stop());
  ASSERT_TRUE(stood);
  service.reset();  // it holds the folder
  const std::int64_t before_ns = monotonic_ns();
  service = *Service::start(options);
  const Time now = service->now();
  EXPECT_GE(now.ns, stood->ns);
  EXPECT_LE(now.ns - stood->ns, monotonic_ns() - before_ns);
  EXPECT_TRUE(service->stop());
}

}  // namespace
}  // namespace marktwacht
