// One connection of the server: reads a request, has it answered, reads the next. Knows no sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edges/http/parser.h"
#include "edges/http/server_counts.h"
#include "edges/http/wire.h"

namespace marktwacht {

class ServerConnection final : public WirePeer,
                               public std::enable_shared_from_this<ServerConnection> {
 public:
  explicit ServerConnection(std::shared_ptr<ServerShared> shared);

  void on_open(std::shared_ptr<Wire> wire) override;
  void on_bytes(std::string_view bytes) override;
  void on_written() override;
  void on_deadline() override;
  void on_drain() override;
  void on_closed(std::string_view why) override;

  // On the loop. Nothing happens where the request of this number is over already.
  void respond(std::uint64_t number, const HttpResponse& response);
  void begin_stream(std::uint64_t number, std::shared_ptr<StreamState> stream);
  void send_pushed();
  void end_stream(bool too_slow);

  ServerCounts& counts() { return shared_->counts; }
  const HttpConfig& config() const { return shared_->config; }

 private:
  enum class Doing : std::uint8_t { reading, answering, writing, streaming, ending };

  void next_message();
  void advance();
  void got_head();
  void got_request();
  void refuse(int status, std::string_view what);
  void write_response(const HttpResponse& response);
  std::string head_of(const HttpResponse& response, bool is_stream);
  void begin_timing(std::uint64_t moved);
  bool moves_quickly(std::uint64_t moved);
  void time_out_reading();
  void count_sent();

  std::shared_ptr<ServerShared> shared_;
  std::shared_ptr<Wire> wire_;
  RequestParser parser_;
  std::string unread_;
  std::shared_ptr<StreamState> stream_;
  std::uint64_t number_ = 0;  // of the request in hand
  std::uint64_t received_bytes_ = 0, counted_sent_ = 0;
  std::uint64_t timed_from_bytes_ = 0;
  Doing doing_ = Doing::reading;
  bool message_begun_ = false;
  bool reads_body_ = false;
  bool closes_ = false;
  bool is_head_ = false;
  bool is_http_1_0_ = false;
};

// Behind HttpAnswer: leads an answer from any thread to its connection's loop.
class HttpExchange {
 public:
  HttpExchange(std::shared_ptr<ServerConnection> connection, std::shared_ptr<Wire> wire,
               std::uint64_t number)
      : connection_(std::move(connection)), wire_(std::move(wire)), number_(number) {}

  void send(HttpResponse response);
  std::shared_ptr<StreamState> stream(std::function<void()> closed);
  void drop();

 private:
  std::shared_ptr<ServerConnection> connection_;
  std::shared_ptr<Wire> wire_;
  std::uint64_t number_;
};

// Behind EventStream: what is pushed waits here until its reader took what was before it.
class StreamState {
 public:
  StreamState(std::shared_ptr<ServerConnection> connection, std::shared_ptr<Wire> wire,
              std::function<void()> closed);
  ~StreamState() { end(); }
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;

  // Any thread.
  bool push(SharedBytes event);
  void close();
  bool is_open() const;
  void end();  // closed, and says so once

  // The connection's loop: what is to be sent now. The pieces count as waiting until sent().
  std::vector<SharedBytes> take();
  void sent();

 private:
  std::shared_ptr<ServerConnection> connection_;
  std::shared_ptr<Wire> wire_;
  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::function<void()> closed_;
  std::vector<SharedBytes> waiting_;
  std::size_t waiting_bytes_ = 0;  // with those under way
  std::size_t under_way_ = 0;
  bool open_ = true;
  bool sending_is_asked_ = false;
};

}  // namespace marktwacht
