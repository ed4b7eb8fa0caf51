// From bytes to requests and from answers to bytes, one after the other.
#include "edges/http/server_connection.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "edges/http/response_head.h"

namespace marktwacht {

namespace {

std::string_view code_of(int status) {
  switch (status) {
    case 408:
      return "timeout";
    case 413:
    case 431:
      return "too_large";
    case 415:
      return "unsupported_media_type";
    case 500:
      return "internal";
    case 501:
    case 505:
      return "not_implemented";
    case 503:
      return "unavailable";
    default:
      return "bad_request";
  }
}

const std::string& date_now() {
  using namespace std::chrono;
  thread_local std::int64_t made_at = -1;
  thread_local std::string text;
  const std::int64_t now = floor<seconds>(system_clock::now()).time_since_epoch().count();
  if (now != made_at) {
    made_at = now;
    text = http_date(now);
  }
  return text;
}

SharedBytes shared(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

ParseLimits limits_of(const HttpConfig& config) { return {config.header_bytes_max, 100}; }

}  // namespace

ServerConnection::ServerConnection(std::shared_ptr<ServerShared> shared_by_all)
    : shared_(std::move(shared_by_all)), parser_(limits_of(shared_->config)) {}

void ServerConnection::on_open(std::shared_ptr<Wire> wire) {
  wire_ = std::move(wire);
  ++counts().connections;
  next_message();
  wire_->set_deadline(config().header_timeout_ms);
}

void ServerConnection::next_message() {
  doing_ = Doing::reading;
  message_begun_ = false;
  reads_body_ = false;
  parser_ = RequestParser(limits_of(config()));
  wire_->set_deadline(config().idle_timeout_ms);
  advance();
}

void ServerConnection::on_bytes(std::string_view bytes) {
  received_bytes_ += bytes.size();
  counts().bytes_in += bytes.size();
  if (bytes.empty()) {
    if (doing_ == Doing::reading || doing_ == Doing::streaming) {
      wire_->close("closed by the other side");
    }
    return;
  }
  if (doing_ == Doing::streaming) {
    return wire_->read();  // nothing is expected; reading shows when the reader leaves
  }
  unread_.append(bytes);
  if (doing_ == Doing::reading) {
    advance();
  }
}

void ServerConnection::advance() {
  while (doing_ == Doing::reading) {
    if (!message_begun_) {  // RFC 9112: empty lines before a request are passed over
      while (unread_.starts_with("\r\n")) {
        unread_.erase(0, 2);
      }
    }
    if (unread_.empty() || unread_ == "\r") {
      return wire_->read();
    }
    if (!std::exchange(message_begun_, true)) {
      wire_->set_deadline(config().header_timeout_ms);
    }
    const RequestParser::Step step = parser_.feed(unread_);
    unread_.erase(0, step.taken);
    switch (step.parsed) {
      case Parsed::more:
        return wire_->read();
      case Parsed::head:
        got_head();
        break;
      case Parsed::whole:
        got_request();
        break;
      case Parsed::fault:
        return refuse(parser_.fault().status, parser_.fault().what);
    }
  }
}

void ServerConnection::got_head() {
  HttpRequest& head = parser_.request();
  head.remote_address = wire_->remote_address();
  head.is_tls = wire_->is_tls();
  const std::size_t bytes_max =
      config().body_bytes_max_for ? config().body_bytes_max_for(head) : config().body_bytes_max;
  if (!parser_.set_body_bytes_max(bytes_max)) {
    return refuse(parser_.fault().status, parser_.fault().what);
  }
  if (parser_.expects_continue() && !parser_.is_http_1_0() && unread_.empty()) {
    static const SharedBytes go_on = shared("HTTP/1.1 100 Continue\r\n\r\n");
    wire_->write(go_on);
  }
  reads_body_ = true;
  begin_timing(received_bytes_);
}

void ServerConnection::got_request() {
  HttpRequest request = std::move(parser_.request());
  request.remote_address = wire_->remote_address();
  request.is_tls = wire_->is_tls();
  is_head_ = request.method == "HEAD";
  is_http_1_0_ = parser_.is_http_1_0();
  closes_ = closes_ || !parser_.keeps_alive();
  doing_ = Doing::answering;
  ++number_;
  wire_->set_deadline(config().answer_timeout_ms);
  try {
    shared_->handler(std::move(request), HttpAnswer(std::make_shared<HttpExchange>(
                                             shared_from_this(), wire_, number_)));
  } catch (const std::exception&) {
    // The answer went with it, and one that goes without being sent is counted and says 500.
  }
}

// Of what cannot be understood nobody knows where it ends, so the connection ends with it.
void ServerConnection::refuse(int status, std::string_view what) {
  ++counts().bad_requests;
  closes_ = true;
  is_head_ = false;
  write_response(error_response(status, code_of(status), what));
}

void ServerConnection::respond(std::uint64_t number, const HttpResponse& response) {
  if (doing_ != Doing::answering || number != number_) {
    return;
  }
  if (response.status < 200 || response.status > 599) {
    return write_response(error_response(500, code_of(500), "an answer without a status"));
  }
  write_response(response);
}

std::string ServerConnection::head_of(const HttpResponse& response, bool is_stream) {
  const std::size_t body_bytes =
      response.shared_body ? response.shared_body->size() : response.body.size();
  std::uint64_t dropped = 0;
  std::string head = response_head(response,
                                   {.closes = closes_,
                                    .is_http_1_0 = is_http_1_0_,
                                    .is_tls = wire_->is_tls(),
                                    .is_stream = is_stream,
                                    .body_bytes = body_bytes,
                                    .date = date_now(),
                                    .security_policy = config().content_security_policy},
                                   dropped);
  counts().headers_dropped += dropped;
  ++counts().requests;
  ++counts().by_class[static_cast<std::size_t>(response.status / 100)];
  return head;
}

void ServerConnection::write_response(const HttpResponse& response) {
  constexpr std::size_t copied_max = 16 * 1'024;  // cheaper than a piece of its own
  doing_ = Doing::writing;
  std::string head = head_of(response, false);
  SharedBytes large;
  if (!is_head_ && may_have_body(response.status)) {
    if (response.shared_body) {
      large = response.shared_body;
    } else if (response.body.size() <= copied_max) {
      head += response.body;
    } else {
      large = shared(response.body);
    }
  }
  begin_timing(wire_->sent_bytes());
  wire_->write(shared(std::move(head)));
  if (large) {
    wire_->write(std::move(large));
  }
  if (closes_) {
    doing_ = Doing::ending;
    wire_->finish();
  }
}

void ServerConnection::on_written() {
  count_sent();
  if (doing_ == Doing::streaming) {
    stream_->sent();
    return send_pushed();
  }
  if (doing_ != Doing::writing) {
    return;
  }
  if (closes_) {  // since it was written
    doing_ = Doing::ending;
    return wire_->finish();
  }
  next_message();
}

void ServerConnection::begin_stream(std::uint64_t number, std::shared_ptr<StreamState> stream) {
  if (doing_ != Doing::answering || number != number_) {
    return stream->end();
  }
  closes_ = true;
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.headers = {{"Cache-Control", "no-cache, no-store"}, {"X-Accel-Buffering", "no"}};
  std::string head = head_of(response, true);
  if (is_head_) {
    doing_ = Doing::ending;
    wire_->write(shared(std::move(head)));
    wire_->finish();
    return stream->end();
  }
  doing_ = Doing::streaming;
  stream_ = std::move(stream);
  ++counts().streams_open;
  unread_ = {};
  wire_->write(shared(std::move(head)));
  wire_->read();
  begin_timing(wire_->sent_bytes());
  wire_->set_deadline(config().keep_alive_comment_ms);
}

void ServerConnection::send_pushed() {
  if (doing_ != Doing::streaming || wire_->unsent_bytes() > 0) {
    return;  // on_written() comes here again
  }
  for (SharedBytes& event : stream_->take()) {
    wire_->write(std::move(event));
  }
}

void ServerConnection::end_stream(bool too_slow) {
  if (doing_ != Doing::streaming) {
    return;
  }
  if (too_slow) {
    ++counts().streams_too_slow;
    return wire_->close("the reader is too slow");
  }
  for (SharedBytes& event : stream_->take()) {
    wire_->write(std::move(event));
  }
  doing_ = Doing::ending;
  begin_timing(wire_->sent_bytes());
  stream_->end();
  wire_->finish();
}

void ServerConnection::begin_timing(std::uint64_t moved) {
  timed_from_bytes_ = moved;
  wire_->set_deadline(config().body_timeout_ms);
}

// Whether enough has moved since begin_timing(); if so, the time begins anew.
bool ServerConnection::moves_quickly(std::uint64_t moved) {
  const std::uint64_t wanted = config().bytes_per_second_min * config().body_timeout_ms / 1'000;
  if (moved - timed_from_bytes_ < std::max<std::uint64_t>(wanted, 1)) {
    return false;
  }
  begin_timing(moved);
  return true;
}

void ServerConnection::on_deadline() {
  switch (doing_) {
    case Doing::reading:
      return time_out_reading();
    case Doing::answering:
      ++counts().timeouts;
      closes_ = true;
      return write_response(error_response(503, code_of(503), "no answer in time"));
    case Doing::writing:
    case Doing::ending:
      if (!moves_quickly(wire_->sent_bytes())) {
        ++counts().timeouts;
        wire_->close("the reader is too slow");
      }
      return;
    case Doing::streaming:
      if (wire_->unsent_bytes() > 0 && wire_->sent_bytes() == timed_from_bytes_) {
        return end_stream(true);
      }
      timed_from_bytes_ = wire_->sent_bytes();
      wire_->set_deadline(config().keep_alive_comment_ms);
      if (wire_->unsent_bytes() == 0) {
        static const SharedBytes comment = shared(":\n\n");
        stream_->push(comment);
      }
      return;
  }
}

void ServerConnection::time_out_reading() {
  if (!message_begun_) {
    return wire_->close("idle");
  }
  if (reads_body_ && moves_quickly(received_bytes_)) {
    return;
  }
  ++counts().timeouts;
  refuse(408, "the request came too slowly");
}

void ServerConnection::on_drain() {
  closes_ = true;
  if (doing_ == Doing::reading) {
    doing_ = Doing::ending;
    wire_->finish();
  } else if (doing_ == Doing::streaming) {
    end_stream(false);
  }
}

void ServerConnection::count_sent() {
  counts().bytes_out += wire_->sent_bytes() - counted_sent_;
  counted_sent_ = wire_->sent_bytes();
}

void ServerConnection::on_closed(std::string_view) {
  if (wire_) {  // else it was never open
    count_sent();
  }
  doing_ = Doing::ending;
  ++number_;
  if (stream_) {
    --counts().streams_open;
    stream_->end();
    stream_ = nullptr;
  }
}

}  // namespace marktwacht
