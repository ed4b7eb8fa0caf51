// The inputs that open_input puts together, one file each.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "edges/adapters/byte_source.h"
#include "edges/adapters/input.h"

namespace marktwacht {

using OpenedInput = std::expected<std::unique_ptr<Input>, std::string>;

// NDJSON, one event a line.
std::unique_ptr<Input> read_ndjson(std::unique_ptr<ByteSource> source);

// The journal at `path`. `line` of an item is the record's number from 1, `offset` that of its
// frame in its segment.
OpenedInput open_journal(const std::string& path);

// A CSV file of trades: an `instrument` for each option, then a `trade` a row. Reads the header
// line at once. Rows it cannot take become items with a fault; where all rows before the first good
// one are such, they come before the instruments, whose time is that of the first good row.
OpenedInput open_trades_csv(std::unique_ptr<ByteSource> source, const CsvColumns& columns,
                            const std::vector<InstrumentOption>& instruments);

// Makes `batch` empty and sees to it that what will be written to its `bytes` stays where it is
// when the batch is moved or swapped (a short std::string would take its text along).
void make_movable(Batch& batch);

// Several inputs as one, by ts, ties in the order given; a refused line goes on as soon as it is
// next in its input. An input that fails ends the whole.
std::unique_ptr<Input> merge_inputs(std::vector<std::unique_ptr<Input>> inputs);

// `input`, read ahead on a thread of its own by a few batches.
std::unique_ptr<Input> read_on_thread(std::unique_ptr<Input> input);

// `input` for so many readers, each on a thread of its own: every one gets every batch, in order,
// and none is more than a few batches ahead of the last; one that is destroyed is not waited for.
// What items point to is shared and stays until the reader's next read.
std::vector<std::unique_ptr<Input>> share_input(std::unique_ptr<Input> input, std::size_t readers);

}  // namespace marktwacht
