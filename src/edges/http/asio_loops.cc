// The event loops: threads, listening, connecting, stopping.
#include <algorithm>
#include <utility>

#include "edges/http/asio_wire.h"

namespace marktwacht {

namespace {

constexpr std::chrono::milliseconds tick_every{100};

std::expected<std::unique_ptr<asio::ssl::context>, std::string> server_tls(const ListenAt& at) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  error_code error;
  if (tls->use_certificate_chain_file(at.certificate_file, error)) {
    return std::unexpected("certificate " + at.certificate_file + ": " + error.message());
  }
  if (tls->use_private_key_file(at.key_file, asio::ssl::context::pem, error)) {
    return std::unexpected("key " + at.key_file + ": " + error.message());
  }
  if (SSL_CTX_check_private_key(tls->native_handle()) != 1) {
    return std::unexpected("key " + at.key_file + " does not belong to " + at.certificate_file);
  }
  return tls;
}

std::expected<std::unique_ptr<asio::ssl::context>, std::string> client_tls(
    const LoopsConfig& config) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  error_code error;
  if (config.authorities_file.empty()) {
    tls->set_default_verify_paths(error);
  } else {
    tls->load_verify_file(config.authorities_file, error);
  }
  if (error) {
    return std::unexpected("authorities " + config.authorities_file + ": " + error.message());
  }
  return tls;
}

class AsioLoops final : public WireLoops {
 public:
  explicit AsioLoops(unsigned threads);
  ~AsioLoops() override { stop(0); }

  void trust(std::unique_ptr<asio::ssl::context> tls) { client_tls_ = std::move(tls); }
  std::expected<std::uint16_t, std::string> listen(const ListenAt& at) override;
  void connect(ConnectTo to, std::shared_ptr<WirePeer> peer) override;
  void post(std::function<void()> work) override { loops_.front()->post(std::move(work)); }
  bool on_loop() const override { return loops_.front()->is_here(); }
  std::size_t wires_open() const override { return *wires_open_; }
  std::uint64_t wires_refused() const override { return wires_refused_; }
  void stop(std::uint32_t drain_ms_max) override;

 private:
  void accept_next();
  void accepted(Tcp::socket socket, const std::shared_ptr<AsioLoop>& loop);
  void accept_failed();

  std::shared_ptr<std::atomic<std::size_t>> wires_open_;
  std::atomic<std::uint64_t> wires_refused_ = 0;
  std::unique_ptr<asio::ssl::context> server_tls_, client_tls_;
  std::vector<std::shared_ptr<AsioLoop>> loops_;
  ListenAt at_;
  std::optional<Tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::size_t next_loop_ = 0;
  bool stopped_ = false;
};

void tick(const std::shared_ptr<AsioLoop>& loop) {
  loop->tick->expires_after(tick_every);
  loop->tick->async_wait([loop](const error_code& error) {
    if (error || !loop->work) {
      return;
    }
    std::vector<std::shared_ptr<AsioWire>> wires;  // what is called may close others
    wires.reserve(loop->wires.size());
    for (AsioWire* wire : loop->wires) {
      wires.push_back(wire->shared_from_this());
    }
    const std::int64_t now = AsioWire::now_ms();
    for (const auto& wire : wires) {
      wire->on_tick(now);
    }
    tick(loop);
  });
}

void run(const std::shared_ptr<AsioLoop>& loop) {
  loop->io.run();
  loop->over = true;
  {
    std::lock_guard lock(loop->posting);
    loop->takes_work = false;
  }
  loop->io.restart();
  loop->io.poll();  // what was posted in between
}

AsioLoops::AsioLoops(unsigned threads)
    : wires_open_(std::make_shared<std::atomic<std::size_t>>(0)) {
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    auto loop = std::make_shared<AsioLoop>();
    loop->wires_open = wires_open_;
    loop->work.emplace(loop->io.get_executor());
    loop->tick.emplace(loop->io);
    loops_.push_back(loop);
    tick(loop);
    // Work waits until `thread` is set, which is_here() reads.
    std::lock_guard lock(loop->posting);
    loop->thread = std::thread([loop] { run(loop); });
  }
}

