// The slow and clear reader of ITCH 5.0 files, written from the format alone: books of maps and
// lists.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace marktwacht {

class ItchTwin {
 public:
  struct Resting {
    std::uint16_t locate = 0;
    char side = 0;
    std::uint32_t price = 0;
    std::uint32_t shares = 0;
  };
  using Queue = std::list<std::uint64_t>;         // references, first in the queue first
  using Levels = std::map<std::uint32_t, Queue>;  // by price
  using Sides = std::map<std::pair<std::uint16_t, char>, Levels>;  // by locate and B or S

  // Reads whole messages. "" or the first thing that is wrong with them; nothing is read behind it.
  std::string read(std::string_view bytes);

  const std::map<std::uint64_t, Resting>& orders() const { return orders_; }
  const Sides& sides() const { return sides_; }
  const std::map<std::uint16_t, std::string>& symbols() const { return symbols_; }
  std::uint64_t count(char type) const { return counts_.at(static_cast<unsigned char>(type)); }
  // Shares that printable messages say were traded.
  std::uint64_t volume() const { return volume_; }
  std::string events() const { return events_; }  // codes of system events, in order
  // "P: n n, … | P: n, …": bids and asks from the best on, each price with what stands there in
  // order.
  std::string book(std::uint16_t locate) const;

 private:
  friend std::vector<std::string> itch_texts(std::string_view bytes);
  struct Message;
  std::string take(const Message& message);
  std::string take_head(const Message& message);
  std::string add(std::uint64_t reference, const Resting& order);
  std::string reduce(std::uint64_t reference, std::uint32_t shares);
  void remove(std::uint64_t reference);
  std::string side_text(std::uint16_t locate, char side) const;

  std::map<std::uint64_t, Resting> orders_;  // by reference
  Sides sides_;
  std::map<std::uint16_t, std::string> symbols_;
  std::array<std::uint64_t, 256> counts_{};
  std::uint64_t volume_ = 0;
  std::uint64_t last_reference_ = 0, last_match_ = 0;
  std::uint64_t time_ = 0;  // since the day began
  bool in_day_ = false, ended_ = false;
  std::string events_;
};

// Each message in short: "A 1 B 10 at 200" is reference 1, buy 10 shares at 200.
std::vector<std::string> itch_texts(std::string_view bytes);

}  // namespace marktwacht
