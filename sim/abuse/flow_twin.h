// A stream as tests ask about it: every order with what became of it, every fill, every other event
// as its line; and the labels, read back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.h"
#include "sim/simulation.h"

namespace marktwacht::sim {

struct SeenOrder {
  std::string account, instrument;
  Side side{};
  double price = 0;  // 0: a market order
  double quantity = 0, filled = 0, notional = 0;
  TimeInForce time_in_force{};
  Time placed;
  Time ended{INT64_MAX};
  bool withdrawn = false;    // by its owner
  bool expired_ioc = false;  // as ioc or fok
  bool large = false;
  int moves = 0;
};

struct SeenFill {
  Time ts;
  std::string instrument, buyer, seller;
  double price = 0, quantity = 0;
  Side aggressor{};
  std::string maker_order, taker_order;

  const std::string& maker() const { return aggressor == Side::buy ? seller : buyer; }
  const std::string& taker() const { return aggressor == Side::buy ? buyer : seller; }
};

struct SeenReject {
  Time ts;
  std::string account, instrument;
};

// Any other event.
struct SeenLine {
  Time ts;
  EventType type;
  std::string account;  // whose it is, where it has an `account_id`
  double amount = 0;
  std::string text;  // its NDJSON

  bool says(std::string_view what) const { return text.find(what) != text.npos; }
};

struct SeenLabel {
  std::string clause, detector, instrument;
  std::set<std::string> accounts;
  Time from, to;

  bool during(Time ts) const { return from <= ts && ts <= to; }
  bool has(const std::string& account) const {
    return accounts.empty() || accounts.contains(account);
  }
  bool in(const std::string& of) const { return instrument.empty() || instrument == of; }
};

class Flow : public Sink {
 public:
  // Runs it.
  explicit Flow(const SimulationOptions& options);
  void take(const Event& event) override;

  std::vector<const SeenOrder*> orders_of(const SeenLabel& label) const;
  std::vector<const SeenFill*> fills_of(const SeenLabel& label) const;
  std::vector<const SeenLine*> lines_of(const SeenLabel& label) const;
  std::vector<const SeenLabel*> labels_of(std::string_view detector) const;
  // Leaves the others out: an episode may have labels of other behaviours besides.
  void keep_labels_of(std::string_view detector);
  // The last trade's price at or before this time; 0 where there is none.
  double price_at(const std::string& instrument, Time ts) const;
  // Messages of the label's accounts in it: orders, replaces, user cancels, rejects.
  std::vector<Time> messages_of(const SeenLabel& label) const;

  std::map<std::string, SeenOrder> orders;  // by their last id
  std::vector<SeenFill> fills;
  std::vector<SeenReject> rejects;
  std::vector<SeenLine> lines;
  std::vector<SeenLabel> labels;
  std::map<std::string, double> tick;  // of instruments
  std::uint64_t hash = 0;              // of all lines
  std::uint64_t count = 0;

 private:
  struct Message {
    Time ts;
    std::string account, instrument;
  };
  void on(const event::Order& order);
  void on(const event::Replace& replace);
  void on(const event::Cancel& cancel);
  void on(const event::Trade& trade);
  void read_labels(const std::string& text);

  std::map<std::string, double> large_;
  std::vector<Message> messages_;
  std::map<std::string, std::vector<std::pair<Time, double>>> prices_;
  std::string line_;
};

double number(const Decimal& decimal);

}  // namespace marktwacht::sim