std::expected<std::uint16_t, std::string> AsioLoops::listen(const ListenAt& at) {
  if (at.certificate_file.empty() != at.key_file.empty()) {
    return std::unexpected("TLS needs both a certificate and a key");
  }
  if (!at.certificate_file.empty()) {
    auto tls = server_tls(at);
    if (!tls) {
      return std::unexpected(tls.error());
    }
    server_tls_ = std::move(*tls);
  }
  error_code error;
  const auto address = asio::ip::make_address(at.address, error);
  if (error) {
    return std::unexpected("'" + at.address + "' is no IPv4 or IPv6 address");
  }
  const Tcp::endpoint endpoint(address, at.port);
  Tcp::acceptor acceptor(loops_.front()->io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    return std::unexpected("cannot listen on " + at.address + " port " + std::to_string(at.port) +
                           ": " + error.message());
  }
  at_ = at;
  const std::uint16_t port = acceptor.local_endpoint().port();
  acceptor_.emplace(std::move(acceptor));
  pause_.emplace(loops_.front()->io);
  post([this] { accept_next(); });
  return port;
}

void AsioLoops::accept_next() {
  if (!acceptor_->is_open()) {
    return;
  }
  const auto& loop = loops_[next_loop_++ % loops_.size()];
  acceptor_->async_accept(loop->io, [this, loop](const error_code& error, Tcp::socket socket) {
    if (!acceptor_->is_open()) {
      return;
    }
    if (error) {
      return accept_failed();
    }
    accepted(std::move(socket), loop);
    accept_next();
  });
}

// Mostly no file descriptors: trying at once would take the whole processor.
void AsioLoops::accept_failed() {
  pause_->expires_after(tick_every);
  pause_->async_wait([this](const error_code&) { accept_next(); });
}

void AsioLoops::accepted(Tcp::socket socket, const std::shared_ptr<AsioLoop>& loop) {
  if (*wires_open_ >= at_.connections_max) {
    ++wires_refused_;
    return;  // closes it
  }
  ++*wires_open_;
  auto wire = std::make_shared<AsioWire>(loop, std::move(socket), at_.make_peer());
  loop->post([wire, tls = server_tls_.get(), timeout = at_.handshake_timeout_ms] {
    wire->accept(tls, timeout);
  });
}

void AsioLoops::connect(ConnectTo to, std::shared_ptr<WirePeer> peer) {
  const auto& loop = loops_.front();
  loop->post([loop, to = std::move(to), peer = std::move(peer), tls = client_tls_.get()] {
    auto wire = std::make_shared<AsioWire>(loop, Tcp::socket(loop->io), peer);
    wire->connect(to, tls);
  });
}

template <typename Do>
void for_all_wires(const std::shared_ptr<AsioLoop>& loop, Do act) {
  loop->post([loop, act] {
    std::vector<std::shared_ptr<AsioWire>> wires;
    for (AsioWire* wire : loop->wires) {
      wires.push_back(wire->shared_from_this());
    }
    for (const auto& wire : wires) {
      act(*wire);
    }
  });
}

void AsioLoops::stop(std::uint32_t drain_ms_max) {
  if (std::exchange(stopped_, true)) {
    return;
  }
  post([this] {
    if (acceptor_) {
      error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    }
  });
  for (const auto& loop : loops_) {
    for_all_wires(loop, [](AsioWire& wire) { wire.drain(); });
  }
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::milliseconds(drain_ms_max);
  while (*wires_open_ > 0 && Clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const auto& loop : loops_) {
    loop->post([loop] { loop->closing = true; });  // before: none comes between
    for_all_wires(loop, [](AsioWire& wire) { wire.close("stopping"); });
    loop->post([loop] {
      loop->work.reset();
      loop->tick->cancel();
    });
  }
  // All wires are closed: what a loop still waits for then will not come.
  const auto end = Clock::now() + std::chrono::seconds(1);
  for (const auto& loop : loops_) {
    while (!loop->over && Clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    loop->io.stop();
    loop->thread.join();
  }
}

}  // namespace

std::expected<std::unique_ptr<WireLoops>, std::string> start_loops(const LoopsConfig& config) {
  auto loops = std::make_unique<AsioLoops>(config.threads);
  if (config.connects_tls) {
    auto tls = client_tls(config);
    if (!tls) {
      return std::unexpected(tls.error());
    }
    loops->trust(std::move(*tls));
  }
  return loops;
}

}  // namespace marktwacht
