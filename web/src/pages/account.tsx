// One account: what holds for it, what it has, what happened.
import { useRef, useState } from "react";
import { api } from "../api/client";
import type { GateAction, GateAnswer } from "../api/types";
import { useGet, useNow } from "../api/use";
import { useKeys } from "../keys";
import { go } from "../router";
import { useDetectorName, useLanguage, useLinkName, useText, useWord } from "../text";
import { addSeconds, isToken } from "../format";
import { SpanField } from "../ui/alert_acts";
import { Act, useDecision } from "../ui/decide";
import { Answer, Button, Facts, Fault, Field, Heads, Id, Num, Page, Panel, Score, SeverityMark, State, Time, Value } from "../ui/kit";
import { usePages } from "../ui/list";
import { MeasureForm } from "../ui/measure_form";
import { RestrictionText } from "../ui/measure_parts";

const actions: GateAction[] = ["place_order", "open_position", "reduce_position", "cancel_order", "withdraw", "deposit", "transfer", "login", "api"];

function Gate({ id }: { id: string }) {
  const t = useText();
  const words = useWord();
  const [action, setAction] = useState<GateAction>("withdraw");
  // Of the action it was asked for: another one may be chosen before it comes, or after.
  const [told, setTold] = useState<{ action: GateAction; answer: GateAnswer }>();
  const [fault, setFault] = useState<unknown>();
  const ask = () => {
    setFault(undefined);
    api
      .get("/v1/gate", {}, { account_id: id, action })
      .then((answer) => setTold({ action, answer }))
      .catch((caught) => {
        setTold(undefined);
        setFault(caught);
      });
  };
  const answer = told?.answer;
  return (
    <Panel title={t("account.gate")}>
      <div className="filters">
        <label>
          <span className="unseen">{t("what")}</span>
          <select name="action" value={action} onChange={(event) => setAction(event.target.value as GateAction)}>
            {actions.map((each) => (
              <option key={each} value={each}>
                {words("action", each)}
              </option>
            ))}
          </select>
        </label>
        <Button onClick={ask}>{t("account.gate.do")}</Button>
        {told?.action === action && answer && (
          <span role="status" className={`gate ${answer.answer}`}>
            {t("account.gate.answer", { action: words("action", told.action) })}: <strong title={answer.answer}>{words("gate", answer.answer)}</strong> {answer.reason && words("measure", answer.reason)} {answer.measure_id && <Id id={answer.measure_id} />}
          </span>
        )}
      </div>
      {fault !== undefined && <Fault fault={fault} />}
    </Panel>
  );
}

function Timeline({ id }: { id: string }) {
  const t = useText();
  const words = useWord();
  const language = useLanguage();
  const asked = usePages("/v1/accounts/{account_id}/timeline", { account_id: id });
  return (
    <Panel title={t("account.timeline")}>
      {asked.error ? <Fault fault={asked.error} retry={() => void asked.refetch()} /> : null}
      {asked.items?.length === 0 && <p className="quiet">{t("account.timeline.none")}</p>}
      <ul className="timeline">
        {asked.items?.map((item, i) => (
          <li key={`${item.seq} ${i}`}>
            <Time ns={item.ts} only="second" />{" "}
            {item.kind === "decision" ? (
              <>
                <strong>{String(item.event?.user_id ?? "")}</strong> {words("decision", String(item.event?.kind ?? ""))}
                {typeof item.event?.reason === "string" && <p>{item.event.reason}</p>}
              </>
            ) : (
              <>
                <strong>{t(`timeline.${item.kind as "alert" | "case" | "measure"}`)}</strong> {item.id && <Id id={item.id} />}
              </>
            )}{" "}
            {item.state && <State word={item.state} />} {item.kind !== "decision" && item.instrument_id}
            {item.text && <p>{item.text[language]}</p>}
            {item.event && (
              <details>
                <summary className="quiet">seq {item.seq}</summary>
                <pre>{JSON.stringify(item.event, null, 1)}</pre>
              </details>
            )}
          </li>
        ))}
      </ul>
      {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>{t("load_more")}</Button>}
    </Panel>
  );
}

