// The other end of enforcement's commands: an exchange that obeys, but late, twice, not at all, or
// whose answer is lost. Commands come as lines of its outbox, answers go as lines of events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "events/json_members.h"
#include "sim/random.h"

namespace marktwacht::sim {

// Of 100 commands. What is lost is sent again by whoever waits for an answer.
struct ExchangeFaults {
  std::uint32_t lost = 0;         // it never comes
  std::uint32_t answer_lost = 0;  // it is done
  std::uint32_t repeated = 0;     // it comes twice
  std::uint32_t refused = 0;      // nothing is done, the answer is `failed`
  Duration delay_most{1};         // each way
};

// One thread. Attempts of one command differ in the last part of their ids: it is done once.
class Exchange {
 public:
  struct Obeyed {
    std::uint64_t revision = 0;
    std::string restrictions = "[]";  // as the command had them
  };
  using Holding = std::pair<std::string, std::string>;  // account, asset

  Exchange(std::uint64_t seed, const ExchangeFaults& faults) : random_(seed), faults_(faults) {}

  // No faults from now on.
  void heal() { faults_ = {}; }

  void send(std::string_view command, Time now);
  std::optional<Time> next_due() const;
  // What it tells at its next due time: `command_result`, `ledger` and `cancel` lines.
  std::vector<std::string> take_next();

  // What accounts do.
  void credit(const std::string& account_id, const std::string& asset, const Decimal& amount);
  void place(const std::string& order_id, const std::string& account_id);
  bool denies(const std::string& account_id, std::string_view action) const;

  // By "account ID" or "instrument ID".
  const std::map<std::string, Obeyed>& obeyed() const { return obeyed_; }
  Decimal balance(const std::string& account_id, const std::string& asset) const;
  const std::map<Holding, Decimal>& balances() const { return balances_; }
  // What a measure's entries have changed, undone ones included; nothing that is 0.
  std::map<Holding, Decimal> moved_by(const std::string& measure_id) const;
  const std::map<std::tuple<std::string, std::string, std::string>, Decimal>& moved() const {
    return moved_;
  }

 private:
  struct Message {
    bool is_answer = false;
    std::string text;
  };
  struct Entry {
    std::string account_id, asset;
    Decimal amount;
  };

  void post(Message message, Time now);
  void arrive(const std::string& command, Time now, std::vector<std::string>& told);
  void restrict_subject(const JsonMembers& command, Time now);
  void answer(const JsonMembers& command, std::string_view result, std::string_view detail,
              const std::optional<Decimal>& amount, Time now);
  void cancel_orders(const std::string& account_id, std::vector<std::string>& told);
  void move(const JsonMembers& command, Time now, std::vector<std::string>& told);
  void book(const Entry& entry, const std::string& measure_id, std::vector<std::string>& told);

  Random random_;
  ExchangeFaults faults_;
  std::map<std::pair<Time, std::uint64_t>, Message> under_way_;
  std::uint64_t next_ = 0;
  std::map<std::string, Obeyed> obeyed_;
  std::map<std::string, std::string> done_;  // command without its attempt: the amount, if partly
  std::map<Holding, Decimal> balances_;
  std::map<std::tuple<std::string, std::string, std::string>, Decimal> moved_;
  std::map<std::string, std::set<std::string>> orders_;  // by account
};

}  // namespace marktwacht::sim
