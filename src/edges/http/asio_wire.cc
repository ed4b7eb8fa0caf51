// Wires over Boost.Asio and OpenSSL: the only file that knows of sockets.
#include "edges/http/asio_wire.h"

#include <algorithm>
#include <utility>

namespace marktwacht {

bool AsioLoop::post(std::function<void()> work_item) {
  std::lock_guard lock(posting);
  if (takes_work) {
    asio::post(io, std::move(work_item));
  }
  return takes_work;
}

AsioWire::AsioWire(std::shared_ptr<AsioLoop> loop, Tcp::socket socket,
                   std::shared_ptr<WirePeer> peer)
    : loop_(std::move(loop)), socket_(std::move(socket)), peer_(std::move(peer)) {
  error_code ignored;
  const auto endpoint = socket_.remote_endpoint(ignored);
  if (!ignored) {
    remote_address_ = endpoint.address().to_string(ignored);
  }
}

AsioWire::~AsioWire() = default;

std::int64_t AsioWire::now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void AsioWire::accept(asio::ssl::context* tls, std::uint32_t handshake_timeout_ms) {
  loop_->wires.insert(this);
  if (loop_->closing) {
    return close("stopping");
  }
  error_code ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  if (tls == nullptr) {
    return opened();
  }
  tls_.emplace(socket_, *tls);
  set_deadline(handshake_timeout_ms);
  handshake(true);
}

void AsioWire::connect(const ConnectTo& to, asio::ssl::context* tls) {
  loop_->wires.insert(this);
  ++*loop_->wires_open;
  if (loop_->closing) {
    return close("stopping");
  }
  set_deadline(to.timeout_ms);
  resolver_.emplace(loop_->io);
  resolver_->async_resolve(
      to.host, std::to_string(to.port),
      [self = shared_from_this(), to, tls](const error_code& error, auto found) {
        if (self->phase_ == Phase::closed) {
          return;
        }
        if (error) {
          return self->close("cannot resolve " + to.host + ": " + error.message());
        }
        asio::async_connect(self->socket_, found,
                            [self, to, tls](const error_code& failed, const auto&) {
                              if (self->phase_ == Phase::closed) {
                                return;
                              }
                              if (failed) {
                                return self->close("cannot connect: " + failed.message());
                              }
                              self->connected(to, tls);
                            });
      });
}

void AsioWire::connected(const ConnectTo& to, asio::ssl::context* tls) {
  error_code ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  const auto endpoint = socket_.remote_endpoint(ignored);
  remote_address_ = endpoint.address().to_string(ignored);
  if (!to.tls) {
    return opened();
  }
  tls_.emplace(socket_, *tls);
  error_code no_address;
  (void)asio::ip::make_address(to.host, no_address);
  if (no_address) {  // a name: say which of the server's certificates is meant
    SSL_set_tlsext_host_name(tls_->native_handle(), to.host.c_str());
  }
  tls_->set_verify_mode(asio::ssl::verify_peer);
  tls_->set_verify_callback(asio::ssl::host_name_verification(to.host));
  handshake(false);
}

void AsioWire::handshake(bool server) {
  const auto side = server ? asio::ssl::stream_base::server : asio::ssl::stream_base::client;
  tls_->async_handshake(side, [self = shared_from_this()](const error_code& error) {
    if (self->phase_ == Phase::closed) {
      return;
    }
    if (error) {
      return self->close("TLS: " + error.message());
    }
    self->opened();
  });
}

void AsioWire::opened() {
  set_deadline(0);
  phase_ = Phase::open;
  peer_->on_open(shared_from_this());
}

void AsioWire::read() {
  if (phase_ != Phase::open || reading_) {
    return;
  }
  reading_ = true;
  auto done = [self = shared_from_this()](const error_code& error, std::size_t size) {
    self->on_read(error, size);
  };
  if (tls_) {
    tls_->async_read_some(asio::buffer(bytes_), std::move(done));
  } else {
    socket_.async_read_some(asio::buffer(bytes_), std::move(done));
  }
}

void AsioWire::on_read(const error_code& error, std::size_t size) {
  reading_ = false;
  if (phase_ == Phase::closed) {
    return;
  }
  if (phase_ == Phase::lingering) {
    return error ? close("finished") : read_and_forget();
  }
  if (size > 0) {
    return peer_->on_bytes({bytes_.data(), size});
  }
  // A cut connection ends like an ended one: what is whole was framed by HTTP.
  if (!error || error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    return peer_->on_bytes({});
  }
  close(error.message());
}

void AsioWire::write(SharedBytes bytes) {
  if (phase_ != Phase::open || finishing_ || bytes->empty()) {
    return;
  }
  unsent_bytes_ += bytes->size();
  unsent_.push_back(std::move(bytes));
  if (!writing_) {
    write_some();
  }
}

void AsioWire::write_some() {
  gathered_.clear();
  std::size_t skip = first_sent_;
  for (const SharedBytes& bytes : unsent_) {
    gathered_.emplace_back(bytes->data() + skip, bytes->size() - skip);
    skip = 0;
    if (gathered_.size() == gather_max) {
      break;
    }
  }
  writing_ = true;
  auto done = [self = shared_from_this()](const error_code& error, std::size_t size) {
    self->on_write(error, size);
  };
  if (tls_) {
    tls_->async_write_some(gathered_, std::move(done));
  } else {
    socket_.async_write_some(gathered_, std::move(done));
  }
}

void AsioWire::on_write(const error_code& error, std::size_t size) {
  writing_ = false;
  if (phase_ == Phase::closed) {
    return;
  }
  if (error) {
    return close(error.message());
  }
  unsent_bytes_ -= size;
  sent_bytes_ += size;
  first_sent_ += size;
  while (!unsent_.empty() && first_sent_ >= unsent_.front()->size()) {
    first_sent_ -= unsent_.front()->size();
    unsent_.pop_front();
  }
  if (!unsent_.empty()) {
    return write_some();
  }
  if (finishing_) {
    return linger();
  }
  peer_->on_written();
}

void AsioWire::finish() {
  if (phase_ != Phase::open || finishing_) {
    return;
  }
  finishing_ = true;
  if (!writing_) {
    linger();
  }
}

// Closing while unread bytes wait would throw away what the other side has not read yet.
void AsioWire::linger() {
  phase_ = Phase::lingering;
  set_deadline(linger_ms);
  if (tls_) {
    return tls_->async_shutdown([self = shared_from_this()](const error_code&) {
      if (self->phase_ != Phase::closed) {
        self->close("finished");
      }
    });
  }
  error_code ignored;
  socket_.shutdown(Tcp::socket::shutdown_send, ignored);
  read_and_forget();
}

void AsioWire::read_and_forget() {
  if (reading_) {
    return;
  }
  reading_ = true;
  socket_.async_read_some(asio::buffer(bytes_),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            self->on_read(error, size);
                          });
}

void AsioWire::on_tick(std::int64_t now) {
  if (deadline_ms_ == 0 || now < deadline_ms_) {
    return;
  }
  deadline_ms_ = 0;
  switch (phase_) {
    case Phase::opening:
      return close("timed out");
    case Phase::open:
      return peer_->on_deadline();
    case Phase::lingering:
      return close("finished");
    case Phase::closed:
      return;
  }
}

void AsioWire::drain() {
  if (phase_ == Phase::opening) {
    return close("stopping");
  }
  if (phase_ == Phase::open) {
    peer_->on_drain();
  }
}

void AsioWire::close(std::string_view why) {
  if (phase_ == Phase::closed) {
    return;
  }
  phase_ = Phase::closed;
  error_code ignored;
  if (resolver_) {
    resolver_->cancel();
  }
  socket_.close(ignored);
  loop_->wires.erase(this);
  --*loop_->wires_open;
  // Later, because it may be the peer who closes.
  post([self = shared_from_this(), reason = std::string(why)] {
    const auto peer = std::exchange(self->peer_, nullptr);
    peer->on_closed(reason);
  });
}

}  // namespace marktwacht
