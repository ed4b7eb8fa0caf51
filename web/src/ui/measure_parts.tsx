// What is told of a measure wherever one stands: its target, terms and restrictions.
import type { Measure, MeasurePlan, Restriction, Target } from "../api/types";
import { span } from "../format";
import { useText, useWord } from "../text";
import { AccountId, Id, Ids, Num, Time } from "./kit";

export function TargetText({ target }: { target: Target }) {
  const t = useText();
  return (
    <>
      {target.account_id && <AccountId id={target.account_id} />}
      {target.group_id && <Id id={target.group_id} />}
      {target.account_ids && <Ids ids={target.account_ids} account />}
      {target.exclude && (
        <span className="quiet">
          {" "}
          − <Ids ids={target.exclude} account />
        </span>
      )}
      {target.instrument_id}
      {target.device_id ?? target.ip ?? target.address}
      {Object.keys(target).length === 0 && t("none")}
    </>
  );
}

// The ladder could not say it: a person enters it before another approves.
export const lacksAmount = (plan: MeasurePlan) => plan.amount_of !== undefined && !plan.amount;

// Some kinds have none: a warning is said by its kind alone.
export const hasTerms = (plan: MeasurePlan) =>
  lacksAmount(plan) ||
  [plan.instrument_id, plan.amount, plan.duration_s, plan.until_ts, plan.held_min_s, plan.leverage_max, plan.channel, plan.kyc_level, plan.deadline_s, plan.text].some(Boolean);

export function PlanText({ measure }: { measure: Measure }) {
  const t = useText();
  const plan = measure.measure;
  const parts: React.ReactNode[] = [];
  if (plan.instrument_id) parts.push(plan.instrument_id);
  if (plan.amount) parts.push(<Num key="amount" value={plan.amount} unit={plan.asset} />);
  if (lacksAmount(plan)) {
    const open = waitsForAdoption(measure) || waitsForApproval(measure);
    parts.push(<span key="lacks" className={open ? "warn" : "quiet"}>{t(open ? "measure.amount_lacks" : "measure.amount_none")}</span>);
  }
  if (plan.duration_s) parts.push(t("measure.duration", { span: span(plan.duration_s) }));
  if (plan.until_ts) parts.push(<span key="until">{t("until")} <Time ns={plan.until_ts} only="second" /></span>);
  if (plan.held_min_s) parts.push(span(plan.held_min_s));
  if (plan.leverage_max) parts.push(<span key="leverage">≤ <Num value={plan.leverage_max} />×</span>);
  if (plan.channel) parts.push(plan.channel);
  if (plan.kyc_level) parts.push(`${t("account.kyc")} ${plan.kyc_level}`);
  if (plan.deadline_s) parts.push(`${t("measure.deadline")} ${span(plan.deadline_s)}`);
  if (plan.text) parts.push(plan.text);
  return (
    <>
      {parts.map((part, i) => (
        <span key={i}>
          {i > 0 && " · "}
          {part}
        </span>
      ))}
    </>
  );
}

// Who put it forward, and who approved it.
export function ProposerText({ measure }: { measure: Measure }) {
  const t = useText();
  return (
    <>
      {measure.proposer_id === "system" ? <span className="quiet">{t("measure.system")}</span> : measure.proposer_id}
      {measure.approver_id && ` → ${measure.approver_id}`}
    </>
  );
}

export function RestrictionText({ one }: { one: Restriction }) {
  const words = useWord();
  return (
    <>
      {words("action", one.action)}
      {one.instrument_id && <> {one.instrument_id}</>}
      {one.limit && (
        <>
          {" "}
          ≤ <Num value={one.limit} unit={one.asset} />
        </>
      )}
      {one.held_min_s ? <> ≥ {span(one.held_min_s)}</> : null}
    </>
  );
}

export const waitsForAdoption = (measure: Measure) => measure.state === "proposed" && measure.proposer_id === "system";
export const waitsForApproval = (measure: Measure) =>
  measure.state === "adopted" || (measure.state === "proposed" && measure.proposer_id !== "system");
export const inForce = (measure: Measure) => ["applying", "partly_applied", "applied"].includes(measure.state);
