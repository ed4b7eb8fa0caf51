// Proposing or imposing a measure: what, on whom, for how long, why.
import { useState } from "react";
import type { Alert, Decision, MeasureKind, MeasurePlan } from "../api/types";
import { typed } from "../format";
import { go } from "../router";
import { useLanguage, useText, useWord } from "../text";
import { AmountField } from "./amount";
import { type Asked, DecisionDialog, useDenied } from "./decide";
import { Field } from "./kit";

// What a form must ask of each kind (spec: enforcement.md, "Measures").
interface Terms {
  clause: string;
  two?: true; // always two people
  needs?: ("instrument" | "amount" | "held" | "leverage" | "channel" | "kyc" | "deadline" | "text")[];
  about?: "instrument";
}
export const terms: Record<MeasureKind, Terms> = {
  warn: { clause: "3.8" },
  watch: { clause: "3.8" },
  require_report: { clause: "3.7", needs: ["deadline"] },
  require_kyc: { clause: "2.3", needs: ["kyc"] },
  block_withdrawal: { clause: "3.4" },
  limit_withdrawal: { clause: "3.4", needs: ["amount"] },
  block_deposit: { clause: "3.4" },
  limit_deposit: { clause: "3.4", needs: ["amount"] },
  freeze_funds: { clause: "3.2" },
  freeze_trading: { clause: "3.2" },
  freeze_account: { clause: "2.1" },
  close_only: { clause: "3.5", needs: ["instrument"] },
  close_by: { clause: "3.5", needs: ["instrument", "deadline"] },
  liquidate: { clause: "3.5", two: true, needs: ["instrument"] },
  min_holding_time: { clause: "2.4", needs: ["held", "instrument"] },
  restrict_access: { clause: "3.6", needs: ["channel"] },
  suspend_access: { clause: "3.6" },
  restrict_login: { clause: "2.3" },
  ban_access: { clause: "3.6", two: true },
  block_account: { clause: "2.3" },
  deactivate: { clause: "3.3", two: true },
  forfeit_balance: { clause: "3.3", two: true },
  deduct_gains: { clause: "2.1", two: true, needs: ["amount"] },
  compensate: { clause: "2.2", two: true, needs: ["amount"] },
  void_trades: { clause: "3.8", two: true },
  terminate: { clause: "3.1", two: true },
  suspend_instrument: { clause: "2.5", about: "instrument" },
  cap_leverage: { clause: "2.5", about: "instrument", needs: ["leverage"] },
  delist_instrument: { clause: "2.5", two: true, about: "instrument" },
  custom: { clause: "3.8", needs: ["text"] },
};
// Of trades one by one: from the alert's evidence it is not known which; for the API.
const kinds = (Object.keys(terms) as MeasureKind[]).filter((kind) => kind !== "void_trades");

type Subject = Pick<Alert, "account_ids" | "group_id" | "instrument_id"> & { alert_id?: string };

