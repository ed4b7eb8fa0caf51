// The visible side of the books that an accepted stream makes, as ITCH messages: what a reader of
// them holds after each is what the engine's own books show; docs/formats/itch.md.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/itch/messages.h"
#include "engine/engine.h"
#include "market/market.h"

namespace marktwacht {

// One thread. Holds every order that rests; the messages written since `bytes` was cleared are in
// it, whole. After an error it is of no more use.
class ItchStream {
 public:
  // `engine` takes the stream, and must outlive this.
  explicit ItchStream(const Engine& engine) : engine_(engine) {}

  // After each accepted event, in order. An error names what has no place in ITCH.
  std::expected<void, std::string> take(const Event& event, const Step& step);
  // The end of the stream.
  std::expected<void, std::string> finish();

  std::string& bytes() { return bytes_; }
  // Messages written, by the letter of their type.
  std::uint64_t count(char type) const { return counts_[static_cast<unsigned char>(type)]; }
  std::uint64_t total() const;
  // What is said of instruments whose ids are no symbols; "" where there is none.
  std::string note() const;

 private:
  // An instrument as its directory message has it. The steps do not change afterwards.
  struct Listed {
    std::int64_t tick = 1, lot = 1;
    ItchSymbol symbol{};
  };
  // How an order stands in its book.
  struct Standing {
    Side side{};
    Price price;
    Quantity visible, remaining;
  };
  struct Shown {
    std::uint64_t reference = 0;
    InstrumentIndex instrument;
    Standing standing;
  };
  // An order that could trade at once: shown when it is known what is left of it.
  struct Held {
    std::string order_id;
    InstrumentIndex instrument;
    Standing standing;
  };
  struct IdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
  };
  using ShownOrders =
      boost::unordered_flat_map<std::string, Shown, IdHash, std::equal_to<>>;  // by order id

  const Market& market() const { return engine_.market(); }
  std::expected<void, std::string> outcome() const;
  void pass_time(Time now);
  void list_instruments();
  ItchSymbol symbol_of(InstrumentIndex instrument);
  void show_books();
  void apply(const Event& event);

  void placed(Text order_id);
  void replaced(const event::Replace& event);
  void cancelled(std::string_view order_id);
  void traded(const event::Trade& event);
  void reset(InstrumentIndex instrument);

  std::optional<Standing> standing(OrderSlot slot) const;
  std::optional<Standing> standing(Text order_id) const;
  bool could_trade(InstrumentIndex instrument, const Standing& standing) const;
  void stand(std::string_view order_id, InstrumentIndex instrument, const Standing& standing);
  Held* held(InstrumentIndex instrument);
  void drop_held(InstrumentIndex instrument);
  void release(InstrumentIndex instrument);
  void reconsider(InstrumentIndex instrument);
  void requeued(std::string_view before, std::string_view order_id, InstrumentIndex instrument,
                const Standing& now);
  void rename(std::string_view before, std::string_view order_id);

  struct Execution;
  Quantity executed(Text order_id, const Execution& execution);

  void add(std::string_view order_id, InstrumentIndex instrument, const Standing& standing);
  template <class Message>
  void write(InstrumentIndex instrument, const Message& message);
  void write_system(char code);
  std::uint32_t ticks(InstrumentIndex instrument, Price price, std::string_view of);
  std::uint32_t lots(InstrumentIndex instrument, Quantity quantity, std::string_view of);
  struct Measure;
  std::uint32_t steps(std::int64_t units, const Measure& measure, std::string_view of);

  const Engine& engine_;
  std::string bytes_;
  std::array<std::uint64_t, 256> counts_{};
  std::vector<Listed> listed_;  // by instrument
  ShownOrders shown_;
  std::vector<Held> held_;  // one an instrument, and seldom any
  std::uint64_t last_reference_ = 0, last_match_ = 0;
  std::optional<std::int64_t> day_;  // since 1970, once one has begun
  Time now_;
  bool begun_ = false;
  std::uint32_t without_symbol_ = 0;
  InstrumentIndex first_without_symbol_;
  std::string error_;
};

}  // namespace marktwacht
