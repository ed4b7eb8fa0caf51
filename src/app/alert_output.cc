// One line and one record for each revision.
#include "app/alert_output.h"

#include "edges/texts/texts.h"
#include "engine/records.h"

namespace marktwacht {

std::expected<AlertOutput, std::string> AlertOutput::open(const std::string& path,
                                                          JournalWriter* journal) {
  auto lines = Output::open(path);
  if (!lines) {
    return std::unexpected(lines.error());
  }
  return AlertOutput(std::move(*lines), journal);
}

std::expected<void, std::string> AlertOutput::write(const Alert& alert) {
  if (alert.revision == 1) {
    ++opened_[{alert.source->clause, alert.source->detector}];
  }
  if (keeps_) {
    kept_.push_back(make_alert_line(alert));
  }
  const AlertText text = render_text(alert);
  line_.clear();
  write_alert(alert, &text, line_);
  if (auto written = lines_.line(line_); !written || journal_ == nullptr) {
    return written;
  }
  return record(alert);
}

// The record is the line without its texts, which are made for whoever reads.
std::expected<void, std::string> AlertOutput::record(const Alert& alert) {
  body_.clear();
  write_alert(alert, nullptr, body_);
  return journal_->append(alert_record(alert, body_));
}

}  // namespace marktwacht