export default function AccountPage({ id }: { id: string }) {
  const t = useText();
  const words = useWord();
  const detectorName = useDetectorName();
  const linkName = useLinkName();
  const now = useNow();
  const asked = useGet("/v1/accounts/{account_id}", { account_id: id });
  const { ask, dialog } = useDecision();
  const [proposing, setProposing] = useState(false);
  const form = useRef<Record<string, string>>({});
  const text = (name: string, label: string) => (
    <Field label={label}>
      <input name={name} defaultValue={form.current[name]} onChange={(event) => (form.current[name] = event.target.value)} />
    </Field>
  );
  useKeys({ Escape: () => (history.length > 1 ? history.back() : go("/accounts")) });
  return (
    <Answer of={asked}>
      {(account) => (
        <Page
          title={
            <>
              {t("account")} <span className="id">{account.account_id}</span>
            </>
          }
          marks={
            <>
              {account.group_id && <Id id={account.group_id} />}
              {account.restrictions.length > 0 && <span className="tag warn">{t("restricted")}</span>}
              {!account.announced && <span className="tag">{t("account.unannounced")}</span>}
            </>
          }
          actions={
            <>
              <Act
                kind="watch"
                label="act.watch"
                onClick={() =>
                  ask({
                    title: t("act.watch"),
                    kind: "watch",
                    body: { target: { account_id: id }, until_ts: addSeconds(now(), 30 * 86400) },
                  })
                }
              />
              <Act
                kind="raise_alert"
                label="act.raise"
                onClick={() => {
                  const to = now();
                  form.current = { clause: "2.12", instrument_id: "", hours: "24", exemption_kind: "hedging" };
                  ask({
                    title: t("act.raise"),
                    kind: "raise_alert",
                    body: { account_ids: [id] },
                    note: t("act.raise.note"),
                    fields: (
                      <div className="form-grid">
                        {text("clause", t("clause"))}
                        {text("instrument_id", t("instrument"))}
                        <SpanField label={t("act.how_long")} choices={[1, 4, 24, 168]} initial={24} change={(hours) => (form.current.hours = String(hours))} />
                      </div>
                    ),
                    more: () => ({
                      clause: form.current.clause,
                      ...(form.current.instrument_id && { instrument_id: form.current.instrument_id }),
                      from_ts: addSeconds(to, -3600 * Number(form.current.hours)),
                      to_ts: to,
                    }),
                    onDone: (answer) => answer.case_id && go(`/cases/${answer.case_id}`),
                  });
                }}
              />
              <Act
                kind="grant_exemption"
                label="act.exempt"
                onClick={() => {
                  form.current = { instrument_id: "", hours: "720", exemption_kind: "market_making" };
                  ask({
                    title: t("act.exempt"),
                    kind: "grant_exemption",
                    body: { account_id: id },
                    fields: (
                      <div className="form-grid">
                        <Field label={t("act.exempt.kind")}>
                          <select onChange={(event) => (form.current.exemption_kind = event.target.value)}>
                            <option value="market_making">{t("exemption.market_making")}</option>
                            <option value="hedging">{t("exemption.hedging")}</option>
                          </select>
                        </Field>
                        {text("instrument_id", t("instrument"))}
                        <SpanField label={t("act.how_long")} choices={[24, 168, 720, 8760]} initial={720} change={(hours) => (form.current.hours = String(hours))} />
                      </div>
                    ),
                    more: () => ({
                      exemption_kind: form.current.exemption_kind as "hedging",
                      ...(form.current.instrument_id && { instrument_id: form.current.instrument_id }),
                      until_ts: addSeconds(now(), 3600 * Number(form.current.hours)),
                    }),
                  });
                }}
              />
              <Act kind="hold" label="act.hold" onClick={() => ask({ title: t("act.hold"), kind: "hold", body: { account_id: id }, note: t("act.hold.note") })} />
              <Act kind="erase" label="act.erase" danger onClick={() => ask({ title: t("act.erase"), kind: "erase", body: { account_id: id }, danger: true, note: t("act.erase.note") })} />
              <Act kind="propose" label="act.propose" denied={account.cases.length === 0 ? words("refusal", "no_case") : undefined} onClick={() => setProposing(true)} />
            </>
          }
        >
          <div className="columns">
            <div>
              <Panel title={t("account.restrictions")} className={account.restrictions.length > 0 ? "attention" : ""}>
                {account.restrictions.length === 0 ? (
                  <p className="quiet">{t("account.restrictions.none")}</p>
                ) : (
                  <table className="list dense">
                    <thead>
                      <tr>
                        <th>{t("what")}</th>
                        <th>{t("measure")}</th>
                        <th>{t("until")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {account.restrictions.map((one, i) => (
                        <tr key={i}>
                          <td>
                            <strong>
                              <RestrictionText one={one} />
                            </strong>
                          </td>
                          <td>
                            {words("measure", one.reason)} <Id id={one.measure_id} />
                          </td>
                          <td>{one.until_ts ? <Time ns={one.until_ts} only="second" /> : t("until_lifted")}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
                {account.acknowledged_revision < account.restrictions_revision && (
                  <p className="warn">{t("account.unanswered", { ack: account.acknowledged_revision, rev: account.restrictions_revision })}</p>
                )}
              </Panel>
              <Gate id={id} />
              <Panel title={t("account")}>
                <Facts
                  rows={[
                    [
                      t("account.person"),
                      account.person_id ? (
                        <span key="p">
                          <Value text={account.person_id} /> {isToken(account.person_id) && <Act kind="reveal" label="act.reveal" onClick={() => ask({ title: t("act.reveal"), kind: "reveal", body: { token: account.person_id ?? "" } })} />}
                        </span>
                      ) : (
                        "–"
                      ),
                    ],
                    [t("account.country"), account.country ?? "–"],
                    [t("account.kyc"), account.kyc_level ?? "–"],
                    [t("account.roles"), account.roles.join(", ") || "–"],
                    [t("account.opened"), account.opened_ts ? <Time key="o" ns={account.opened_ts} only="second" /> : "–"],
                    [t("account.open_orders"), <Num key="n" value={account.open_orders} />],
                    ...(account.exemptions.length > 0
                      ? [[t("account.exemptions"), account.exemptions.map((each) => `${t(`exemption.${each.kind as "hedging"}`)} ${each.instrument_id ?? t("all")}`).join(", ")] as [string, string]]
                      : []),
                  ]}
                />
              </Panel>
              <Panel title={t("account.positions")}>
                {account.positions.length === 0 ? (
                  <p className="quiet">{t("account.positions.none")}</p>
                ) : (
                  <table className="list">
                    <Heads names={[t("instrument"), t("side"), [t("quantity"), "right"], [t("account.entry_price"), "right"]]} />
                    <tbody>
                      {account.positions.map((position) => (
                        <tr key={position.instrument_id + (position.position_side ?? "")}>
                          <td>{position.instrument_id}</td>
                          <td>{position.position_side ? words("side", position.position_side) : "–"}</td>
                          <td className="right">
                            <Num value={position.quantity} />
                          </td>
                          <td className="right quiet">{position.entry_price ? <Num value={position.entry_price} /> : "–"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
              </Panel>
              <Panel title={t("account.balances")}>
                {account.balances.length === 0 ? (
                  <p className="quiet">{t("account.balances.none")}</p>
                ) : (
                  <table className="list">
                    <Heads names={[t("asset"), [t("total"), "right"], [t("account.available"), "right"]]} />
                    <tbody>
                      {account.balances.map((balance) => (
                        <tr key={balance.asset}>
                          <td>{balance.asset}</td>
                          <td className="right">
                            <Num value={balance.total} />
                          </td>
                          <td className="right quiet">{balance.available ? <Num value={balance.available} /> : "–"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
              </Panel>
              <Panel title={t("account.devices")}>
                {account.devices.length === 0 ? (
                  <p className="quiet">{t("account.devices.none")}</p>
                ) : (
                  <table className="list dense">
                    <thead>
                      <tr>
                        <th>{t("kind")}</th>
                        <th>{t("value")}</th>
                        <th>{t("account.since")}</th>
                        <th className="right">{t("account.device.accounts")}</th>
                        <th>
                          <span className="unseen">{t("actions")}</span>
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {account.devices.map((device) => (
                        <tr key={device.kind + device.value}>
                          <td>{linkName(device.kind)}</td>
                          <td className="id value">
                            <Value text={device.value} />
                          </td>
                          <td>
                            <Time ns={device.first_ts} only="day" />
                          </td>
                          <td className={`right num ${device.accounts > 1 ? "warn" : ""}`}>{device.accounts}</td>
                          <td>
                            {isToken(device.value) && <Act kind="reveal" label="act.reveal" onClick={() => ask({ title: t("act.reveal"), kind: "reveal", body: { token: device.value } })} />}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
              </Panel>
            </div>
            <div>
              <Panel title={t("nav.alerts")}>
                {account.alerts.length === 0 ? (
                  <p className="quiet">{t("none")}</p>
                ) : (
                  <table className="list">
                    <Heads names={[t("severity"), t("score"), t("alert"), t("behaviour"), t("state")]} />
                    <tbody>
                      {account.alerts.map((alert) => (
                        <tr key={alert.alert_id}>
                          <td>
                            <SeverityMark severity={alert.severity} />
                          </td>
                          <td>
                            <Score value={alert.score} />
                          </td>
                          <td>
                            <Id id={alert.alert_id} />
                          </td>
                          <td>
                            {detectorName(alert.detector)} <span className="quiet">{alert.clause}</span>
                          </td>
                          <td>
                            <State word={alert.state} />
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                )}
                {account.cases.length > 0 && (
                  <p>
                    {t("nav.cases")}: {account.cases.map((each) => <span key={each.case_id}><Id id={each.case_id} /> <State word={each.state} /> </span>)}
                  </p>
                )}
                {account.measures.length > 0 && (
                  <p>
                    {t("nav.measures")}: {account.measures.map((each) => <span key={each.measure_id}><Id id={each.measure_id} /> {words("measure", each.measure.kind)} <State word={each.state} /> </span>)}
                  </p>
                )}
              </Panel>
              <Timeline id={id} />
            </div>
          </div>
          {dialog}
          {proposing && <MeasureForm alert={{ account_ids: [id], group_id: account.group_id }} caseId={account.cases[0]?.case_id} onClose={() => setProposing(false)} />}
        </Page>
      )}
    </Answer>
  );
}
