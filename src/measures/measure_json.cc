// Measures and what is proposed, as JSON.
#include "base/numbered_id.h"
#include "cases/case.h"
#include "events/json_object.h"
#include "measures/command.h"
#include "measures/measure.h"

namespace marktwacht {
namespace {

void decimal_if(ObjectWriter& object, std::string_view name, const std::optional<Decimal>& value) {
  if (value) {
    object.text(name, format_decimal(*value));
  }
}

void seconds_if(ObjectWriter& object, std::string_view name, Duration duration) {
  if (duration.ns != 0) {
    object.number(name, duration.ns / second.ns);
  }
}

template <class Texts>
void texts_if(ObjectWriter& object, std::string_view name, const Texts& texts) {
  if (!texts.empty()) {
    object.texts(name, texts);
  }
}

void write_target(const MeasureTarget& target, std::string& out) {
  ObjectWriter object(out);
  object.text_unless_empty("account_id", target.account_id);
  object.text_unless_empty("group_id", target.group_id);
  texts_if(object, "account_ids", target.account_ids);
  texts_if(object, "exclude", target.excluded);
  object.text_unless_empty("instrument_id", target.instrument_id);
  if (target.place) {
    object.text(
        target.place->kind == SubjectKind::device ? "device_id" : word_of(target.place->kind),
        target.place->id);
  }
  object.end();
}

void write_parameters(const MeasureParameters& parameters, ObjectWriter& object, std::string& out) {
  object.text_unless_empty("instrument_id", parameters.instrument_id);
  decimal_if(object, "amount", parameters.amount);
  object.text_unless_empty("asset", parameters.asset);
  seconds_if(object, "held_min_s", parameters.held_min);
  decimal_if(object, "leverage_max", parameters.leverage_max);
  if (parameters.channel) {
    object.text("channel", word_of(*parameters.channel));
  }
  if (parameters.kyc_level != 0) {
    object.number("kyc_level", parameters.kyc_level);
  }
  texts_if(object, "devices", parameters.devices);
  if (!parameters.actions.empty()) {
    object.array("actions", parameters.actions,
                 [&](GateAction action) { write_json_string(word_of(action), out); });
  }
  object.text_unless_empty("text", parameters.text);
}

void write_plan_members(const MeasurePlan& plan, ObjectWriter& object, std::string& out) {
  object.text("kind", word_of(plan.kind));
  object.text_unless_empty("clause", plan.clause);
  write_target(plan.target, object.member("target"));
  write_parameters(plan.parameters, object, out);
  if (is_entered(plan.amount_of)) {
    object.text("amount_of", word_of(plan.amount_of));
  }
  if (plan.until) {
    object.number("until_ts", plan.until->ns);
  }
  seconds_if(object, "duration_s", plan.duration.value_or(Duration{0}));
  seconds_if(object, "deadline_s", plan.deadline.value_or(Duration{0}));
  texts_if(object, "trade_ids", plan.trade_ids);
  object.text_unless_empty("legal_basis", plan.legal_basis);
  object.text_unless_empty("reason", plan.reason);
}

void time_if(ObjectWriter& object, std::string_view name, const std::optional<Time>& time) {
  if (time) {
    object.number(name, time->ns);
  }
}

void write_jobs(const Measure& measure, ObjectWriter& line, std::string& out) {
  line.array("jobs", measure.jobs, [&](const MeasureJob& job) {
    ObjectWriter object(out);
    object.text("account_id", job.account_id);
    object.text("step", job.step);
    if (job.undoing) {
      object.boolean("undoing", true);
    }
    object.text("state", job.state == MeasureJob::State::waiting   ? "waiting"
                         : job.state == MeasureJob::State::applied ? "applied"
                                                                   : "failed");
    object.number("attempt", job.attempt);
    if (!job.entries.empty()) {
      write_entries(job.entries, object.member("entries"));
    }
    object.text_unless_empty("detail", job.detail);
    object.end();
  });
}

void write_history(const Measure& measure, ObjectWriter& line, std::string& out) {
  line.array("history", measure.history, [&](const MeasureStep& step) {
    ObjectWriter object(out);
    object.number("seq", step.seq);
    object.number("ts", step.at.ns);
    object.text("user_id", step.user_id);
    object.text("what", step.what);
    object.text("state", word_of(step.state));
    object.end();
  });
}

void write_subjects(const Measure& measure, ObjectWriter& line, std::string& out) {
  const auto subjects = [&](std::string_view name, const auto& list, auto subject_of) {
    line.array(name, list, [&](const auto& each) {
      const GateSubject& subject = subject_of(each);
      ObjectWriter object(out);
      object.text("kind", word_of(subject.kind));
      object.text("id", subject.id);
      object.end();
    });
  };
  subjects("unacknowledged", measure.awaited,
           [](const auto& each) -> const GateSubject& { return each.first; });
  subjects("failing", measure.failing,
           [](const GateSubject& each) -> const GateSubject& { return each; });
}

void write_people(const Measure& measure, ObjectWriter& line) {
  line.text("proposer_id", measure.proposer_id);
  line.text_unless_empty("approver_id", measure.approver_id);
  line.text_unless_empty("reviewer_id", measure.reviewer_id);
  line.boolean("automatic", measure.automatic);
  line.boolean("imposed", measure.imposed);
}

}  // namespace

std::string measure_id(std::uint64_t number) { return "m-" + std::to_string(number); }

std::uint64_t measure_number(std::string_view measure_id) {
  return number_behind("m-", measure_id);
}

void write_plan(const MeasurePlan& plan, std::string& out) {
  ObjectWriter object(out);
  write_plan_members(plan, object, out);
  object.end();
}

void write_proposal(const MeasureProposal& proposal, std::string& out) {
  ObjectWriter object(out);
  write_plan_members(proposal.plan, object, out);
  texts_if(object, "alert_ids", proposal.alert_ids);
  if (proposal.amends != Amends::nothing) {
    object.text("amends", word_of(proposal.amends));
    object.text("amended", measure_id(proposal.amended));
  }
  object.boolean("automatic", proposal.automatic);
  object.text_unless_empty("ladder_row", proposal.row);
  if (proposal.step != 0) {
    object.number("ladder_step", proposal.step);
  }
  object.end();
}

void write_measure(const Measure& measure, std::string& out) {
  ObjectWriter line(out);
  line.text("measure_id", measure_id(measure.number));
  line.number("revision", measure.revision);
  line.text("state", word_of(measure.state));
  line.text("case_id", case_id(measure.case_number));
  texts_if(line, "alert_ids", measure.alert_ids);
  if (measure.amends != Amends::nothing) {
    line.text("amends", word_of(measure.amends));
    line.text("amended", measure_id(measure.amended));
  }
  write_plan(measure.plan, line.member("measure"));
  line.text_unless_empty("ladder_row", measure.row);
  if (measure.step != 0) {
    line.number("ladder_step", measure.step);
  }
  write_people(measure, line);
  line.number("proposed_ts", measure.proposed_at.ns);
  if (measure.in_force_at.ns != 0) {
    line.number("in_force_ts", measure.in_force_at.ns);
  }
  time_if(line, "until_ts", measure.until);
  time_if(line, "deadline_ts", measure.deadline);
  time_if(line, "review_due_ts", measure.review_due);
  line.texts("account_ids", measure.account_ids);
  write_subjects(measure, line, out);
  write_jobs(measure, line, out);
  if (!measure.claims.empty()) {
    write_entries(measure.claims, line.member("claims"));
  }
  line.boolean("overdue", measure.overdue);
  if (measure.appealed || !measure.appeal_outcome.empty()) {
    line.text("appeal", measure.appealed ? "open" : measure.appeal_outcome);
  }
  line.text_unless_empty("report", measure.report_text);
  write_history(measure, line, out);
  line.end();
}

}  // namespace marktwacht
