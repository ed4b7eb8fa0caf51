// Lengths, offsets and what each message does, as Nasdaq's specification lists them.
#include "edges/itch/itch_twin.h"

#include <algorithm>
#include <iterator>

namespace marktwacht {
namespace {

const std::map<char, std::size_t> lengths = {{'S', 12}, {'R', 39}, {'A', 36}, {'E', 31}, {'C', 36},
                                             {'X', 23}, {'D', 19}, {'U', 35}, {'P', 44}};

}  // namespace

struct ItchTwin::Message {
  std::string_view bytes;

  char type() const { return bytes[0]; }
  char letter(std::size_t offset) const { return bytes[offset]; }
  std::uint64_t number(std::size_t offset, std::size_t size) const {
    std::uint64_t value = 0;
    for (const char c : bytes.substr(offset, size)) {
      value = value * 256 + static_cast<unsigned char>(c);
    }
    return value;
  }
  std::uint32_t number32(std::size_t offset) const {
    return static_cast<std::uint32_t>(number(offset, 4));
  }
  std::uint16_t locate() const { return static_cast<std::uint16_t>(number(1, 2)); }
  std::uint64_t reference() const { return number(11, 8); }
};

std::string ItchTwin::read(std::string_view bytes) {
  while (!bytes.empty()) {
    if (bytes.size() < 3) {
      return "a torn message";
    }
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]) * 256 +
                                                 static_cast<unsigned char>(bytes[1]));
    bytes.remove_prefix(2);
    const auto known = lengths.find(bytes[0]);
    if (known == lengths.end() || known->second != length || bytes.size() < length) {
      return std::string("a message ") + bytes[0] + " of " + std::to_string(length) + " bytes";
    }
    const Message message{bytes.substr(0, length)};
    for (std::string fault : {take_head(message), take(message)}) {
      if (!fault.empty()) {
        return std::string(1, message.type()) + ": " + fault;
      }
    }
    bytes.remove_prefix(length);
  }
  return "";
}

std::string ItchTwin::take_head(const Message& message) {
  ++counts_.at(static_cast<unsigned char>(message.type()));
  if (message.type() == 'S') {
    const char code = message.letter(11);
    events_ += code;
    if (message.locate() != 0 || (code == 'C' ? !in_day_ : code != 'O') || ended_) {
      return "out of place";
    }
    in_day_ = true;
    ended_ = code == 'C';
    time_ = ended_ ? time_ : 0;
  } else if (message.type() == 'R') {
    if (!symbols_.emplace(message.locate(), message.bytes.substr(11, 8)).second) {
      return "listed twice";
    }
  } else if (!symbols_.contains(message.locate())) {
    return "of no instrument";
  }
  const std::uint64_t time = message.number(5, 6);
  if (message.number(3, 2) != 0 || time < time_ || time >= 86'400'000'000'000 || !in_day_ ||
      (ended_ && message.type() != 'S')) {
    return "at a wrong time";
  }
  time_ = time;
  const std::map<char, std::size_t> matches = {{'E', 23}, {'C', 23}, {'P', 36}};
  if (const auto at = matches.find(message.type()); at != matches.end()) {
    const std::uint64_t match = message.number(at->second, 8);
    const bool repeats = message.type() == 'C' && message.letter(31) == 'N';
    if (repeats ? match != last_match_ : match <= last_match_) {
      return "a match number out of order";
    }
    last_match_ = match;
  }
  return "";
}

