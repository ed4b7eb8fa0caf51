// Lines out of a source, and their members into alert lines and labels.
#include "edges/labels/labels.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "edges/labels/line_fields.h"

namespace marktwacht {
namespace {

using simdjson::dom::element;

constexpr std::size_t bad_lines_told_max = 10;
constexpr std::size_t read_bytes = 1 << 18;

constexpr std::array<std::string_view, 7> label_fields = {
    "clause", "detector", "account_ids", "instrument_id", "from_ts", "to_ts", "look_alike"};
constexpr std::string_view alert_form =
    "an alert line has alert_id, revision, state, detector, clause, account_ids, from_ts, to_ts "
    "and "
    "may have rulebook and instrument_id";
constexpr std::string_view label_form =
    "a label has clause, detector, from_ts, to_ts and may have account_ids and instrument_id";

// Hands on each line with its number, without its line end. An error is the source's.
std::expected<void, std::string> each_line(
    ByteSource& source, const std::function<void(std::string_view, std::uint64_t)>& take) {
  std::vector<char> room(read_bytes);
  std::string held;
  std::size_t scanned = 0;  // no line end in `held` before this
  std::uint64_t number = 0;
  for (bool more = true; more;) {
    const auto count = source.read(room.data(), room.size());
    if (!count) {
      return std::unexpected(count.error());
    }
    held.append(room.data(), *count);
    more = *count > 0;
    if (!more && !held.empty()) {
      held.push_back('\n');  // the last line needs none
    }
    std::size_t begin = 0;
    for (std::size_t end = held.find('\n', scanned); end != held.npos;
         end = held.find('\n', begin)) {
      take(std::string_view(held).substr(begin, end - begin), ++number);
      begin = end + 1;
    }
    held.erase(0, begin);
    scanned = held.size();
  }
  return {};
}

std::string_view without_margins(std::string_view line, std::uint64_t number) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  line.remove_prefix(number == 1 && line.starts_with(bom) ? bom.size() : 0);
  const std::size_t end = line.find_last_not_of(" \t\r");
  return line.substr(0, end == line.npos ? 0 : end + 1);
}

// Reads every line with `read(fields, number)`, which gives a row; tells of bad lines at the end.
template <class Row, class Read>
std::expected<LinesRead<Row>, LinesFault> read_rows(ByteSource& source, std::string_view form,
                                                    Read read) {
  LinesRead<Row> result;
  simdjson::dom::parser parser;
  std::string told;
  std::size_t bad = 0;
  const auto tell = [&](std::uint64_t number, std::string_view what) {
    if (++bad <= bad_lines_told_max) {
      told += (told.empty() ? "" : "\n") + std::string(source.name()) + ":" +
              std::to_string(number) + ": " + std::string(what) + "; " + std::string(form);
    }
  };
  const auto ended = each_line(source, [&](std::string_view whole, std::uint64_t number) {
    const std::string_view line = without_margins(whole, number);
    element value;
    if (line.empty()) {
      return;
    }
    if (parser.parse(line).get(value) != simdjson::SUCCESS) {
      return tell(number, "is no JSON");
    }
    LineFields fields(value);
    Row row = read(fields, number);
    if (row.to < row.from) {
      fields.fail("\"to_ts\" lies before \"from_ts\"");
    }
    if (!fields.fault().empty()) {
      return tell(number, fields.fault());
    }
    row.line = number;
    result.rows.push_back(std::move(row));
  });
  if (!ended) {
    return std::unexpected(LinesFault{true, ended.error()});
  }
  if (bad > bad_lines_told_max) {
    told += "\n" + std::to_string(bad - bad_lines_told_max) + " more bad lines";
  }
  if (bad > 0) {
    return std::unexpected(LinesFault{false, told});
  }
  return result;
}

AlertLine read_alert_line(LineFields& fields) {
  AlertLine line;
  line.alert_id = fields.text("alert_id", Presence::required);
  line.revision = fields.number("revision");
  line.state = static_cast<AlertState>(fields.word("state", Words<AlertState>::list));
  line.detector = fields.text("detector", Presence::required);
  line.rulebook = fields.text("rulebook", Presence::optional);
  line.clause = fields.text("clause", Presence::required);
  line.account_ids = fields.texts("account_ids", Presence::required);
  line.instrument_id = fields.text("instrument_id", Presence::optional);
  line.from = fields.time("from_ts");
  line.to = fields.time("to_ts");
  return line;
}

Label read_label(LineFields& fields) {
  Label label;
  label.look_alike = fields.text("look_alike", Presence::optional);
  const Presence named = label.look_alike.empty() ? Presence::required : Presence::optional;
  label.clause = fields.text("clause", named);
  label.detector = fields.text("detector", named);
  label.account_ids = fields.texts("account_ids", Presence::optional);
  label.instrument_id = fields.text("instrument_id", Presence::optional);
  label.from = fields.time("from_ts");
  label.to = fields.time("to_ts");
  return label;
}

// A field that is not known, the line it first stood on, and how often it came.
struct UnknownField {
  std::uint64_t line = 0, count = 0;
};

template <class Row>
std::expected<LinesRead<Row>, LinesFault> open_and_read(const std::string& path) {
  const auto source = open_bytes(path);
  if (!source) {
    return std::unexpected(LinesFault{false, source.error()});
  }
  if constexpr (std::is_same_v<Row, Label>) {
    return read_labels(**source);
  } else {
    return read_alert_lines(**source);
  }
}

}  // namespace

