// A disk that is full in the middle of a group: nothing is kept of what was answered as failed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <future>

#include "edges/journal/journal_sample.h"
#include "service/admission.h"
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

ServiceOptions options_in(const std::string& folder) {
  ServiceOptions options;
  options.core = demo_options(folder);
  options.silence = Duration{0};
  return options;
}

IntakeBatch deposits(const std::string& account_id, int count) {
  std::string text = R"({"type":"asset","ts":1,"asset":"USDT","decimals":6})"
                     "\n";
  for (int i = 0; i < count; ++i) {
    text += R"({"type":"deposit","ts":2,"asset":"USDT","amount":"1","account_id":")" + account_id +
            R"(","tx_id":")" + account_id + std::to_string(i) + "\"}\n";
  }
  IntakeBatch batch;
  batch.source = "feed";
  batch.events = decode_lines(std::move(text));
  return batch;
}

std::future<IntakeAnswer> offered(Service& service, IntakeBatch batch) {
  const auto promise = std::make_shared<std::promise<IntakeAnswer>>();
  batch.done = [promise](const IntakeAnswer& answer) { promise->set_value(answer); };
  EXPECT_TRUE(service.offer(std::move(batch)));
  return promise->get_future();
}

// While it lives, no file of this process grows beyond so much.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : before_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &kept_);
    const rlimit small{bytes, kept_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &kept_);
    signal(SIGXFSZ, before_);
  }

 private:
  rlimit kept_{};
  void (*before_)(int);
};

TEST(FullDisk, WhatFailedWithItsGroupIsNowhere) {
  const sample::Folder folder;
  auto service = *Service::start(options_in(folder / "d"));
  ASSERT_EQ(offered(*service, deposits("before", 1)).get().error, "");
  const std::uint64_t last_seq = service->status().last_seq;
  std::promise<void> wait, waits;
  service->ask([&](const Engine*) {  // as a slow disk holds it: what is offered becomes one group
    waits.set_value();
    wait.get_future().wait();
  });
  waits.get_future().wait();
  auto first = offered(*service, deposits("first", 300));
  auto second = offered(*service, deposits("second", 20'000));
  {
    const FileLimit limit(700'000);  // the first and a part of the second
    wait.set_value();
    for (const IntakeAnswer& answer : {first.get(), second.get()}) {
      EXPECT_NE(answer.error, "");
      EXPECT_FALSE(answer.is_unknown);
    }
    const auto journal = JournalReader::open(folder / "d");
    ASSERT_TRUE(journal) << journal.error();
  }
  EXPECT_TRUE(eventually([&] { return service->status().failed.empty(); }));
  EXPECT_EQ(service->status().last_seq, last_seq);
  EXPECT_EQ(offered(*service, deposits("first", 300)).get().accepted, 301u);
  EXPECT_EQ(service->status().last_seq, last_seq + 301);
  EXPECT_TRUE(service->stop());
  EXPECT_TRUE(verify_journal(folder / "d").ok);
}

}  // namespace
}  // namespace marktwacht
