// Every field at its place, big-endian.
#include "edges/itch/messages.h"

#include <string_view>
#include <type_traits>

namespace marktwacht {
namespace {

// Writes one message: its length and head at once, then field by field.
class Fields {
 public:
  Fields(std::string& out, char type, const ItchHead& head) : out_(out), start_(out.size()) {
    integer(std::uint16_t{0});  // the length, once it is known
    character(type);
    integer(head.locate);
    integer(std::uint16_t{0});  // tracking number
    bytes(static_cast<std::uint64_t>(head.at.ns % day.ns), 6);
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields() {
    const std::size_t length = out_.size() - start_ - 2;
    out_[start_] = static_cast<char>(length >> 8);
    out_[start_ + 1] = static_cast<char>(length);
  }

  Fields& character(char value) {
    out_.push_back(value);
    return *this;
  }
  template <class T>
  Fields& integer(T value) {
    static_assert(std::is_unsigned_v<T>);
    return bytes(value, sizeof value);
  }
  Fields& text(std::string_view value) {
    out_.append(value);
    return *this;
  }
  Fields& symbol(const ItchSymbol& value) { return text({value.data(), value.size()}); }

 private:
  Fields& bytes(std::uint64_t value, int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      out_.push_back(static_cast<char>(value >> shift));
    }
    return *this;
  }

  std::string& out_;
  std::size_t start_;
};

}  // namespace

void append(std::string& out, const ItchHead& head, const ItchSystemEvent& message) {
  Fields(out, message.type, head).character(message.code);
}

// What Nasdaq says of a stock further is "not available", "does not apply" or "no" here.
void append(std::string& out, const ItchHead& head, const ItchDirectory& message) {
  Fields(out, message.type, head)
      .symbol(message.symbol)
      .text("  ")                 // market category, financial status
      .integer(std::uint32_t{1})  // round lot size: a share is a lot
      .text("N")                  // round lots only
      .text("QZ ")                // other securities, without a sub-type
      .text("P")                  // live
      .text("   ")                // short sale threshold, IPO, price tier
      .text("N")                  // exchange traded product
      .integer(std::uint32_t{0})  // its leverage
      .text("N");                 // inverse
}

void append(std::string& out, const ItchHead& head, const ItchAdd& message) {
  Fields(out, message.type, head)
      .integer(message.reference)
      .character(message.side == Side::buy ? 'B' : 'S')
      .integer(message.shares)
      .symbol(message.symbol)
      .integer(message.price);
}

void append(std::string& out, const ItchHead& head, const ItchExecuted& message) {
  Fields(out, message.type, head)
      .integer(message.reference)
      .integer(message.shares)
      .integer(message.match);
}

void append(std::string& out, const ItchHead& head, const ItchExecutedAt& message) {
  Fields(out, message.type, head)
      .integer(message.reference)
      .integer(message.shares)
      .integer(message.match)
      .character(message.printable ? 'Y' : 'N')
      .integer(message.price);
}

void append(std::string& out, const ItchHead& head, const ItchCancel& message) {
  Fields(out, message.type, head).integer(message.reference).integer(message.shares);
}

void append(std::string& out, const ItchHead& head, const ItchDelete& message) {
  Fields(out, message.type, head).integer(message.reference);
}

void append(std::string& out, const ItchHead& head, const ItchReplace& message) {
  Fields(out, message.type, head)
      .integer(message.reference)
      .integer(message.new_reference)
      .integer(message.shares)
      .integer(message.price);
}

// As Nasdaq does it: no reference, and B whichever side rested.
void append(std::string& out, const ItchHead& head, const ItchTrade& message) {
  Fields(out, message.type, head)
      .integer(std::uint64_t{0})
      .character('B')
      .integer(message.shares)
      .symbol(message.symbol)
      .integer(message.price)
      .integer(message.match);
}

}  // namespace marktwacht
