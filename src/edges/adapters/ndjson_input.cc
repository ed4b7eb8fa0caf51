// NDJSON as an input: lines from the reader, events from the codec.
#include <utility>

#include "edges/adapters/inputs.h"
#include "edges/adapters/line_reader.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

class NdjsonInput : public Input {
 public:
  explicit NdjsonInput(std::unique_ptr<ByteSource> source) : reader_(std::move(source)) {}

  std::expected<bool, std::string> read(Batch& batch) override {
    const auto more = reader_.read(batch, lines_);
    for (const Line& line : lines_) {
      Item& item = batch.items.emplace_back();
      item.line = line.line;
      item.offset = line.offset;
      item.text = line.text;
      if (line.too_large) {
        item.fault = {RejectReason::too_large, {}};
      } else {
        codec_.read(line.text, batch, item);
      }
    }
    return more;
  }

  Progress progress() const override { return reader_.progress(); }

 private:
  LineReader reader_;
  NdjsonReader codec_;
  std::vector<Line> lines_;
};

}  // namespace

std::unique_ptr<Input> read_ndjson(std::unique_ptr<ByteSource> source) {
  return std::make_unique<NdjsonInput>(std::move(source));
}

}  // namespace marktwacht
