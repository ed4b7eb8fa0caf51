// One case: everything that belongs together, and how it ends. Prints as a file.
import { type FormEvent, useRef, useState } from "react";
import { api } from "../api/client";
import type { Case } from "../api/types";
import { useGet } from "../api/use";
import { useKeys } from "../keys";
import { go } from "../router";
import { useSession } from "../session";
import { useDetectorName, useText, useWord } from "../text";
import { AlertText } from "../ui/alert_text";
import { BlindNotice } from "../ui/blind";
import { Act, everythingDecided, useDecision, useDenied } from "../ui/decide";
import { Answer, ContextTags, Facts, Fault, Field, Heads, Id, Ids, Button, MaturityMark, Num, Page, Panel, Score, SeverityMark, State, Time } from "../ui/kit";
import { MeasureForm } from "../ui/measure_form";
import { PlanText, ProposerText, TargetText, hasTerms } from "../ui/measure_parts";
import { useOnce } from "../ui/once";
import { Outcomes } from "../ui/outcomes";
import { Due } from "./cases";

function NoteForm({ caseId, denied }: { caseId: string; denied?: string }) {
  const t = useText();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<unknown>();
  const once = useOnce();
  const add = async () => {
    if (!text.trim()) return;
    try {
      await api.post("/v1/decisions", { kind: "note", case_id: caseId, text: text.trim(), reason: text.trim() });
      setText("");
      setFault(undefined);
      everythingDecided();
    } catch (caught) {
      setFault(caught);
    }
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    void once(add);
  };
  return (
    <form onSubmit={send} className="note-form no-print">
      <Field label={t("case.note")}>
        <textarea rows={2} value={text} onChange={(event) => setText(event.target.value)} readOnly={denied !== undefined} />
      </Field>
      {fault !== undefined && <Fault fault={fault} />}
      <Act kind="note" label="act.note" denied={denied} onClick={() => void once(add)} />
    </form>
  );
}

