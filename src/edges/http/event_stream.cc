// Answers and streams from any thread: each finds its way to the loop of its connection.
#include <algorithm>
#include <utility>

#include "edges/http/server_connection.h"

namespace marktwacht {

void HttpExchange::send(HttpResponse response) {
  if (wire_->on_loop()) {
    return connection_->respond(number_, response);
  }
  wire_->post([connection = connection_, number = number_, answer = std::move(response)] {
    connection->respond(number, answer);
  });
}

std::shared_ptr<StreamState> HttpExchange::stream(std::function<void()> closed) {
  auto stream = std::make_shared<StreamState>(connection_, wire_, std::move(closed));
  const bool will_run = wire_->post([connection = connection_, number = number_, stream] {
    connection->begin_stream(number, stream);
  });
  if (!will_run) {
    stream->end();
  }
  return stream;
}

void HttpExchange::drop() {
  ++connection_->counts().answers_dropped;
  send(error_response(500, "internal", "no answer was given"));
}

HttpAnswer& HttpAnswer::operator=(HttpAnswer&& other) noexcept {
  std::swap(exchange_, other.exchange_);
  return *this;
}

HttpAnswer::~HttpAnswer() {
  if (exchange_) {
    exchange_->drop();
  }
}

void HttpAnswer::send(HttpResponse response) {
  if (const auto exchange = std::exchange(exchange_, nullptr)) {
    exchange->send(std::move(response));
  }
}

EventStream HttpAnswer::stream(std::function<void()> closed) {
  const auto exchange = std::exchange(exchange_, nullptr);
  return exchange ? EventStream(exchange->stream(std::move(closed))) : EventStream();
}

StreamState::StreamState(std::shared_ptr<ServerConnection> connection, std::shared_ptr<Wire> wire,
                         std::function<void()> closed)
    : connection_(std::move(connection)),
      wire_(std::move(wire)),
      bytes_max_(connection_->config().stream_bytes_max),
      closed_(std::move(closed)) {}

bool StreamState::push(SharedBytes event) {
  std::lock_guard lock(mutex_);
  if (!open_) {
    return false;
  }
  waiting_bytes_ += event->size();
  if (waiting_bytes_ > bytes_max_) {
    open_ = false;
    waiting_.clear();
    wire_->post([connection = connection_] { connection->end_stream(true); });
    return false;
  }
  waiting_.push_back(std::move(event));
  if (!sending_is_asked_) {
    sending_is_asked_ = true;
    wire_->post([connection = connection_] { connection->send_pushed(); });
  }
  return true;
}

void StreamState::close() {
  std::lock_guard lock(mutex_);
  if (std::exchange(open_, false)) {
    wire_->post([connection = connection_] { connection->end_stream(false); });
  }
}

bool StreamState::is_open() const {
  std::lock_guard lock(mutex_);
  return open_;
}

void StreamState::end() {
  std::function<void()> closed;
  {
    std::lock_guard lock(mutex_);
    open_ = false;
    waiting_.clear();
    closed.swap(closed_);
  }
  if (closed) {
    closed();
  }
}

std::vector<SharedBytes> StreamState::take() {
  std::lock_guard lock(mutex_);
  sending_is_asked_ = !waiting_.empty();  // on_written() asks again
  for (const SharedBytes& event : waiting_) {
    under_way_ += event->size();
  }
  return std::exchange(waiting_, {});
}

void StreamState::sent() {
  std::lock_guard lock(mutex_);
  waiting_bytes_ -= std::exchange(under_way_, 0);
}

bool EventStream::push(SharedBytes event) const { return state_ && state_->push(std::move(event)); }

bool EventStream::push(std::string_view id, std::string_view event, std::string_view data) const {
  return push(event_bytes(id, event, data));
}

void EventStream::close() const {
  if (state_) {
    state_->close();
  }
}

bool EventStream::is_open() const { return state_ && state_->is_open(); }

namespace {

void append_field(std::string& bytes, std::string_view field, std::string_view value) {
  bytes += field;
  bytes += ": ";
  for (const char c : value) {
    if (c != '\n' && c != '\r' && c != '\0') {
      bytes += c;
    }
  }
  bytes += '\n';
}

}  // namespace

SharedBytes event_bytes(std::string_view id, std::string_view event, std::string_view data) {
  std::string bytes;
  bytes.reserve(id.size() + event.size() + data.size() + 32);
  append_event(bytes, id, event, data);
  return std::make_shared<const std::string>(std::move(bytes));
}

void append_event(std::string& bytes, std::string_view id, std::string_view event,
                  std::string_view data) {
  if (!id.empty()) {
    append_field(bytes, "id", id);
  }
  if (!event.empty()) {
    append_field(bytes, "event", event);
  }
  while (true) {  // CR alone ends a line too
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    append_field(bytes, "data", data.substr(0, end));
    if (end == data.size()) {
      break;
    }
    const bool is_pair = data.substr(end).starts_with("\r\n");
    data.remove_prefix(end + (is_pair ? 2 : 1));
  }
  bytes += '\n';
}

}  // namespace marktwacht
