// A wire without a socket, for tests and fuzzing: keeps what is written, delivers what it is told
// to, and its time passes only by pass().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edges/http/wire.h"

namespace marktwacht {

class RecordedWire final : public Wire, public std::enable_shared_from_this<RecordedWire> {
 public:
  explicit RecordedWire(std::shared_ptr<WirePeer> peer) : peer_(std::move(peer)) {}

  bool post(std::function<void()> work) override {
    posted_.push_back(std::move(work));
    return true;
  }
  bool on_loop() const override { return true; }
  void read() override { wants_bytes = true; }
  void write(SharedBytes bytes) override {
    if (!finished && !closed) {
      unsent_ += *bytes;
    }
  }
  std::size_t unsent_bytes() const override { return unsent_.size(); }
  std::uint64_t sent_bytes() const override { return sent.size(); }
  void set_deadline(std::uint32_t ms) override { deadline_ms_ = ms == 0 ? 0 : now_ms_ + ms; }
  void finish() override { finished = true; }
  void close(std::string_view why) override {
    if (!std::exchange(closed, true)) {
      closed_why = why;
      posted_.push_back([this] {
        const auto peer = std::exchange(peer_, nullptr);
        peer->on_closed(closed_why);
      });
    }
  }
  const std::string& remote_address() const override { return remote_address_; }
  bool is_tls() const override { return false; }

  void open() { peer_->on_open(shared_from_this()); }
  // Empty: the other side ends.
  void deliver(std::string_view bytes) {
    if (!closed && !finished) {
      wants_bytes = false;
      peer_->on_bytes(bytes);
    }
  }
  // Runs what was posted and sends what was written until nothing is left to do.
  void settle() {
    while (!posted_.empty() || (!unsent_.empty() && !is_stuck)) {
      for (const auto& work : std::exchange(posted_, {})) {
        work();
      }
      if (!unsent_.empty() && !is_stuck) {
        send(unsent_.size());
      }
    }
  }
  void send(std::size_t bytes) {
    sent += unsent_.substr(0, bytes);
    unsent_.erase(0, bytes);
    if (unsent_.empty() && !finished && !closed) {
      peer_->on_written();
    }
  }
  void pass(std::int64_t ms) {
    now_ms_ += ms;
    if (!closed && deadline_ms_ != 0 && now_ms_ >= deadline_ms_) {
      deadline_ms_ = 0;
      peer_->on_deadline();
    }
  }
  void drain() { peer_->on_drain(); }

  std::string sent;
  std::string closed_why;
  bool wants_bytes = false, finished = false, closed = false;
  bool is_stuck = false;  // the other side does not read

 private:
  std::shared_ptr<WirePeer> peer_;
  std::vector<std::function<void()>> posted_;
  std::string unsent_;
  std::string remote_address_ = "192.0.2.7";
  std::int64_t deadline_ms_ = 0;
  std::int64_t now_ms_ = 1'000;
};

}  // namespace marktwacht
