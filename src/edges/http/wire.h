// Connections on event loops: the seam between what HTTP says and how bytes travel, so that HTTP is
// tested without sockets. asio_wire.cc implements it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "edges/http/message.h"

namespace marktwacht {

// One connection, encrypted or not. It lives on one loop; every method but post() is called there.
class Wire {
 public:
  virtual ~Wire() = default;

  // From any thread; runs on the loop. False: that has ended, so it never will.
  virtual bool post(std::function<void()> work) = 0;
  virtual bool on_loop() const = 0;
  // Asks for bytes once: one on_bytes() follows.
  virtual void read() = 0;
  // In the order given. on_written() follows when all of it is sent.
  virtual void write(SharedBytes bytes) = 0;
  virtual std::size_t unsent_bytes() const = 0;
  virtual std::uint64_t sent_bytes() const = 0;
  // on_deadline() once after so long, give or take 100 ms; 0 = none. A new one replaces it.
  virtual void set_deadline(std::uint32_t ms) = 0;
  // After what is written is sent; then the other side has a second to read it.
  virtual void finish() = 0;
  virtual void close(std::string_view why) = 0;  // at once
  virtual const std::string& remote_address() const = 0;
  virtual bool is_tls() const = 0;
};

// What a connection is for. Called on the loop of its wire; on_closed() is the last call.
class WirePeer {
 public:
  virtual ~WirePeer() = default;

  virtual void on_open(std::shared_ptr<Wire> wire) = 0;
  virtual void on_bytes(std::string_view bytes) = 0;  // empty: the other side sends no more
  virtual void on_written() = 0;
  virtual void on_deadline() = 0;
  virtual void on_drain() = 0;  // finish what is under way, begin nothing
  virtual void on_closed(std::string_view why) = 0;
};

struct ListenAt {
  std::string address;
  std::uint16_t port = 0;
  std::string certificate_file;  // with the key: TLS
  std::string key_file;
  std::size_t connections_max = 0;
  std::uint32_t handshake_timeout_ms = 10'000;
  std::function<std::shared_ptr<WirePeer>()> make_peer;  // on any loop
};

struct ConnectTo {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  std::uint32_t timeout_ms = 0;
};

// Threads with one loop each; a connection stays on its loop.
class WireLoops {
 public:
  virtual ~WireLoops() = default;  // stops

  // The port. Once at most.
  virtual std::expected<std::uint16_t, std::string> listen(const ListenAt& at) = 0;
  // on_open() or on_closed() of the peer follows. From any thread.
  virtual void connect(ConnectTo to, std::shared_ptr<WirePeer> peer) = 0;
  virtual void post(std::function<void()> work) = 0;  // to the first loop, from any thread
  virtual bool on_loop() const = 0;                   // of the first
  virtual std::size_t wires_open() const = 0;
  virtual std::uint64_t wires_refused() const = 0;
  // Waits. Not from a loop.
  virtual void stop(std::uint32_t drain_ms_max) = 0;
};

struct LoopsConfig {
  unsigned threads = 1;
  bool connects_tls = false;     // loads the authorities
  std::string authorities_file;  // PEM; empty = those of the system
};

std::expected<std::unique_ptr<WireLoops>, std::string> start_loops(const LoopsConfig& config);

}  // namespace marktwacht
