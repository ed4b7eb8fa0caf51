// What scoring compares: alert lines, and labels of what really happened. See docs/scoring.md.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "edges/adapters/byte_source.h"

namespace marktwacht {

// What scoring needs of one revision of an alert.
struct AlertLine {
  std::string alert_id;
  std::uint64_t revision = 0;
  AlertState state{};
  std::string detector;
  std::string rulebook;  // empty: of a detector
  std::string clause;
  std::vector<std::string> account_ids;  // sorted, each once
  std::string instrument_id;             // empty: all of them
  Time from, to;
  std::uint64_t line = 0;  // in its file; 0: from memory
};

// One abuse, as one detector should find it.
struct Label {
  std::string clause;
  std::string detector;
  std::vector<std::string> account_ids;  // sorted, each once; empty: any
  std::string instrument_id;             // empty: any
  Time from, to;
  std::uint64_t line = 0;
  std::string look_alike;  // of honest behaviour: what it is; such lines are no labels
};

AlertLine make_alert_line(const Alert& alert);

struct LinesFault {
  bool unreadable = false;  // the world failed; else the file is none of the right form
  std::string text;         // names the file, and for a bad line its number and what is allowed
};

template <class Row>
struct LinesRead {
  std::vector<Row> rows;
  std::vector<std::string> notes;  // what was left out of account, a sentence each
};

// All lines of a file ("-" is standard input; .gz and .zst are unpacked), blank ones skipped. Of
// bad lines the first ten are told. Labels: unknown fields are skipped with a note, and so are the
// lines about honest look-alikes.
std::expected<LinesRead<AlertLine>, LinesFault> read_alert_lines(const std::string& path);
std::expected<LinesRead<Label>, LinesFault> read_labels(const std::string& path);
// The same from any source.
std::expected<LinesRead<AlertLine>, LinesFault> read_alert_lines(ByteSource& source);
std::expected<LinesRead<Label>, LinesFault> read_labels(ByteSource& source);

}  // namespace marktwacht
