// The gate, asked while another process keeps it: see measure.h.
#include <marktwacht/gate.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "bench/machine.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "edges/gate/gate_writer.h"

namespace marktwacht::bench {
namespace {

constexpr std::int64_t now_ns = 1'700'000'000'000'000'000;
constexpr std::uint32_t instruments = 200;
constexpr std::size_t ready_size = 64;  // questions that are made, then asked: they stay close by

std::int64_t monotonic_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

SubjectRestrictions restricted(SubjectKind kind, std::string id,
                               std::initializer_list<GateAction> actions, std::uint64_t measure) {
  SubjectRestrictions subject{{kind, std::move(id)}, measure, {}};
  for (const GateAction action : actions) {
    Restriction& one = subject.restrictions.emplace_back();
    one.action = action;
    one.reason = MeasureKind::freeze_account;
    one.measure = measure;
  }
  return subject;
}

// One account in a hundred is restricted, of a large venue; a few instruments, devices and ips too.
std::vector<SubjectRestrictions> restrictions_of(std::uint32_t accounts) {
  std::vector<SubjectRestrictions> all;
  const auto number = [](std::uint32_t i) { return std::to_string(i); };
  for (std::uint32_t account = 0; account < accounts; account += 100) {
    all.push_back(restricted(SubjectKind::account, "user-" + number(account),
                             {GateAction::place_order, GateAction::open_position,
                              GateAction::withdraw, GateAction::transfer},
                             account + 1));
  }
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    all.push_back(restricted(SubjectKind::device, "device-" + number(i),
                             {GateAction::register_, GateAction::login, GateAction::api}, 1));
    all.push_back(restricted(SubjectKind::ip, "ip-" + number(i), {GateAction::register_}, 1));
  }
  for (const char* id : {"PAIR-17", "PAIR-117"}) {
    all.push_back(restricted(SubjectKind::instrument, id, {GateAction::place_order}, 1));
  }
  return all;
}

// Publishes, says so, then changes one account every 100 µs, with the time as the measure.
[[noreturn]] void keep_gate(const std::string& folder, std::uint32_t accounts, int ready) {
  auto writer = GateWriter::open(folder, "key");
  if (!writer || !writer->publish(restrictions_of(accounts), {now_ns}) ||
      write(ready, "x", 1) != 1) {
    _exit(1);
  }
  const pid_t parent = getppid();
  while (getppid() == parent) {
    const std::int64_t start = monotonic_ns();
    if (!writer->apply(restricted(SubjectKind::account, "signal", {GateAction::withdraw},
                                  static_cast<std::uint64_t>(start)))) {
      _exit(1);
    }
    writer->beat({now_ns});
    usleep(100);
  }
  _exit(0);
}

// Its writer lives as long as this.
class OtherProcess {
 public:
  OtherProcess(const std::string& folder, std::uint32_t accounts) {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) {
      return;
    }
    child_ = fork();
    if (child_ == 0) {
      keep_gate(folder, accounts, ends[1]);
    }
    close(ends[1]);
    char byte = 0;
    ready_ = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
  }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;
  ~OtherProcess() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  bool ready() const { return ready_; }

 private:
  pid_t child_ = -1;
  bool ready_ = false;
};

// Orders of any accounts, made some at a time.
class Orders {
 public:
  Orders(std::uint32_t accounts, std::uint64_t seed) : random_(seed), accounts_(accounts) {
    questions_.resize(ready_size);
    texts_.resize(2 * ready_size);
  }

