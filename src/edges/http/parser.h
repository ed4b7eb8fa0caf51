// HTTP/1.1 messages out of bytes, strictly: Boost.Beast's parser with what it lets pass refused. No
// Boost in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "edges/http/client.h"
#include "edges/http/message.h"

namespace marktwacht {

struct ParseLimits {
  std::size_t header_bytes_max = 16 * 1'024;
  std::size_t headers_max = 100;
};

// What is wrong, as a status (400, 413, 414, 415, 431, 501, 505) and words for the sender.
struct ParseFault {
  int status = 0;
  std::string what;
};

enum class Parsed : std::uint8_t { more, head, whole, fault };

// One request. Call feed() with all that is there: it says how much it took; give the rest again,
// with what comes after it.
class RequestParser {
 public:
  explicit RequestParser(const ParseLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  struct Step {
    std::size_t taken = 0;
    Parsed parsed = Parsed::more;
  };
  // `head` comes once, before the body; set the body's limit then.
  Step feed(std::string_view bytes);
  // False: the head says already that the body is larger.
  bool set_body_bytes_max(std::size_t bytes);

  HttpRequest& request();
  const ParseFault& fault() const;
  bool keeps_alive() const;
  bool is_http_1_0() const;
  bool expects_continue() const;
  bool has_body() const;  // after the head: bytes will follow

 private:
  class State;
  std::unique_ptr<State> state_;
};

// One reply. `to_head`: a HEAD asked for it, so no body follows.
class ReplyParser {
 public:
  ReplyParser(const ParseLimits& limits, std::size_t body_bytes_max, bool to_head);
  ~ReplyParser();

  RequestParser::Step feed(std::string_view bytes);  // never `head`
  // The other side sent all: whole, or a fault.
  Parsed feed_end();
  HttpReply& reply();
  const ParseFault& fault() const;
  bool keeps_alive() const;
  bool has_begun() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace marktwacht
