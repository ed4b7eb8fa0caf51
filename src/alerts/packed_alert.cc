// See packed_alert.h.
#include "alerts/packed_alert.h"

#include <utility>

#include "base/bytes.h"

namespace marktwacht {
namespace {

template <class List, class Write>
void write_each(ByteWriter& out, const List& list, Write write) {
  out.varint(list.size());
  for (const auto& each : list) {
    write(each);
  }
}

template <class Read>
void read_each(ByteReader& in, Read read) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    read();
  }
}

void write_source(const FindingSource& source, ByteWriter& out) {
  out.text(source.detector);
  out.text(source.rulebook);
  out.text(source.clause);
  out.byte(static_cast<std::uint8_t>(source.severity));
  out.byte(static_cast<std::uint8_t>(source.maturity));
}

std::shared_ptr<const FindingSource> read_source(ByteReader& in) {
  FindingSource source;
  source.detector = in.text();
  source.rulebook = in.text();
  source.rulebook_id = source.rulebook.substr(0, source.rulebook.rfind('@'));
  source.clause = in.text();
  source.severity = static_cast<Severity>(in.byte());
  source.maturity = static_cast<Maturity>(in.byte());
  return std::make_shared<const FindingSource>(std::move(source));
}

// Ascending: each as what it is behind the one before.
void write_evidence(const Evidence& evidence, ByteWriter& out) {
  out.varint(evidence.count);
  std::uint64_t before = 0;
  write_each(out, evidence.seqs,
             [&](std::uint64_t seq) { out.varint(seq - std::exchange(before, seq)); });
}

void read_evidence(Evidence& evidence, ByteReader& in) {
  evidence.count = in.varint();
  std::uint64_t seq = 0;
  read_each(in, [&] { evidence.seqs.push_back(seq += in.varint()); });
}

}  // namespace

std::string pack_alert(const Alert& alert) {
  std::string packed;
  ByteWriter out(packed);
  out.text(alert.alert_id);
  out.varint(alert.revision);
  out.byte(static_cast<std::uint8_t>(alert.state));
  write_source(*alert.source, out);
  out.zigzag(alert.score);
  out.text(alert.group_id);
  out.text(alert.instrument_id);
  out.zigzag(alert.from.ns);
  out.zigzag(alert.to.ns);
  out.varint(alert.first_seq);
  out.varint(alert.last_seq);
  write_each(out, alert.facts, [&](const Fact& fact) {
    out.text(fact.name);
    out.text(fact.value);
    out.text(fact.limit);
  });
  write_each(out, alert.score_parts, [&](const ScorePart& part) {
    out.text(part.name);
    out.zigzag(part.points);
  });
  write_evidence(alert.evidence, out);
  out.text(alert.gain.currency);
  out.text(alert.gain.amount.empty() ? "0" : alert.gain.amount);  // as the line states it
  packed.shrink_to_fit();                                         // kept by the ten thousand
  return packed;
}

Alert unpack_alert(std::string_view packed, const PackedTexts& account_ids) {
  ByteReader in(packed);
  Alert alert;
  alert.alert_id = in.text();
  alert.revision = in.varint();
  alert.state = static_cast<AlertState>(in.byte());
  alert.source = read_source(in);
  alert.score = static_cast<int>(in.zigzag());
  alert.account_ids.assign(account_ids.begin(), account_ids.end());
  alert.group_id = in.text();
  alert.instrument_id = in.text();
  alert.from.ns = in.zigzag();
  alert.to.ns = in.zigzag();
  alert.first_seq = in.varint();
  alert.last_seq = in.varint();
  read_each(in, [&] {
    Fact& fact = alert.facts.emplace_back();
    fact.name = in.text();
    fact.value = in.text();
    fact.limit = in.text();
  });
  read_each(in, [&] {
    ScorePart& part = alert.score_parts.emplace_back();
    part.name = in.text();
    part.points = static_cast<int>(in.zigzag());
  });
  read_evidence(alert.evidence, in);
  alert.gain.currency = in.text();
  alert.gain.amount = in.text();
  return alert;
}

}  // namespace marktwacht