export function MeasureForm({ alert, caseId, onClose }: { alert: Subject; caseId?: string; onClose: () => void }) {
  const t = useText();
  const words = useWord();
  const language = useLanguage();
  const denied = useDenied();
  const [kind, setKind] = useState<MeasureKind>("warn");
  const [target, setTarget] = useState(alert.group_id ? `g ${alert.group_id}` : `a ${alert.account_ids[0] ?? ""}`);
  const [alone, setAlone] = useState(false);
  // State, not the fields' own: a field that comes back after another kind shows what would be sent.
  const [values, setValues] = useState<Record<string, string>>({ hours: "24", instrument: alert.instrument_id ?? "", channel: "api", kyc: "2", held: "60", deadline: "72" });
  const set = (name: string, value: string) => setValues((before) => ({ ...before, [name]: value }));
  const of = terms[kind];
  const needs = new Set(of.needs ?? []);
  const input = (name: string, label: string, props: React.InputHTMLAttributes<HTMLInputElement> = {}) => (
    <Field label={label}>
      <input
        name={name}
        value={values[name] ?? ""}
        onChange={(event) => set(name, event.target.value)}
        {...props}
      />
    </Field>
  );

  const amount = (name: string, label: string, unit?: string) => (
    <AmountField name={name} label={label} initial={values[name] ?? ""} unit={unit} change={(value) => set(name, value)} />
  );
  const wholeLabels = {
    held: t("measure.held_min"),
    kyc: t("account.kyc"),
    deadline: `${t("measure.deadline")} (${t("hours", { n: "" }).trim()})`,
  };

  const plan = (): MeasurePlan | string => {
    const v = values;
    const made: MeasurePlan = {
      kind,
      clause: of.clause,
      target:
        of.about === "instrument" ? { instrument_id: v.instrument || "" }
        : target.startsWith("g ") ? { group_id: target.slice(2) }
        : { account_id: target.slice(2) },
    };
    if (needs.has("instrument") && v.instrument) made.instrument_id = v.instrument;
    if (needs.has("amount")) {
      made.amount = typed(v.amount ?? "", language);
      made.asset = v.asset;
      if (made.amount === undefined || !v.asset) return `${t("amount")}, ${t("asset")}? ${t("amount.unclear")}`;
    }
    if (needs.has("leverage")) {
      made.leverage_max = typed(v.leverage ?? "", language);
      if (made.leverage_max === undefined) return `${t("market.cap")}? ${t("amount.unclear")}`;
    }
    const whole = { held: Number.NaN, kyc: Number.NaN, deadline: Number.NaN };
    for (const name of ["held", "kyc", "deadline"] as const) {
      if (!needs.has(name)) continue;
      const digits = typed(v[name] ?? "", language);
      if (digits === undefined || digits.includes(".")) return `${wholeLabels[name]}? ${t("amount.unclear")}`;
      whole[name] = Number(digits);
    }
    if (needs.has("held")) made.held_min_s = whole.held;
    if (needs.has("kyc")) made.kyc_level = whole.kyc;
    if (needs.has("deadline")) made.deadline_s = whole.deadline * 3600;
    if (needs.has("channel")) made.channel = v.channel;
    if (needs.has("text") && v.text) made.text = v.text;
    if (Number(v.hours) > 0 && !of.two) made.duration_s = Number(v.hours) * 3600;
    if (v.legal_basis) made.legal_basis = v.legal_basis;
    return made;
  };

  const fields = (
    <div className="form-grid">
      <Field label={t("measure")} note={of.two && t("measure.always_two")}>
        <select name="kind" value={kind} onChange={(event) => setKind(event.target.value as MeasureKind)}>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {words("measure", each)} ({terms[each].clause})
            </option>
          ))}
        </select>
      </Field>
      {of.about === "instrument" ? (
        input("instrument", t("instrument"))
      ) : (
        <Field label={t("measure.target")}>
          <select name="target" value={target} onChange={(event) => setTarget(event.target.value)}>
            {alert.group_id && <option value={`g ${alert.group_id}`}>{t("measure.about_group", { id: alert.group_id })}</option>}
            {alert.account_ids.map((id) => (
              <option key={id} value={`a ${id}`}>
                {t("measure.about_account", { id })}
              </option>
            ))}
          </select>
        </Field>
      )}
      {needs.has("instrument") && input("instrument", `${t("instrument")} (${t("all")}: –)`)}
      {!of.two && (
        <Field label={t("act.how_long")}>
          <select name="hours" value={values.hours} onChange={(event) => set("hours", event.target.value)}>
            {[1, 24, 72].map((n) => (
              <option key={n} value={n}>
                {n === 1 ? t("hour") : t("hours", { n })}
              </option>
            ))}
            {[5, 7, 30, 60, 90].map((n) => (
              <option key={n} value={n * 24}>
                {t("days", { n })}
              </option>
            ))}
            <option value="0">{t("until_lifted")}</option>
          </select>
        </Field>
      )}
      {needs.has("amount") && amount("amount", t("amount"), values.asset)}
      {needs.has("amount") && input("asset", t("asset"))}
      {needs.has("held") && input("held", wholeLabels.held, { inputMode: "numeric" })}
      {needs.has("leverage") && amount("leverage", t("market.cap"), "×")}
      {needs.has("channel") && input("channel", t("measure.channel"))}
      {needs.has("kyc") && input("kyc", wholeLabels.kyc, { inputMode: "numeric" })}
      {needs.has("deadline") && input("deadline", wholeLabels.deadline, { inputMode: "numeric" })}
      {needs.has("text") && input("text", t("text"))}
      {input("legal_basis", t("measure.legal_basis"))}
      {!of.two && !denied("impose") && (
        <label className="check">
          <input type="checkbox" checked={alone} onChange={(event) => setAlone(event.target.checked)} /> {t("act.impose")}{" "}
          <small>{t("measure.impose.note")}</small>
        </label>
      )}
    </div>
  );
  const asked: Asked = {
    title: alone && !of.two ? t("act.impose") : t("act.propose"),
    kind: alone && !of.two ? "impose" : "propose",
    danger: alone && !of.two,
    body: caseId ? { case_id: caseId } : { alert_ids: alert.alert_id ? [alert.alert_id] : [] },
    fields,
    more: (): Partial<Decision> | string => {
      const measure = plan();
      return typeof measure === "string" ? measure : { measure };
    },
    onDone: (answer) => answer.measure_id && go(`/measures/${answer.measure_id}`),
  };
  return <DecisionDialog asked={asked} onClose={onClose} />;
}
