// Tables and stories; times in UTC.
#include "app/measure_text.h"

#include <algorithm>

#include "app/table.h"
#include "base/decimal.h"

namespace marktwacht {
namespace {

std::string or_dash(std::string text) { return text.empty() ? "-" : text; }

std::string joined(const auto& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

std::string target_text(const MeasureTarget& target) {
  std::string text = !target.account_id.empty()      ? target.account_id
                     : !target.group_id.empty()      ? "group " + target.group_id
                     : !target.account_ids.empty()   ? joined(target.account_ids)
                     : !target.instrument_id.empty() ? "instrument " + target.instrument_id
                     : target.place
                         ? std::string(word_of(target.place->kind)) + " " + target.place->id
                         : "";
  if (!target.excluded.empty()) {
    text += " without " + joined(target.excluded);
  }
  return text;
}

std::string line(const std::string& name, const std::string& value) {
  return "  " + name + std::string(name.size() < 14 ? 14 - name.size() : 1, ' ') + value + "\n";
}

std::string line_if(const std::string& name, const std::string& value) {
  return value.empty() ? "" : line(name, value);
}

std::string seconds(Duration duration) { return std::to_string(duration.ns / second.ns) + " s"; }

std::string restriction_text(const Restriction& one) {
  std::string text(word_of(one.action));
  text += one.instrument_id.empty() ? "" : " on " + one.instrument_id;
  if (one.limit) {
    text += one.action == GateAction::use_leverage
                ? " above " + format_decimal(*one.limit)
                : " above " + format_decimal(*one.limit) + " " +
                      (one.asset.empty() ? "of other assets" : one.asset) + " today";
  }
  if (one.held_min.ns != 0) {
    text += " within " + seconds(one.held_min) + " of opening";
  }
  if (!one.devices.empty()) {
    text += " but from " + joined(one.devices);
  }
  return text;
}

std::string denials(const std::vector<Restriction>& restrictions) {
  std::vector<std::string> texts;
  std::ranges::transform(restrictions, std::back_inserter(texts), restriction_text);
  return joined(texts);
}

std::string lasts(const Measure& measure) {
  if (measure.until) {
    return "until " + format_rfc3339(*measure.until);
  }
  if (measure.plan.until) {
    return "until " + format_rfc3339(*measure.plan.until);
  }
  return measure.plan.duration ? "for " + seconds(*measure.plan.duration) + " once in force"
                               : "until it is lifted";
}

std::string account_text(const PreviewAccount& account) {
  std::string text = "    " + account.account_id;
  text += account.country.empty() ? "" : " (" + account.country + ")";
  text += ": " + std::to_string(account.open_orders) + " open orders";
  for (const PreviewPosition& position : account.positions) {
    text += "; position " + position.quantity + " " + position.instrument_id;
  }
  for (const PreviewBalance& balance : account.balances) {
    text += "; " + balance.total + " " + balance.asset;
    text += balance.available.empty() ? "" : " (" + balance.available + " available)";
  }
  text += account.gain.empty() ? "" : "; gained " + account.gain;
  if (!account.restrictions.empty()) {
    text += "; denied already: " + denials(account.restrictions);
  }
  return text + "\n";
}

}  // namespace

std::string measures_table(const Enforcement& enforcement) {
  std::vector<std::vector<std::string>> lines = {
      {"measure", "kind", "clause", "state", "case", "proposer", "approver", "target"}};
  for (const auto& [number, measure] : enforcement.measures().all()) {
    lines.push_back({measure_id(number), std::string(word_of(measure.plan.kind)),
                     measure.plan.clause, std::string(word_of(measure.state)),
                     case_id(measure.case_number), measure.proposer_id,
                     measure.automatic ? "automatic" : or_dash(measure.approver_id),
                     target_text(measure.plan.target)});
  }
  return aligned(lines, "l");
}

std::string cases_table(const Enforcement& enforcement) {
  std::vector<std::vector<std::string>> lines = {
      {"case", "state", "severity", "alerts", "measures", "due", "assignee", "accounts"}};
  for (const auto& [number, of] : enforcement.cases().all()) {
    lines.push_back({case_id(number), std::string(word_of(of.state)),
                     std::string(word_of(of.severity)), std::to_string(of.alert_ids.size()),
                     std::to_string(of.measures.size()), format_rfc3339(of.due),
                     or_dash(of.assignee_id), joined(of.account_ids)});
  }
  return aligned(lines, "lllrrl");
}

std::string stuck_table(const Enforcement& enforcement, Time now) {
  const auto stuck = enforcement.measures().stuck(now);
  if (stuck.empty()) {
    return "nobody is stuck\n";
  }
  std::vector<std::vector<std::string>> lines = {{"measure", "why", "state", "accounts"}};
  for (const Stuck& one : stuck) {
    if (one.measure == 0) {  // restrictions that no measure waits for
      lines.push_back({"-", one.why, "-", one.subject.id});
      continue;
    }
    const Measure& measure = *enforcement.measures().find(one.measure);
    lines.push_back({measure_id(one.measure), one.why, std::string(word_of(measure.state)),
                     joined(measure.account_ids)});
  }
  return aligned(lines, "l");
}

namespace {

std::string refused_text(const RefusedBefore& refused) {
  std::string text = "the gate would have refused, from " + format_rfc3339(refused.from) + " to " +
                     format_rfc3339(refused.to) + ": " + std::to_string(refused.count) + "\n";
  if (refused.count > refused.actions.size()) {
    text += "  the last " + std::to_string(refused.actions.size()) + ":\n";
  }
  for (const RefusedAction& action : refused.actions) {
    text += "  " + format_rfc3339(action.at) + "  " + action.account_id + " " +
            std::string(word_of(action.action)) +
            (action.instrument_id.empty() ? "" : " " + action.instrument_id) +
            (action.asset.empty() ? "" : " " + action.asset) +
            (action.reduce_only ? ", but for what reduces" : "") + ", " + action.reason + " (seq " +
            std::to_string(action.seq) + ")\n";
  }
  return text;
}

}  // namespace

std::string measure_text(const Measure& measure, const Preview& preview, std::uint64_t seq) {
  std::string text = measure_id(measure.number) + "  " + std::string(word_of(measure.plan.kind)) +
                     " (clause " + measure.plan.clause +
                     "): " + std::string(word_of(measure.state)) + "\n";
  text += line("for", target_text(measure.plan.target));
  text += line_if("members", joined(measure.account_ids));
  text += line("case", case_id(measure.case_number) + ", alerts " + joined(measure.alert_ids));
  if (measure.amends != Amends::nothing) {
    text += line("amends",
                 measure_id(measure.amended) + ": its " + std::string(word_of(measure.amends)));
  }
  text += line("lasts", lasts(measure));
  text += line_if("denies", denials(preview.restrictions));
  text += line_if("legal basis", measure.plan.legal_basis);
  text += line_if("reason", measure.plan.reason);
  text += line_if("ladder", measure.row.empty()
                                ? ""
                                : "\"" + measure.row + "\", step " + std::to_string(measure.step));
  text += "steps:\n";
  for (const MeasureStep& step : measure.history) {
    text += "  " + format_rfc3339(step.at) + "  " + step.what + " by " + step.user_id + " -> " +
            std::string(word_of(step.state)) + " (seq " + std::to_string(step.seq) + ")\n";
  }
  text += measure.jobs.empty() ? "" : "jobs:\n";
  for (const MeasureJob& job : measure.jobs) {
    text += "  " + job.account_id + ": " + (job.undoing ? "undo " : "") + job.step + ", " +
            (job.state == MeasureJob::State::applied   ? "done"
             : job.state == MeasureJob::State::waiting ? "waiting"
                                                       : "failed") +
            (job.detail.empty() ? "" : " (" + job.detail + ")") + "\n";
    for (const LedgerEntry& entry : job.entries) {
      text +=
          "    " + entry.account_id + " " + format_decimal(entry.amount) + " " + entry.asset + "\n";
    }
  }
  text += "what it is about now:\n";
  for (const PreviewAccount& account : preview.accounts) {
    text += account_text(account);
  }
  for (const PreviewLiquidation& one : preview.liquidation) {
    text += "    " + one.account_id + ": " + std::string(word_of(one.step.side)) + " " +
            format_decimal(one.step.quantity) + " " + one.step.instrument_id + " in " +
            std::to_string(one.step.slices) + " slices" +
            (one.depth.empty() ? "" : ", the book has " + one.depth) + "\n";
  }
  if (preview.refused_before) {
    text += refused_text(*preview.refused_before);
  }
  if (measure.pending()) {
    text +=
        "to approve: preview_seq " + std::to_string(seq) + ", preview_hash " + preview.hash + "\n";
  }
  return text;
}

namespace {

void write_gains(const CaseGains& gains, std::string& text) {
  for (const auto& [account_id, of] : gains.by_account()) {
    if (of.settled > 0) {
      text += "    " + std::to_string(of.settled) + " before  " + account_id + "  " +
              format_scaled(of.settled_sum, Case::gain_scale) + "\n";
    }
    for (const CaseGain& gain : of.each()) {
      text += "    seq " + std::to_string(gain.seq()) + "  " + account_id + "  " +
              format_scaled(gain.units, Case::gain_scale) + "\n";
    }
  }
}

}  // namespace

std::string case_text(const Case& of, const Enforcement& enforcement) {
  std::string text = case_id(of.number) + "  " + std::string(word_of(of.state)) + ", " +
                     std::string(word_of(of.severity)) + "\n";
  text += line("accounts", joined(of.account_ids));
  text += line_if("groups", joined(of.group_ids));
  text += line("opened", format_rfc3339(of.opened) + ", due " + format_rfc3339(of.due));
  text += line_if("assignee", of.assignee_id);
  text += line_if("reason", of.reason);
  text += line("reported", of.reported ? "yes " + of.report_ref : "no");
  text += "alerts:\n";
  for (const std::string& id : of.alert_ids) {
    const KnownAlert& alert = *enforcement.cases().alert(id);
    text += "  " + id + "  " + alert.clause + " " + alert.detector + ", score " +
            std::to_string(alert.score) + ", " + std::string(word_of(alert.state)) + "\n";
  }
  text += of.measures.empty() ? "" : "measures:\n";
  for (const std::uint64_t number : of.measures) {
    const Measure& measure = *enforcement.measures().find(number);
    text += "  " + measure_id(number) + "  " + std::string(word_of(measure.plan.kind)) + ", " +
            std::string(word_of(measure.state)) + "\n";
  }
  if (!of.gain_currency.empty()) {
    text += "gained, in " + of.gain_currency + ":\n";
    for (const std::string& account : of.account_ids) {
      text +=
          "  " + account + "  " + format_scaled(of.gains.sum_of(account), Case::gain_scale) + "\n";
    }
    text += "  together  " + format_scaled(of.gains.sum(), Case::gain_scale) + "\n";
    write_gains(of.gains, text);
    text += of.gains_unvalued == 0 ? ""
                                   : "    " + std::to_string(of.gains_unvalued) +
                                         " more have no valuation and are not counted\n";
  }
  text += of.notes.empty() ? "" : "notes:\n";
  for (const CaseNote& note : of.notes) {
    text += "  " + format_rfc3339(note.at) + "  " + (note.user_id.empty() ? "-" : note.user_id) +
            ": " + note.text + "\n";
  }
  return text;
}

}  // namespace marktwacht
