// One measure: what it would do, what changes for whom, and deciding about it with four eyes.
import { type ReactNode, useRef } from "react";
import type { DecisionKind, Measure, Preview } from "../api/types";
import { useGet, useNow } from "../api/use";
import { addSeconds, toType, typed } from "../format";
import { useKeys } from "../keys";
import { go } from "../router";
import { useSession } from "../session";
import { useEventWord, useLanguage, useText, useWord } from "../text";
import { SpanField } from "../ui/alert_acts";
import { AmountField } from "../ui/amount";
import { BlindNotice } from "../ui/blind";
import { Act, useDecision } from "../ui/decide";
import { AccountId, Answer, Facts, Fault, Field, Button, Id, Ids, Loading, Num, Page, Panel, State, Time } from "../ui/kit";
import { PlanText, RestrictionText, TargetText, hasTerms, inForce, lacksAmount, waitsForAdoption, waitsForApproval } from "../ui/measure_parts";
import { Outcomes } from "../ui/outcomes";
import { terms } from "../ui/measure_form";

function PreviewTable({ preview }: { preview: Preview }) {
  const t = useText();
  const eventWord = useEventWord();
  const words = useWord();
  return (
    <>
      <h3>{t("measure.preview.adds")}</h3>
      {preview.restrictions.length === 0 ? (
        <p className="quiet">{t("measure.preview.nothing")}</p>
      ) : (
        <ul className="plain-list">
          {preview.restrictions.map((one, i) => (
            <li key={i}>
              <strong>
                <RestrictionText one={one} />
              </strong>
              {one.until_ts && (
                <>
                  {" "}
                  {t("until")} <Time ns={one.until_ts} only="second" />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <h3>{t("measure.preview.for")}</h3>
      <div className="scroll-x" tabIndex={0} role="group" aria-label={t("measure.preview.for")}>
        <table className="list dense">
          <thead>
            <tr>
              <th>{t("account")}</th>
              <th className="right">{t("measure.preview.orders")}</th>
              <th>{t("measure.preview.positions")}</th>
              <th>{t("measure.preview.balances")}</th>
              <th className="right">{t("measure.preview.gain")}</th>
              <th>{t("measure.preview.holds")}</th>
            </tr>
          </thead>
          <tbody>
            {preview.accounts.map((account) => (
              <tr key={account.account_id}>
                <td>
                  <AccountId id={account.account_id} /> <span className="quiet">{account.country}</span>
                </td>
                <td className="right num">{account.open_orders}</td>
                <td>
                  {account.positions.length === 0 && "–"}
                  {account.positions.map((position) => (
                    <div key={position.instrument_id + (position.position_side ?? "")}>
                      <Num value={position.quantity} unit={position.instrument_id} />
                    </div>
                  ))}
                </td>
                <td>
                  {account.balances.length === 0 && "–"}
                  {account.balances.map((balance) => (
                    <div key={balance.asset}>
                      <Num value={balance.total} unit={balance.asset} />
                    </div>
                  ))}
                </td>
                <td className="right">{account.gain === undefined ? "–" : <Num value={account.gain} unit={preview.gain_currency} />}</td>
                <td>
                  {account.restrictions.length === 0 && "–"}
                  {account.restrictions.map((one, i) => (
                    <div key={i}>
                      <RestrictionText one={one} /> <Id id={one.measure_id} />
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.refused_before && (
        <>
          <h3>{t("measure.preview.refused")}</h3>
          <p>
            {preview.refused_before.length === 0 && t("none")}
            {preview.refused_before.map((each, i) => (
              <span key={each.action}>
                {i > 0 && " · "}
                {words("action", each.action)}: <Num value={each.count} />
              </span>
            ))}
          </p>
        </>
      )}
      {preview.liquidation.length > 0 && (
        <>
          <h3>{t("measure.preview.liquidation")}</h3>
          <table className="list">
            <thead>
              <tr>
                <th>{t("account")}</th>
                <th>{t("instrument")}</th>
                <th>{t("side")}</th>
                <th className="right">{t("quantity")}</th>
                <th className="right">{t("measure.preview.slices")}</th>
                <th className="right">{t("measure.preview.depth")}</th>
              </tr>
            </thead>
            <tbody>
              {preview.liquidation.map((step, i) => (
                <tr key={i}>
                  <td>
                    <AccountId id={step.account_id} />
                  </td>
                  <td>{step.instrument_id}</td>
                  <td className={step.side}>{eventWord(step.side)}</td>
                  <td className="right">
                    <Num value={step.quantity} />
                  </td>
                  <td className="right num">{step.slices}</td>
                  <td className="right">{step.depth ? <Num value={step.depth} /> : "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <p className="quiet">
        {t("measure.preview.seen", { seq: preview.preview_seq })} · <span className="id">{preview.preview_hash.slice(0, 16)}…</span>
      </p>
    </>
  );
}

// Where the measure says no asset, the engine takes the currency of the case's gain. The preview is only listened to:
// it may arrive after the dialog is opened, and to ask for it anew is its reader's.
function MeasureAmount({ measure, initial, change }: { measure: Measure; initial: string; change: (text: string) => void }) {
  const t = useText();
  const preview = useGet("/v1/measures/{measure_id}/preview", { measure_id: measure.measure_id }, {}, { enabled: false, steady: true });
  return <AmountField name="amount" label={t("amount")} initial={initial} unit={measure.measure.asset ?? preview.data?.gain_currency} change={change} />;
}

// Proposed, adopted or changed it: none of these may approve. The engine has the last word.
const shapedBy = (measure: Measure, user: string) =>
  measure.proposer_id === user ||
  measure.history.some(
    (step) => step.user_id === user && ["propose", "adopt_proposal", "set_amount", "extend"].includes(step.what),
  );

export default function MeasurePage({ id }: { id: string }) {
  const t = useText();
  const words = useWord();
  const language = useLanguage();
  const session = useSession();
  const now = useNow();
  const { ask, dialog } = useDecision();
  const detail = useGet("/v1/measures/{measure_id}", { measure_id: id });
  const measure = detail.data?.measure;
  const over = measure !== undefined && ["refused", "withdrawn", "released", "expired", "reversed"].includes(measure.state);
  const preview = useGet("/v1/measures/{measure_id}/preview", { measure_id: id }, {}, { enabled: measure !== undefined && !over, steady: true });
  const form = useRef<{ text: string; hours: number }>({ text: "", hours: 24 });
  useKeys({ Escape: () => (history.length > 1 ? history.back() : go("/measures")) });

  return (
    <Answer of={detail}>
      {({ measure, history: outcomes, stuck }) => {
        const state = words("state", measure.state);
        const wrong = t("denied.state", { state });
        const adoption = waitsForAdoption(measure);
        const approval = waitsForApproval(measure);
        const held = inForce(measure);
        const lacking = lacksAmount(measure.measure);
        const body = { measure_id: id };
        const whyNotApprove = adoption
          ? t("denied.adopt_first")
          : !approval ? wrong
          : shapedBy(measure, session.user_id) ? t("denied.own")
          : lacking ? t("denied.no_amount")
          : !preview.data ? t("denied.no_preview")
          : undefined;
        const simple = (kind: DecisionKind, title: string, danger = false) =>
          ask({ title, kind, body, danger });
        return (
          <Page
            title={
              <>
                {words("measure", measure.measure.kind)} <span className="id">{measure.measure_id}</span>
              </>
            }
            marks={
              <>
                <State word={measure.state} />
                <span>
                  {t("clause")} {measure.measure.clause}
                </span>
                {measure.automatic && <span className="tag">{t("measure.automatic")}</span>}
                {measure.imposed && <span className="tag">{t("measure.imposed")}</span>}
                {terms[measure.measure.kind].two && <span className="tag">{t("measure.always_two")}</span>}
                {stuck.map((why) => (
                  <span key={why} className="tag warn">
                    {words("state", why)}
                  </span>
                ))}
              </>
            }
            actions={
              <>
                {(adoption || measure.automatic) && (
                  <Act kind="adopt_proposal" label="act.adopt" primary denied={adoption || (measure.automatic && !measure.reviewer_id) ? undefined : wrong} onClick={() => simple("adopt_proposal", t("act.adopt"))} />
                )}
                <Act
                  kind="approve"
                  label="act.approve"
                  primary={!adoption}
                  denied={whyNotApprove}
                  onClick={() =>
                    ask({
                      title: t("act.approve"),
                      kind: "approve",
                      danger: true,
                      body: { ...body, preview_seq: preview.data?.preview_seq, preview_hash: preview.data?.preview_hash },
                      note: (
                        <>
                          <strong>{words("measure", measure.measure.kind)}</strong> · <TargetText target={measure.measure.target} />
                          {hasTerms(measure.measure) && (
                            <>
                              {" · "}
                              <PlanText measure={measure} />
                            </>
                          )}
                          <br />
                          {t("measure.account_ids")} {preview.data?.accounts.map((account) => account.account_id).join(", ")}
                        </>
                      ),
                    })
                  }
                />
                <Act kind="refuse" label="act.refuse" denied={approval || adoption ? undefined : wrong} onClick={() => simple("refuse", t("act.refuse"))} />
                <Act kind="withdraw_proposal" label="act.withdraw" denied={approval || adoption ? undefined : wrong} onClick={() => simple("withdraw_proposal", t("act.withdraw"))} />
                <Act kind="lift" label="act.lift" denied={held ? undefined : wrong} onClick={() => simple("lift", t("act.lift"))} />
                <Act
                  kind="extend"
                  label="act.extend"
                  denied={held ? undefined : wrong}
                  onClick={() => {
                    form.current.hours = 24;
                    ask({
                      title: t("act.extend"),
                      kind: "extend",
                      body,
                      note: t("measure.extend.note"),
                      fields: <SpanField label={t("measure.end_set")} choices={[1, 24, 72, 168, 720]} initial={24} change={(hours) => (form.current.hours = hours)} />,
                      more: () => ({ until_ts: addSeconds(now(), form.current.hours * 3600) }),
                    });
                  }}
                />
                {(measure.measure.amount || measure.measure.amount_of) && (
                  <Act
                    kind="set_amount"
                    label={lacking ? "act.enter_amount" : "act.set_amount"}
                    denied={over ? wrong : !measure.measure.asset && preview.data && !preview.data.gain_currency ? t("denied.no_asset") : undefined}
                    onClick={() => {
                      form.current.text = toType(measure.measure.amount ?? "", language);
                      ask({
                        title: t(lacking ? "act.enter_amount" : "act.set_amount"),
                        kind: "set_amount",
                        body,
                        fields: (
                          <MeasureAmount measure={measure} initial={form.current.text} change={(text) => (form.current.text = text)} />
                        ),
                        more: () => {
                          const amount = typed(form.current.text, language);
                          return amount === undefined ? t("amount.unclear") : { amount };
                        },
                      });
                    }}
                  />
                )}
                {measure.appeal === "open" && (
                  <Act
                    kind="appeal_decide"
                    label="act.appeal"
                    denied={measure.approver_id === session.user_id ? t("denied.own_decision") : undefined}
                    onClick={() => {
                      form.current.text = "rejected";
                      ask({
                        title: t("act.appeal"),
                        kind: "appeal_decide",
                        body,
                        fields: (
                          <Field label={t("case.outcome")}>
                            <select name="outcome" onChange={(event) => (form.current.text = event.target.value)}>
                              <option value="rejected">{t("measure.appeal.rejected")}</option>
                              <option value="upheld">{t("measure.appeal.upheld")}</option>
                            </select>
                          </Field>
                        ),
                        more: () => ({ outcome: form.current.text }),
                      });
                    }}
                  />
                )}
              </>
            }
          >
            <BlindNotice />
            <div className="columns measure-columns">
              <div>
                <Panel title={t("measure")}>
                  <Facts
                    rows={[
                      [t("measure.target"), <TargetText key="t" target={measure.measure.target} />],
                      ...(hasTerms(measure.measure) ? [[t("what"), <PlanText key="p" measure={measure} />] as [string, ReactNode]] : []),
                      [t("case"), <Id key="c" id={measure.case_id} />],
                      [t("nav.alerts"), <Ids key="a" ids={measure.alert_ids ?? []} />],
                      [t("measure.legal_basis"), measure.measure.legal_basis ?? "–"],
                      [t("reason"), measure.measure.reason && /^a-\d+$/.test(measure.measure.reason) ? <Id key="r" id={measure.measure.reason} /> : (measure.measure.reason ?? "–")],
                      ...(measure.ladder_row ? [[t("measure.ladder"), t("measure.ladder.value", { row: measure.ladder_row, step: measure.ladder_step ?? 1 })] as [string, string]] : []),
                      [t("measure.proposer"), measure.proposer_id === "system" ? t("measure.system") : measure.proposer_id],
                      [t("measure.approver"), measure.approver_id ?? "–"],
                      [t("measure.proposed"), <Time key="pt" ns={measure.proposed_ts} />],
                      ...times(measure, t),
                      ...(measure.account_ids.length > 0 ? [[t("measure.account_ids"), <Ids key="ids" ids={measure.account_ids} most={20} account />] as [string, ReactNode]] : []),
                      ...(measure.amends ? [["", <span key="am">{t("measure.amends", { id: measure.amended ?? "", what: measure.amends })}</span>] as [string, ReactNode]] : []),
                      ...(measure.unacknowledged.length > 0 ? [[t("measure.unacknowledged"), measure.unacknowledged.map((each) => each.id).join(", ")] as [string, string]] : []),
                      ...(measure.failing.length > 0 ? [[t("measure.failing"), <span key="f" className="warn">{measure.failing.map((each) => each.id).join(", ")}</span>] as [string, ReactNode]] : []),
                    ]}
                  />
                </Panel>
                <Panel title={t("measure.history")}>
                  <ul className="timeline">
                    {measure.history.map((step, i) => (
                      <li key={i}>
                        <Time ns={step.ts} only="second" /> <strong>{step.user_id === "system" ? t("measure.system") : step.user_id}</strong> {words("decision", step.what)}
                        {words("decision", step.what) !== words("state", step.state) && (
                          <>
                            {" → "}
                            <State word={step.state} />
                          </>
                        )}
                      </li>
                    ))}
                  </ul>
                </Panel>
                <Panel title={t("measure.decisions")}>
                  <Outcomes outcomes={outcomes} />
                </Panel>
              </div>
              <div>
                {!over && (
                  <Panel title={held ? t("measure.preview.held") : t("measure.preview")} aside={<Button onClick={() => void preview.refetch()}>{t("measure.preview.again")}</Button>}>
                    {preview.data && preview.isStale && !preview.isFetching && (
                      <p className="warn changed" role="alert">
                        {t("measure.preview.changed")} <Button onClick={() => void preview.refetch()}>{t("measure.preview.again")}</Button>
                      </p>
                    )}
                    {preview.data ? <PreviewTable preview={preview.data} /> : preview.error ? <Fault fault={preview.error} retry={() => void preview.refetch()} /> : <Loading />}
                  </Panel>
                )}
                <Panel title={t("measure.jobs")}>
                  {measure.jobs.length === 0 ? (
                    <p className="quiet">{t("measure.jobs.none")}</p>
                  ) : (
                    <table className="list">
                      <thead>
                        <tr>
                          <th>{t("account")}</th>
                          <th>{t("what")}</th>
                          <th>{t("state")}</th>
                          <th className="right">{t("measure.job.attempt")}</th>
                          <th />
                        </tr>
                      </thead>
                      <tbody>
                        {measure.jobs.map((job, i) => (
                          <tr key={i}>
                            <td>
                              <AccountId id={job.account_id} />
                            </td>
                            <td>{words("job", job.step)}</td>
                            <td>
                              <State word={job.state} />
                            </td>
                            <td className="right num">{job.attempt}</td>
                            <td className="quiet">{job.detail}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  )}
                  {measure.claims && (
                    <>
                      <h3>{t("measure.claims")}</h3>
                      {measure.claims.map((entry, i) => (
                        <div key={i}>
                          <AccountId id={entry.account_id} /> <Num value={entry.amount} unit={entry.asset} />
                        </div>
                      ))}
                    </>
                  )}
                </Panel>
              </div>
            </div>
            {dialog}
          </Page>
        );
      }}
    </Answer>
  );
}

function times(measure: Measure, t: ReturnType<typeof useText>): [string, ReactNode][] {
  const rows: [string, string | undefined][] = [
    [t("measure.in_force_since"), measure.in_force_ts],
    [t("until"), measure.until_ts],
    [t("measure.deadline"), measure.deadline_ts],
    [t("measure.review_due"), measure.review_due_ts],
  ];
  const shown = rows.flatMap(([name, ns]): [string, ReactNode][] => (ns ? [[name, <Time key={name} ns={ns} />]] : []));
  if (measure.in_force_ts && !measure.until_ts) shown.push([t("until"), t("measure.no_end")]);
  return shown;
}