  const std::vector<mw_gate_question>& next() {
    for (std::size_t at = 0; at < ready_size; ++at) {
      texts_[2 * at] = "user-" + std::to_string(random_() % accounts_);
      texts_[2 * at + 1] = "PAIR-" + std::to_string(random_() % instruments);
      mw_gate_question& question = questions_[at] = {};
      question.size = sizeof question;
      question.action = MW_PLACE_ORDER;
      question.now_ns = now_ns;
      question.account_id = {texts_[2 * at].data(), texts_[2 * at].size()};
      question.instrument_id = {texts_[2 * at + 1].data(), texts_[2 * at + 1].size()};
      question.side = random_() % 2 == 0 ? MW_BUY : MW_SELL;
      question.quantity = mw_decimal_of(static_cast<std::int64_t>(1 + random_() % 1'000), -3);
      question.position = mw_decimal_of(static_cast<std::int64_t>(random_() % 2'000) - 1'000, -3);
    }
    return questions_;
  }

 private:
  std::mt19937_64 random_;
  std::uint32_t accounts_;
  std::vector<std::string> texts_;
  std::vector<mw_gate_question> questions_;
};

// Each check by itself, without what the clock takes.
double check_ns(const mw_gate* gate, Orders& orders, std::uint32_t checks) {
  std::vector<double> with, without;
  for (std::uint32_t done = 0; done < checks; done += ready_size) {
    for (const mw_gate_question& question : orders.next()) {
      mw_gate_answer answer;
      answer.size = sizeof answer;
      const std::int64_t before = monotonic_ns();
      keep(mw_gate_check(gate, &question, &answer));
      const std::int64_t between = monotonic_ns();
      keep(answer);
      const std::int64_t after = monotonic_ns();
      with.push_back(static_cast<double>(between - before));
      without.push_back(static_cast<double>(after - between));
    }
  }
  return std::max(at_share(with, 0.5) - at_share(without, 0.5), 1.0);
}

double batched_ns(const mw_gate* gate, Orders& orders, std::uint32_t checks) {
  constexpr std::size_t batch = 16;
  std::vector<double> samples;
  std::vector<mw_gate_answer> answers(ready_size);
  for (mw_gate_answer& answer : answers) {
    answer.size = sizeof answer;
  }
  for (std::uint32_t done = 0; done < checks; done += ready_size) {
    const auto& ready = orders.next();
    const std::int64_t before = monotonic_ns();
    for (std::size_t at = 0; at < ready_size; at += batch) {
      mw_gate_check_batch(gate, &ready[at], batch, &answers[at]);
    }
    samples.push_back(static_cast<double>(monotonic_ns() - before) / ready_size);
  }
  return at_share(samples, 0.5);
}

// From before a change is written until this process is denied by it.
double seen_ns(const mw_gate* gate, std::uint32_t changes) {
  mw_gate_question question{};
  question.size = sizeof question;
  question.action = MW_WITHDRAW;
  question.now_ns = now_ns;
  question.account_id = mw_text_of("signal");
  mw_gate_answer answer{};
  answer.size = sizeof answer;
  std::vector<double> samples;
  std::uint64_t last = 0;
  while (samples.size() <= changes) {
    mw_gate_check(gate, &question, &answer);
    if (answer.measure != last) {
      last = answer.measure;
      samples.push_back(static_cast<double>(monotonic_ns()) - static_cast<double>(last));
    }
  }
  samples.erase(samples.begin());  // that one was there before
  return at_share(samples, 0.99);
}

}  // namespace

std::expected<void, std::string> measure_gate(std::uint32_t events, std::uint64_t seed,
                                              std::uint64_t miss_bytes, Results& results) {
  std::string folder = (std::filesystem::temp_directory_path() / "marktwacht_gate_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    return std::unexpected(folder + " cannot be made");
  }
  const std::uint32_t accounts = std::max(events / 10, 1'000U), checks = std::min(events, 500'000U);
  std::string error(256, '\0');
  {
    const OtherProcess other(folder, accounts);
    mw_gate* const gate = mw_gate_open(folder.c_str(), "key", 3, error.data(), error.size());
    if (other.ready() && gate != nullptr) {
      Orders orders(accounts, seed);
      const double miss = measure_chase(miss_bytes).ns;
      const double one = check_ns(gate, orders, checks);
      results.add("memory_miss", "ns", miss);
      results.add("gate_check", "ns/check", one);
      results.add("gate_check_over_miss", ratio, one / miss, Goal{Goal::Kind::at_most, 0.8});
      results.add("gate_check_batched", "ns/check", batched_ns(gate, orders, checks),
                  Goal{Goal::Kind::at_most, 40});
      results.add("gate_change_seen_p99", "ns", seen_ns(gate, std::min(events / 100, 5'000U)),
                  Goal{Goal::Kind::at_most, 1'000'000});
      error.clear();
    }
    mw_gate_close(gate);
  }
  std::filesystem::remove_all(folder);
  return error.empty()
             ? std::expected<void, std::string>{}
             : std::unexpected("the gate cannot be measured: " + std::string(error.c_str()));
}

}  // namespace marktwacht::bench
