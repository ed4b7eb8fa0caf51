// The gate as an exchange's process reads it. docs/gate.md.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edges/gate/gate_file.h"
#include "gate/table_reader.h"

namespace marktwacht {

// Any number of threads may ask at the same time. Asking takes no lock, no memory and no system
// call. Answers follow the writer for as long as the file is the same: a file that was replaced
// (after a change of the deployment key) looks like a dead writer, and is to be opened anew.
class GateReader {
 public:
  // `folder`: "gate" in the data directory. An error says why there is no gate to ask.
  static std::expected<GateReader, std::string> open(const std::string& folder,
                                                     std::string_view deployment_key);

  GateAnswer ask(const GateQuestion& question) const;
  // The same for each; their waiting for memory is one.
  void ask(std::span<const GateQuestion> questions, std::span<GateAnswer> answers) const;
  static constexpr std::size_t batch = 16;  // looked up together

  // What nearly every question names. Looked for even where it is empty.
  struct UsualNames {
    std::string_view account_id, instrument_id;
  };
  // True where nothing is held against either of them: quicker than a question. May be false by
  // chance.
  bool nothing_held(const UsualNames& names) const;

  Time heartbeat() const;
  bool blind(Time now) const;
  // Rises when the table is built anew; 0 = nothing was published yet.
  std::uint64_t generation() const;

 private:
  std::uint64_t active() const;
  const GateTableReader& table(std::uint64_t active) const { return tables_[active & 0xFF]; }
  GateAnswer ask_names(const GateQuestion& question, const AskedNames& names,
                       std::uint64_t active) const;

  GateMapping mapping_;
  GateKey key_;
  std::vector<GateTableReader> tables_;  // by place; none for what is no place
};

}  // namespace marktwacht
