// What batches that are handed from one owner to the next need.
#include "edges/adapters/inputs.h"
#include "events/ndjson.h"

namespace marktwacht {

void make_movable(Batch& batch) {
  batch.reset();
  batch.bytes.reserve(NdjsonReader::padding);  // more than fits into the string itself
}

}  // namespace marktwacht