export default function CasePage({ id }: { id: string }) {
  const t = useText();
  const words = useWord();
  const session = useSession();
  const detectorName = useDetectorName();
  const asked = useGet("/v1/cases/{case_id}", { case_id: id });
  const { ask, dialog } = useDecision();
  const [proposing, setProposing] = useState(false);
  const form = useRef<Record<string, string>>({});
  const denied = useDenied();
  // Why nothing may be done about it now, whatever one's role.
  const closed = (of: Case) => of.state.startsWith("closed") || of.state === "merged";
  const wrongFor = (of: Case) => (closed(of) ? t("denied.state", { state: words("state", of.state) }) : undefined);
  const lockedFor = (of: Case) =>
    of.assignee_id && of.assignee_id !== session.user_id ? t("denied.locked", { user: of.assignee_id }) : undefined;
  useKeys({
    m: () => {
      const of = asked.data?.case;
      if (of && !denied("propose") && !wrongFor(of) && !lockedFor(of)) setProposing(true);
    },
    Escape: () => (history.length > 1 ? history.back() : go("/cases")),
  });

  return (
    <Answer of={asked}>
      {(data) => {
        const of = data.case;
        const locked = lockedFor(of);
        const wrong = wrongFor(of);
        const closeCase = () => {
          form.current = { outcome: "confirmed" };
          ask({
            title: t("act.close_case"),
            kind: "close_case",
            body: { case_id: id },
            danger: true,
            note: t("case.close.note"),
            fields: (
              <>
                <Field label={t("case.outcome")}>
                  <select name="outcome" onChange={(event) => (form.current.outcome = event.target.value)}>
                    {(["confirmed", "refuted", "inconclusive"] as const).map((each) => (
                      <option key={each} value={each}>
                        {t(`case.outcome.${each}`)}
                      </option>
                    ))}
                  </select>
                </Field>
                <label className="check">
                  <input type="checkbox" name="reported" onChange={(event) => (form.current.reported = event.target.checked ? "yes" : "")} /> {t("case.close.reported")}
                </label>
              </>
            ),
            more: () => ({ outcome: form.current.outcome, reported: form.current.reported === "yes" }),
          });
        };
        const textField = (name: string, label: string) => (
          <Field label={label}>
            <input name={name} onChange={(event) => (form.current[name] = event.target.value)} />
          </Field>
        );
        return (
          <Page
            className="case-page"
            title={
              <>
                {t("case")} <span className="id">{of.case_id}</span>
              </>
            }
            marks={
              <>
                <SeverityMark severity={of.severity} />
                <State word={of.state} />
                <span>{of.breaches.map((breach) => `${detectorName(breach.detector)} ${breach.clause}`).join(", ")}</span>
              </>
            }
            actions={
              <>
                <Act
                  kind="assign"
                  label="act.assign_me"
                  denied={wrong ?? (of.assignee_id === session.user_id ? t("denied.locked", { user: session.user_id }) : locked)}
                  onClick={() => ask({ title: t("act.assign_me"), kind: "assign", body: { case_id: id, assignee_id: session.user_id }, reason: t("act.assign_me") })}
                />
                <Act
                  kind="assign"
                  label="act.assign"
                  denied={wrong}
                  onClick={() => {
                    form.current = {};
                    ask({
                      title: t("act.assign"),
                      kind: "assign",
                      body: { case_id: id },
                      fields: textField("assignee_id", t("user")),
                      more: () => ({ assignee_id: form.current.assignee_id }),
                    });
                  }}
                />
                <Act kind="propose" label="act.propose" hint="m" denied={wrong ?? locked} onClick={() => setProposing(true)} />
                <Act
                  kind="merge_cases"
                  label="act.merge"
                  denied={wrong ?? locked}
                  onClick={() => {
                    form.current = {};
                    ask({
                      title: t("act.merge"),
                      kind: "merge_cases",
                      body: {},
                      fields: textField("other", t("case.merge.with")),
                      more: () => ({ case_ids: [id, form.current.other ?? ""] }),
                    });
                  }}
                />
                {closed(of) ? (
                  <Act kind="reopen_case" label="act.reopen" onClick={() => ask({ title: t("act.reopen"), kind: "reopen_case", body: { case_id: id } })} />
                ) : (
                  <Act kind="close_case" label="act.close_case" primary denied={locked} onClick={closeCase} />
                )}
                <Button onClick={() => print()}>{t("print")}</Button>
              </>
            }
          >
            <BlindNotice />
            <div className="columns">
              <div>
                <Panel title={t("case")}>
                  <Facts
                    rows={[
                      [t("opened"), <Time key="o" ns={of.opened_ts} />],
                      [t("case.due"), <Due key="d" of={of} open={!closed(of)} />],
                      [t("case.assignee"), of.assignee_id ?? t("case.nobody")],
                      [t("group"), of.group_ids.length > 0 ? <Ids key="g" ids={of.group_ids} /> : "–"],
                      [t("accounts"), <Ids key="a" ids={of.account_ids} most={12} account />],
                      [t("gain"), of.gain ? <Num key="n" value={of.gain.amount} unit={of.gain.currency} /> : "–"],
                      ...(of.merged_into ? [[t("case.merged"), <Id key="m" id={of.merged_into} />] as [string, React.ReactNode]] : []),
                      ...(of.reason ? [[t("case.closed_because"), of.reason] as [string, string]] : []),
                    ]}
                  />
                </Panel>
                <Panel title={t("case.notes")}>
                  {of.notes.length === 0 && <p className="quiet">{t("case.notes.none")}</p>}
                  <ul className="timeline">
                    {of.notes.map((note) => (
                      <li key={note.seq}>
                        <Time ns={note.ts} only="second" /> <strong>{note.user_id}</strong>
                        <p>{note.text}</p>
                      </li>
                    ))}
                  </ul>
                  <NoteForm caseId={id} denied={wrong ?? locked} />
                </Panel>
                <Panel title={t("case.report")}>
                  <Facts
                    rows={[
                      [t("state"), of.reported ? t("case.reported") : t("case.not_reported")],
                      [t("case.report.ref"), of.report_ref ?? "–"],
                    ]}
                  />
                  <div className="actions no-print">
                    <Button onClick={() => go(`/reports?stor=${id}`)}>{t("case.report.make")}</Button>
                    <Act
                      kind="mark_reported"
                      label="act.reported"
                      onClick={() => {
                        form.current = {};
                        ask({
                          title: t("act.reported"),
                          kind: "mark_reported",
                          body: { case_id: id },
                          fields: textField("ref", t("case.report.ref")),
                          more: () => ({ ref: form.current.ref }),
                        });
                      }}
                    />
                  </div>
                </Panel>
              </div>
              <div>
                <Panel title={`${t("case.alerts")} (${data.alerts.length})`}>
                  {data.alerts.map((alert) => (
                    <article key={alert.alert_id} className="alert-item">
                      <header>
                        <SeverityMark severity={alert.severity} /> <Id id={alert.alert_id} /> <strong>{detectorName(alert.detector)}</strong> {alert.clause} <State word={alert.state} />
                        <Score value={alert.score} /> <MaturityMark maturity={alert.maturity} />
                        <ContextTags context={data.context[alert.alert_id]} />
                      </header>
                      <p>
                        <AlertText alert={alert} />
                      </p>
                      <p className="quiet">
                        <Time ns={alert.from_ts} only="second" /> – <Time ns={alert.to_ts} only="second" /> · {alert.instrument_id ?? t("all_instruments")}
                      </p>
                    </article>
                  ))}
                </Panel>
                <Panel title={`${t("case.measures")} (${data.measures.length})`}>
                  {data.measures.length === 0 ? (
                    <p className="quiet">{t("case.measures.none")}</p>
                  ) : (
                    <table className="list">
                      <Heads names={[t("measure"), t("what"), t("measure.target"), t("state"), t("measure.proposer")]} />
                      <tbody>
                        {data.measures.map((measure) => (
                          <tr key={measure.measure_id}>
                            <td>
                              <Id id={measure.measure_id} />
                            </td>
                            <td className="wide">
                              <strong>{words("measure", measure.measure.kind)}</strong>
                              {hasTerms(measure.measure) && " · "}
                              <PlanText measure={measure} />
                            </td>
                            <td>
                              <TargetText target={measure.measure.target} />
                            </td>
                            <td>
                              <State word={measure.state} />
                            </td>
                            <td>
                              <ProposerText measure={measure} />
                            </td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  )}
                </Panel>
                <Panel title={t("case.history")}>
                  <Outcomes outcomes={data.history} />
                </Panel>
              </div>
            </div>
            {dialog}
            {proposing && (
              <MeasureForm
                alert={{ account_ids: of.account_ids, group_id: of.group_ids[0], instrument_id: data.alerts[0]?.instrument_id }}
                caseId={id}
                onClose={() => setProposing(false)}
              />
            )}
          </Page>
        );
      }}
    </Answer>
  );
}
