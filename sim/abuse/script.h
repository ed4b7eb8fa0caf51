// What somebody does one thing after the other, written as one text: `co_await` lets time pass, or
// does another script first.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace marktwacht::sim {

// Owns its frame. Starts when it is first resumed, or awaited by another script.
class Script {
 public:
  struct promise_type {
    std::coroutine_handle<> after = std::noop_coroutine();  // who awaits it

    Script get_return_object() { return Script(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Back {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(Handle done) noexcept { return done.promise().after; }
        void await_resume() noexcept {}
      };
      return Back{};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  Script() = default;
  explicit Script(Handle handle) : handle_(handle) {}
  Script(Script&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Script& operator=(Script&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Script() {
    if (handle_) {
      handle_.destroy();
    }
  }

  Handle handle() const { return handle_; }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> after) {
    handle_.promise().after = after;
    return handle_;
  }
  void await_resume() const {}

 private:
  Handle handle_;
};

}  // namespace marktwacht::sim
