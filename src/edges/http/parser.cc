// The only file that knows of Boost.Beast.
#include "edges/http/parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "edges/http/target.h"

namespace marktwacht {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Piece = boost::beast::string_view;

std::string_view std_view(Piece piece) { return {piece.data(), piece.size()}; }

ParseFault fault_of(const error_code& error) {
  if (error == http::error::header_limit) {
    return {431, "the header is too large"};
  }
  if (error == http::error::body_limit || error == http::error::buffer_overflow) {
    return {413, "the body is too large"};
  }
  if (error == http::error::bad_version) {
    return {505, "only HTTP 1.1 and 1.0 are spoken here"};
  }
  return {400, error.message()};
}

// What both directions share: headers, their limits, framing that cannot be read in two ways.
template <bool is_request>
class Message : public http::basic_parser<is_request> {
 public:
  explicit Message(const ParseLimits& limits) : limits_(limits) {
    this->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    this->body_limit(boost::none);
  }

  ParseFault fault;
  std::vector<NameValue> headers;
  std::string body;
  bool head_is_whole = false;

  // As Beast's put(), but a fault is kept. True: it wants more.
  bool put_some(std::string_view bytes, std::size_t& taken) {
    // Beast asserts that the end of an empty body ("0", two line ends) comes in no smaller parts.
    constexpr std::size_t chunks_end_bytes = 5;
    if (head_is_whole && this->chunked() && bytes.size() < chunks_end_bytes) {
      taken = 0;
      return true;
    }
    error_code error;
    taken = this->put({bytes.data(), bytes.size()}, error);
    // Where a line has no end the parser takes nothing and would have us keep all.
    if (error == http::error::need_more) {
      if (bytes.size() - taken > limits_.header_bytes_max) {
        fault = head_is_whole ? ParseFault{400, "a chunk's head without end"}
                              : ParseFault{431, "the header is too large"};
      }
      return true;
    }
    if (error && fault.status == 0) {
      fault = fault_of(error);
    }
    return false;
  }

 protected:
  void refuse(int status, std::string what, error_code& error) {
    fault = {status, std::move(what)};
    error = http::error::bad_value;
  }

  void on_field_impl(http::field field, Piece name, Piece value, error_code& error) override {
    head_bytes_ += name.size() + value.size() + 4;
    if (head_bytes_ > limits_.header_bytes_max || ++fields_ > limits_.headers_max) {
      return refuse(431, "the header is too large", error);
    }
    if (head_is_whole) {
      return;  // trailers: nobody asks for them, and they must not pass for headers
    }
    if (field == http::field::content_length) {
      if (has_length_ || value.find_first_not_of("0123456789") != Piece::npos) {
        return refuse(400, "Content-Length must be one number", error);
      }
      has_length_ = true;
    }
    // Beast reads an unknown coding as none at all: a proxy that knows it would see another body.
    if (field == http::field::transfer_encoding && !is_chunked(value)) {
      return refuse(501, "of transfer codings only chunked is known", error);
    }
    headers.push_back({std::string(std_view(name)), std::string(std_view(value))});
  }

  void on_header_impl(error_code& error) override {
    head_is_whole = true;
    if (this->version_is_1_0() && this->chunked()) {
      refuse(400, "HTTP/1.0 has no chunks", error);
    }
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Piece bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, Piece, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Piece bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}

  virtual bool version_is_1_0() const = 0;
  void count_start_line(std::size_t bytes) { head_bytes_ += bytes; }

 private:
  static bool is_chunked(Piece value) { return boost::beast::iequals(value, "chunked"); }

  ParseLimits limits_;
  std::size_t head_bytes_ = 0;
  std::size_t fields_ = 0;
  bool has_length_ = false;
};

}  // namespace

class RequestParser::State final : public Message<true> {
 public:
  explicit State(const ParseLimits& limits) : Message(limits) {}

  HttpRequest request;
  bool is_http_1_0 = false;
  bool expects_continue = false;

 private:
  bool version_is_1_0() const override { return is_http_1_0; }

  void on_request_impl(http::verb, Piece method, Piece target, int version,
                       error_code& error) override {
    count_start_line(method.size() + target.size() + 12);
    is_http_1_0 = version == 10;
    request.method = std_view(method);
    auto read = marktwacht::parse_target(std_view(target));
    if (!read) {
      return refuse(400, read.error(), error);
    }
    request.path = std::move(read->path);
    request.query = std::move(read->query);
  }
  void on_response_impl(int, Piece, int, error_code&) override {}

