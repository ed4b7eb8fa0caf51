// `kill -9` at random moments while events come in: what was answered for is there once, and all
// else comes out as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "edges/journal/journal_sample.h"
#include "service/demo_day_twin.h"
#include "service/service.h"

namespace marktwacht {
namespace {

constexpr std::size_t lines_each = 3;

ServiceOptions options_in(const std::string& folder) {
  ServiceOptions options;
  options.core = demo_options(folder);
  options.silence = Duration{0};
  options.snapshot_every = Duration{50'000'000};
  return options;
}

// Sends what is not answered for yet, in order; writes the number of each that is to `answers`.
[[noreturn]] void send_from(const std::string& folder, std::size_t first, int answers) {
  auto service = Service::start(options_in(folder));
  if (!service) {
    std::fprintf(stderr, "%s\n", service.error().c_str());
    _exit(1);
  }
  const auto all = demo_batches(lines_each);
  for (std::size_t at = first; at < all.size(); ++at) {
    IntakeBatch batch = demo_batch(all[at]);
    batch.done = [answers, at](const IntakeAnswer& answer) {
      const auto number = static_cast<std::uint32_t>(at);
      if (answer.error.empty() && write(answers, &number, sizeof number) != sizeof number) {
        _exit(1);
      }
    };
    while (!(*service)->offer(std::move(batch))) {
      usleep(1'000);
    }
    usleep(2'000);
  }
  for (;;) {
    pause();
  }
}

// How far it got until it was killed, so long after its first answer; all that it answered for.
std::size_t live_and_die(const std::string& folder, std::size_t first, useconds_t life_us) {
  int ends[2];
  check(pipe(ends) == 0, "a pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    send_from(folder, first, ends[1]);
  }
  close(ends[1]);
  std::uint32_t number = 0;
  if (read(ends[0], &number, sizeof number) == sizeof number) {
    first = number + 1;
  }
  usleep(life_us);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
  while (read(ends[0], &number, sizeof number) == sizeof number) {
    first = std::max<std::size_t>(first, number + 1);
  }
  close(ends[0]);
  return first;
}

TEST(Kill, no_event_is_lost_or_doubled_and_alerts_and_measures_are_the_same) {
  const char* asked = std::getenv("MARKTWACHT_KILLS");
  const int kills = asked == nullptr ? 20 : std::atoi(asked);
  const sample::Folder calm;
  const DemoDay whole_day = demo_day(calm / "d", lines_each);
  std::mt19937 random(11);
  int done = 0, days = 0;
  while (done < kills) {
    const sample::Folder folder;
    const std::size_t last = demo_batches(lines_each).size();
    std::size_t next = 0;
    for (++days; next < last && done < kills; ++done) {
      next = live_and_die(folder / "d", next, static_cast<useconds_t>(random() % 40'000));
    }
    auto core = Core::open(demo_options(folder / "d"), UINT64_MAX, {});
    ASSERT_TRUE(core) << core.error();
    for (const auto& text : demo_batches(lines_each)) {
      ASSERT_TRUE((*core)->take(demo_batch(text)));  // all once more: nothing is taken twice
    }
    ASSERT_TRUE((*core)->commit());
    EXPECT_EQ((*core)->engine().state_hash(), whole_day.state);
    core->reset();
    EXPECT_TRUE(records_in(folder / "d") == whole_day.records);
  }
  std::printf("%d kills over %d days\n", done, days);
}

}  // namespace
}  // namespace marktwacht
