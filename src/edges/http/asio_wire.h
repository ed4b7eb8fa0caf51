// One TCP connection of Asio as a Wire. Included by asio_wire.cc alone: it brings Asio in.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "edges/http/wire.h"

namespace marktwacht {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

class AsioWire;

// A loop, its thread and the wires on it. A wire keeps its loop alive, and so does who holds a
// wire.
struct AsioLoop {
  asio::io_context io{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::optional<asio::steady_timer> tick;
  std::unordered_set<AsioWire*> wires;
  std::shared_ptr<std::atomic<std::size_t>> wires_open;  // of all loops
  std::thread thread;
  std::mutex posting;
  std::atomic<bool> over = false;  // nothing is left to run
  bool closing = false;            // on the loop: a wire that comes then is closed at once
  bool takes_work = true;          // under `posting`: what nobody would run is not kept

  bool post(std::function<void()> work_item);
  bool is_here() const { return thread.get_id() == std::this_thread::get_id(); }
};

class AsioWire final : public Wire, public std::enable_shared_from_this<AsioWire> {
 public:
  static constexpr std::size_t read_bytes = 16 * 1'024;
  static constexpr std::size_t gather_max = 16;  // pieces in one write
  static constexpr std::uint32_t linger_ms = 1'000;

  AsioWire(std::shared_ptr<AsioLoop> loop, Tcp::socket socket, std::shared_ptr<WirePeer> peer);
  ~AsioWire() override;

  // A connection that came in, or that is to be made. `tls` outlives the wire's loop.
  void accept(asio::ssl::context* tls, std::uint32_t handshake_timeout_ms);
  void connect(const ConnectTo& to, asio::ssl::context* tls);
  static std::int64_t now_ms();  // monotonic
  void on_tick(std::int64_t now);
  void drain();

  bool post(std::function<void()> work) override { return loop_->post(std::move(work)); }
  bool on_loop() const override { return loop_->is_here(); }
  void read() override;
  void write(SharedBytes bytes) override;
  std::size_t unsent_bytes() const override { return unsent_bytes_; }
  std::uint64_t sent_bytes() const override { return sent_bytes_; }
  void set_deadline(std::uint32_t ms) override { deadline_ms_ = ms == 0 ? 0 : now_ms() + ms; }
  void finish() override;
  void close(std::string_view why) override;
  const std::string& remote_address() const override { return remote_address_; }
  bool is_tls() const override { return tls_.has_value(); }

 private:
  enum class Phase : std::uint8_t { opening, open, lingering, closed };

  void connected(const ConnectTo& to, asio::ssl::context* tls);
  void handshake(bool server);
  void opened();
  void write_some();
  void on_read(const error_code& error, std::size_t size);
  void on_write(const error_code& error, std::size_t size);
  void linger();
  void read_and_forget();

  std::shared_ptr<AsioLoop> loop_;
  Tcp::socket socket_;
  std::optional<asio::ssl::stream<Tcp::socket&>> tls_;
  std::optional<Tcp::resolver> resolver_;
  std::shared_ptr<WirePeer> peer_;
  std::string remote_address_;
  std::array<char, read_bytes> bytes_;
  std::deque<SharedBytes> unsent_;
  std::vector<asio::const_buffer> gathered_;
  std::size_t first_sent_ = 0;  // of unsent_.front()
  std::size_t unsent_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::int64_t deadline_ms_ = 0;
  Phase phase_ = Phase::opening;
  bool reading_ = false;
  bool writing_ = false;
  bool finishing_ = false;
};

}  // namespace marktwacht