  void on_header_impl(error_code& error) override {
    Message::on_header_impl(error);
    request.headers = std::move(headers);
    int hosts = 0;
    for (const NameValue& header : request.headers) {
      hosts += boost::beast::iequals(header.name, "Host") ? 1 : 0;
    }
    // A space: the next line was folded into it.
    const bool is_folded = request.header("Host").find(' ') != std::string_view::npos;
    if (!error && (hosts > 1 || (hosts == 0 && !is_http_1_0) || is_folded)) {
      return refuse(400, "one Host header is needed", error);
    }
    const std::string_view coding = request.header("Content-Encoding");
    if (!error && !coding.empty() && !boost::beast::iequals(coding, "identity")) {
      return refuse(415, "the body must not be packed", error);
    }
    const std::string_view expect = request.header("Expect");
    if (!error && !expect.empty()) {
      expects_continue = boost::beast::iequals(expect, "100-continue");
      if (!expects_continue) {
        refuse(417, "only 100-continue can be expected", error);
      }
    }
  }
};

RequestParser::RequestParser(const ParseLimits& limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

RequestParser::Step RequestParser::feed(std::string_view bytes) {
  Step step;
  while (true) {
    const bool had_head = state_->head_is_whole;
    std::size_t taken = 0;
    const bool wants_more = state_->put_some(bytes.substr(step.taken), taken);
    step.taken += taken;
    if (state_->fault.status != 0) {
      step.parsed = Parsed::fault;
      return step;
    }
    if (!had_head && state_->head_is_whole) {
      step.parsed = state_->is_done() ? Parsed::whole : Parsed::head;
      break;
    }
    if (state_->is_done()) {
      step.parsed = Parsed::whole;
      break;
    }
    if (wants_more || step.taken == bytes.size()) {
      return step;
    }
  }
  if (step.parsed == Parsed::whole) {
    state_->request.body = std::move(state_->body);
  }
  return step;
}

bool RequestParser::set_body_bytes_max(std::size_t bytes) {
  const auto length = state_->content_length();
  if (length && *length > bytes) {
    state_->fault = {413, "the body is larger than " + std::to_string(bytes) + " bytes"};
    return false;
  }
  if (state_->chunked()) {
    state_->body_limit(bytes);
  }
  return true;
}

HttpRequest& RequestParser::request() { return state_->request; }
const ParseFault& RequestParser::fault() const { return state_->fault; }
bool RequestParser::keeps_alive() const { return state_->keep_alive(); }
bool RequestParser::is_http_1_0() const { return state_->is_http_1_0; }
bool RequestParser::expects_continue() const { return state_->expects_continue; }
bool RequestParser::has_body() const { return !state_->is_done(); }

class ReplyParser::State final : public Message<false> {
 public:
  State(const ParseLimits& limits, std::size_t body_bytes_max, bool head_only)
      : Message(limits), bytes_max(body_bytes_max), to_head(head_only) {
    restart();
  }

  HttpReply reply;
  std::size_t bytes_max;
  bool to_head;
  bool is_http_1_0 = false;

  void restart() {
    this->body_limit(bytes_max);
    this->skip(to_head);
  }

 private:
  bool version_is_1_0() const override { return is_http_1_0; }
  void on_request_impl(http::verb, Piece, Piece, int, error_code&) override {}
  void on_response_impl(int status, Piece, int version, error_code&) override {
    is_http_1_0 = version == 10;
    reply.status = status;
  }
};

ReplyParser::ReplyParser(const ParseLimits& limits, std::size_t body_bytes_max, bool to_head)
    : state_(std::make_unique<State>(limits, body_bytes_max, to_head)) {}
ReplyParser::~ReplyParser() = default;

RequestParser::Step ReplyParser::feed(std::string_view bytes) {
  RequestParser::Step step;
  while (step.taken < bytes.size() && !state_->is_done()) {
    std::size_t taken = 0;
    const bool wants_more = state_->put_some(bytes.substr(step.taken), taken);
    step.taken += taken;
    if (state_->fault.status != 0) {
      step.parsed = Parsed::fault;
      return step;
    }
    if (wants_more) {
      return step;
    }
  }
  if (state_->is_done()) {
    step.parsed = Parsed::whole;
    state_->reply.headers = std::move(state_->headers);
    state_->reply.body = std::move(state_->body);
  }
  return step;
}

Parsed ReplyParser::feed_end() {
  error_code error;
  if (!state_->got_some()) {
    state_->fault = {400, "closed before a reply"};
    return Parsed::fault;
  }
  state_->put_eof(error);
  if (error) {
    state_->fault = {400, "closed within the reply"};
    return Parsed::fault;
  }
  state_->reply.headers = std::move(state_->headers);
  state_->reply.body = std::move(state_->body);
  return Parsed::whole;
}

HttpReply& ReplyParser::reply() { return state_->reply; }
const ParseFault& ReplyParser::fault() const { return state_->fault; }
bool ReplyParser::keeps_alive() const { return state_->keep_alive() && !state_->need_eof(); }
bool ReplyParser::has_begun() const { return state_->got_some(); }

}  // namespace marktwacht
