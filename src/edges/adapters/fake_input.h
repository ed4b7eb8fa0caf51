// An input made of given items, for tests.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "edges/adapters/input.h"
#include "events/event.h"

namespace marktwacht {

// What a FakeInput gives: a `post` with this time and text, or a fault where ts < 0.
struct FakeItem {
  std::int64_t ts = 0;
  std::string text;
};

// Gives `items` in batches of `batch_items`, then the end, or `error` where there is one. The texts
// of the events lie partly in the item's text and partly in the arena.
class FakeInput : public Input {
 public:
  FakeInput(std::vector<FakeItem> items, std::size_t batch_items, std::string error = {})
      : items_(std::move(items)), batch_items_(batch_items), error_(std::move(error)) {}

  std::expected<bool, std::string> read(Batch& batch) override {
    batch.reset();
    if (at_ == items_.size() && !error_.empty()) {
      return std::unexpected(error_);
    }
    const std::size_t end = std::min(items_.size(), at_ + batch_items_);
    std::size_t bytes = 0;
    for (std::size_t i = at_; i < end; ++i) {
      bytes += items_[i].text.size();
    }
    batch.bytes.assign(bytes, '\0');  // short enough to lie in the string itself
    std::size_t place = 0;
    for (; at_ < end; ++at_) {
      items_[at_].text.copy(batch.bytes.data() + place, items_[at_].text.size());
      add(batch, {batch.bytes.data() + place, items_[at_].text.size()});
      place += items_[at_].text.size();
    }
    batch.blank_lines = batch.items.empty() ? 0 : 1;
    batch.unknown_fields = batch.items.size();
    return !batch.items.empty();
  }
  Progress progress() const override { return {at_, items_.size()}; }
  std::vector<std::string> notes() const override { return {"a fake"}; }

 private:
  void add(Batch& batch, std::string_view text) {
    Item& item = batch.items.emplace_back();
    item.line = at_ + 1;
    item.offset = at_ * 10;
    item.text = text;
    if (items_[at_].ts < 0) {
      item.fault = {RejectReason::json, {}};
      return;
    }
    auto* post = batch.arena.make<event::Post>();
    post->type = event::Post::event_type;
    post->ts = {items_[at_].ts};
    post->source = make_text(batch.arena.copy(text));
    post->text = make_text(text);
    post->channel = make_text(batch.arena.copy(text));
    post->present = std::uint64_t{1} << static_cast<int>(event::Post::Field::text) |
                    std::uint64_t{1} << static_cast<int>(event::Post::Field::channel);
    item.event = post;
  }

  std::vector<FakeItem> items_;
  std::size_t batch_items_;
  std::string error_;
  std::size_t at_ = 0;
};

// What came out of an input: one line an item, the counts, and the error or "".
struct Taken {
  std::vector<std::string> items;
  std::uint64_t blank_lines = 0, unknown_fields = 0;
  std::string error;
};

inline std::string describe_fake(const Item& item) {
  const std::string at = "/" + std::to_string(item.line) + "/" + std::to_string(item.offset);
  if (item.event == nullptr) {
    return "fault:" + std::string(item.text) + at;
  }
  const auto& post = as<event::Post>(*item.event);
  std::string all = std::to_string(post.ts.ns) + ":" + std::string(item.text);
  for (const Text& text : {post.text, post.channel, post.source}) {
    all += text.view() == item.text ? "" : "?" + std::string(text.view());
  }
  return all + at;
}

inline Taken take_all(Input& input) {
  Taken taken;
  Batch batch;
  while (true) {
    const auto more = input.read(batch);
    if (!more) {
      taken.error = more.error();
      return taken;
    }
    if (!*more) {
      return taken;
    }
    taken.blank_lines += batch.blank_lines;
    taken.unknown_fields += batch.unknown_fields;
    for (const Item& item : batch.items) {
      taken.items.push_back(describe_fake(item));
    }
  }
}

}  // namespace marktwacht
