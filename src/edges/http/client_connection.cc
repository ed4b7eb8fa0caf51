// Calls over kept connections.
#include "edges/http/client_connection.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "edges/http/text_rules.h"

namespace marktwacht {

namespace {

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::uint32_t left_ms(const OpenCall& call) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(call.deadline_ms - now_ms(), 1));
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F;
  });
}

}  // namespace

std::expected<HttpUrl, std::string> HttpUrl::parse(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return std::unexpected("URL '" + std::string(text) + "': " + std::string(why));
  };
  HttpUrl url;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad("it must start with http:// or https://");
  }
  if (!is_plain(rest) || rest.find('#') != std::string_view::npos) {
    return bad("spaces, control characters and # must be encoded");
  }
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  url.authority = rest.substr(0, end);
  url.target = rest.substr(end);
  if (!url.target.starts_with('/')) {
    url.target.insert(0, "/");
  }
  std::string_view host = url.authority;
  if (host.find('@') != std::string_view::npos) {
    return bad("it must not hold a user");
  }
  url.port = url.tls ? 443 : 80;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc{} || stop != port.data() + port.size() || url.port == 0) {
      return bad("the port must be 1 to 65535");
    }
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) {
    return bad("it names no host");
  }
  url.host = host;
  return url;
}

std::expected<std::string, std::string> request_head(const HttpCall& call, const HttpUrl& url) {
  if (!is_header_name(call.method)) {
    return std::unexpected("'" + call.method + "' is no method");
  }
  std::string head = call.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
                     "\r\nUser-Agent: marktwacht\r\n";
  if (!call.body.empty() || (call.method != "GET" && call.method != "HEAD")) {
    head += "Content-Length: " + std::to_string(call.body.size()) + "\r\n";
  }
  for (const NameValue& header : call.headers) {
    if (!is_header_name(header.name) || !is_header_value(header.value)) {
      return std::unexpected("the header '" + header.name + "' cannot be sent");
    }
    head += header.name + ": " + header.value + "\r\n";
  }
  return head + "\r\n";
}

void HttpClientCore::begin(OpenCall call, bool may_use_kept) {
  if (stopping) {
    return call.done(std::unexpected("the client was stopped"));
  }
  const auto kept = std::ranges::find_if(
      kept_, [&](const auto& connection) { return may_use_kept && connection->goes_to(call.url); });
  if (kept != kept_.end()) {
    const auto connection = *kept;
    kept_.erase(kept);
    return connection->run(std::move(call));
  }
  const ConnectTo to{call.url.host, call.url.port, call.url.tls, left_ms(call)};
  loops->connect(to, std::make_shared<ClientConnection>(shared_from_this(), std::move(call)));
}

void HttpClientCore::keep(const std::shared_ptr<ClientConnection>& connection) {
  kept_.push_back(connection);
  if (kept_.size() > config.connections_kept_max) {
    kept_.front()->close("more connections than are kept");
    kept_.erase(kept_.begin());
  }
}

void HttpClientCore::forget(const ClientConnection* connection) {
  std::erase_if(kept_, [&](const auto& kept) { return kept.get() == connection; });
}

ClientConnection::ClientConnection(std::shared_ptr<HttpClientCore> core, OpenCall call)
    : core_(std::move(core)),
      authority_(call.url.authority),
      tls_(call.url.tls),
      call_(std::move(call)) {}

void ClientConnection::on_open(std::shared_ptr<Wire> wire) {
  wire_ = std::move(wire);
  send_call();
  wire_->read();
}

void ClientConnection::run(OpenCall call) {
  call_ = std::move(call);
  send_call();
}

void ClientConnection::send_call() {
  parser_.emplace(ParseLimits{64 * 1'024, 200}, core_->config.reply_bytes_max, call_->is_head);
  wire_->set_deadline(left_ms(*call_));
  wire_->write(call_->head);
  wire_->write(call_->body);
}

void ClientConnection::on_bytes(std::string_view bytes) {
  if (!call_) {  // at rest the server has nothing to say but that it leaves
    return close("closed by the server");
  }
  if (bytes.empty()) {
    return parser_->feed_end() == Parsed::whole ? got_reply() : fail(parser_->fault().what);
  }
  unread_.append(bytes);
  const RequestParser::Step step = parser_->feed(unread_);
  unread_.erase(0, step.taken);
  if (step.parsed == Parsed::fault) {
    return fail("no HTTP reply: " + parser_->fault().what);
  }
  if (step.parsed == Parsed::whole) {
    return got_reply();
  }
  wire_->read();
}

void ClientConnection::got_reply() {
  HttpReply reply = std::move(parser_->reply());
  if (reply.status >= 100 && reply.status < 200 && reply.status != 101) {  // more will come
    parser_.emplace(ParseLimits{64 * 1'024, 200}, core_->config.reply_bytes_max, call_->is_head);
    const std::string rest = std::exchange(unread_, {});
    return rest.empty() ? wire_->read() : on_bytes(rest);
  }
  const bool stays = parser_->keeps_alive() && unread_.empty() && wire_->unsent_bytes() == 0;
  const auto done = std::move(call_->done);
  call_.reset();
  used_before_ = true;
  if (stays) {
    wire_->set_deadline(core_->config.idle_timeout_ms);
    wire_->read();  // shows when the server leaves
    core_->keep(shared_from_this());
  } else {
    close("the call is over");
  }
  done(std::move(reply));
}

void ClientConnection::on_deadline() {
  if (call_) {
    return fail("no reply in time");
  }
  close("idle");
}

void ClientConnection::fail(std::string_view why) {
  failure_ = why;
  close(why);
}

void ClientConnection::on_closed(std::string_view why) {
  core_->forget(this);
  const auto core = std::exchange(core_, nullptr);
  if (!call_) {
    return;
  }
  OpenCall call = std::move(*call_);
  call_.reset();
  const bool in_time = now_ms() < call.deadline_ms;
  if (used_before_ && in_time && !parser_->has_begun()) {
    return core->begin(std::move(call), false);  // the server had left while it was at rest
  }
  call.done(std::unexpected(call.url.authority + ": " +
                            (failure_.empty() ? std::string(why) : failure_)));
}

}  // namespace marktwacht