AlertLine make_alert_line(const Alert& alert) {
  AlertLine line;
  line.alert_id = alert.alert_id;
  line.revision = alert.revision;
  line.state = alert.state;
  line.detector = alert.source->detector;
  line.rulebook = alert.source->rulebook;
  line.clause = alert.source->clause;
  line.account_ids = alert.account_ids;
  line.instrument_id = alert.instrument_id;
  line.from = alert.from;
  line.to = alert.to;
  return line;
}

std::expected<LinesRead<AlertLine>, LinesFault> read_alert_lines(ByteSource& source) {
  return read_rows<AlertLine>(source, alert_form, [](LineFields& fields, std::uint64_t) {
    return read_alert_line(fields);
  });
}

std::expected<LinesRead<Label>, LinesFault> read_labels(ByteSource& source) {
  std::map<std::string, UnknownField, std::less<>> unknown;
  auto result = read_rows<Label>(source, label_form, [&](LineFields& fields, std::uint64_t number) {
    for (const std::string_view name : fields.names()) {
      if (std::ranges::find(label_fields, name) == label_fields.end()) {
        UnknownField& field = unknown.try_emplace(std::string(name)).first->second;
        field.line = field.count++ == 0 ? number : field.line;
      }
    }
    return read_label(fields);
  });
  if (result) {
    const std::size_t honest =
        std::erase_if(result->rows, [](const Label& label) { return !label.look_alike.empty(); });
    if (honest > 0) {
      result->notes.push_back(std::string(source.name()) +
                              ": honest look-alikes skipped: " + std::to_string(honest));
    }
    for (const auto& [name, field] : unknown) {
      result->notes.push_back(
          std::string(source.name()) + ":" + std::to_string(field.line) + ": unknown field \"" +
          name + "\" skipped, on " + std::to_string(field.count) +
          (field.count == 1 ? " line; " : " lines; ") + std::string(label_form));
    }
  }
  return result;
}

std::expected<LinesRead<AlertLine>, LinesFault> read_alert_lines(const std::string& path) {
  return open_and_read<AlertLine>(path);
}

std::expected<LinesRead<Label>, LinesFault> read_labels(const std::string& path) {
  return open_and_read<Label>(path);
}

}  // namespace marktwacht