std::string ItchTwin::take(const Message& message) {
  const auto known = orders_.find(message.bytes.size() < 19 ? 0 : message.reference());
  const bool about_an_order = std::string("ECXDU").contains(message.type());
  if (about_an_order && (known == orders_.end() || known->second.locate != message.locate())) {
    return "of no order";
  }
  switch (message.type()) {
    case 'A':
      if (message.bytes.substr(24, 8) != symbols_[message.locate()]) {
        return "another symbol";
      }
      return add(message.reference(), {message.locate(), message.letter(19), message.number32(32),
                                       message.number32(20)});
    case 'C':
      if (message.letter(31) != 'N') {
        volume_ += message.number(19, 4);
        if (message.number32(32) == known->second.price) {
          return "a price that need not be said";
        }
      }
      return reduce(message.reference(), message.number32(19));
    case 'E':
      volume_ += message.number(19, 4);
      return reduce(message.reference(), message.number32(19));
    case 'X':
      if (message.number32(19) >= known->second.shares) {
        return "takes all";
      }
      return reduce(message.reference(), message.number32(19));
    case 'D':
      remove(message.reference());
      return "";
    case 'U': {
      const Resting before = known->second;
      remove(message.reference());
      return add(message.number(19, 8),
                 {before.locate, before.side, message.number32(31), message.number32(27)});
    }
    case 'P':
      volume_ += message.number(20, 4);
      return message.reference() == 0 && message.number(20, 4) > 0 ? "" : "no trade";
    default:
      return "";
  }
}

std::string ItchTwin::add(std::uint64_t reference, const Resting& order) {
  if (reference <= last_reference_ || order.shares == 0 ||
      (order.side != 'B' && order.side != 'S')) {
    return "no new order";
  }
  last_reference_ = reference;
  orders_[reference] = order;
  sides_[{order.locate, order.side}][order.price].push_back(reference);
  return "";
}

std::string ItchTwin::reduce(std::uint64_t reference, std::uint32_t shares) {
  Resting& order = orders_.at(reference);
  if (shares == 0 || shares > order.shares) {
    return "a wrong number of shares";
  }
  order.shares -= shares;
  if (order.shares == 0) {
    remove(reference);
  }
  return "";
}

void ItchTwin::remove(std::uint64_t reference) {
  const Resting order = orders_.at(reference);
  Levels& side = sides_[{order.locate, order.side}];
  side[order.price].remove(reference);
  if (side[order.price].empty()) {
    side.erase(order.price);
  }
  orders_.erase(reference);
}

std::string ItchTwin::side_text(std::uint16_t locate, char side) const {
  std::string text;
  const auto found = sides_.find({locate, side});
  if (found == sides_.end()) {
    return text;
  }
  const auto level_text = [&](const auto& level) {
    text += (text.empty() ? "" : ", ") + std::to_string(level.first) + ":";
    for (const std::uint64_t reference : level.second) {
      text += " " + std::to_string(orders_.at(reference).shares);
    }
  };
  const Levels& levels = found->second;
  side == 'B' ? (void)std::for_each(levels.rbegin(), levels.rend(), level_text)
              : (void)std::for_each(levels.begin(), levels.end(), level_text);
  return text;
}

std::vector<std::string> itch_texts(std::string_view bytes) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < bytes.size();) {
    const ItchTwin::Message message{
        bytes.substr(at + 2, static_cast<unsigned char>(bytes[at + 1]))};
    const auto number = [&](std::size_t offset, std::size_t size) {
      return " " + std::to_string(message.number(offset, size));
    };
    const auto letter = [&](std::size_t offset) {
      return std::string(" ") + message.letter(offset);
    };
    std::string& text = texts.emplace_back(1, message.type());
    switch (message.type()) {
      case 'S':
        text += letter(11);
        break;
      case 'R':
        text += number(1, 2) + " " + std::string(message.bytes.substr(11, 8));
        break;
      case 'A':
        text += number(11, 8) + letter(19) + number(20, 4) + " at" + number(32, 4);
        break;
      case 'C':
        text += number(11, 8) + number(19, 4) + " at" + number(32, 4) + letter(31);
        break;
      case 'U':
        text += number(11, 8) + number(19, 8) + number(27, 4) + " at" + number(31, 4);
        break;
      case 'P':
        text += number(20, 4) + " at" + number(32, 4);
        break;
      default:
        text += number(11, 8) + (message.type() == 'D' ? "" : number(19, 4));
    }
    at += 2 + message.bytes.size();
  }
  return texts;
}

std::string ItchTwin::book(std::uint16_t locate) const {
  return side_text(locate, 'B') + " | " + side_text(locate, 'S');
}

}  // namespace marktwacht
