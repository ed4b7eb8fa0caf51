// One alert: why it fired, who stands behind it, what the market did, what to do next.
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import type { Alert, AlertContext, Measure, Story, StoryLink } from "../api/types";
import { useGet } from "../api/use";
import { count, decimal } from "../format";
import { useKeys } from "../keys";
import { useNeighbours } from "../queue";
import { Link, go } from "../router";
import { behaviourHint, factHint } from "../text/hints";
import { useDetectorName, useFactName, useLanguage, useLinkName, useText, useWord } from "../text";
import { subjectOf, useAlertActs } from "../ui/alert_acts";
import { AlertText } from "../ui/alert_text";
import { BookView, EventWords } from "../ui/book";
import { Act, useDecision, useDenied } from "../ui/decide";
import { FactTable, Waterfall } from "../ui/facts";
import { GainTable } from "../ui/gain";
import { AccountId, Answer, ContextTags, Dropped, Empty, Facts, Field, Heads, Id, isDropped, MaturityMark, Num, Page, Panel, Score, SeverityMark, State, Time, Value } from "../ui/kit";
import { MeasureForm } from "../ui/measure_form";
import { inForce } from "../ui/measure_parts";

const MarketChart = lazy(() => import("../ui/market_chart"));

// More of them hide what is to be done.
const measuresNamed = 4;

function Next({ alert, context, measures }: { alert: Alert; context: AlertContext; measures: Measure[] }) {
  const t = useText();
  const language = useLanguage();
  const words = useWord();
  if (["dismissed", "confirmed", "superseded"].includes(alert.state)) {
    return <p>{t("alert.next.done", { state: words("state", alert.state) })}</p>;
  }
  const steps: ReactNode[] = [];
  if (context.case_id) {
    steps.push(
      <>
        {t("alert.next.take")} <Id id={context.case_id} />
      </>,
    );
  }
  const hint = behaviourHint(alert.detector);
  steps.push(hint?.look[language] ?? t("alert.next.read"));
  steps.push(hint ? t("alert.next.dismiss.as", { honest: hint.honest[language] }) : t("alert.next.dismiss"));
  const open = measures.filter((measure) => !["refused", "withdrawn", "released", "expired", "reversed"].includes(measure.state));
  if (!context.case_id) steps.push(t("alert.next.confirm.no_case"));
  else if (open.length === 0) steps.push(t("alert.next.confirm"));
  else steps.push(t("alert.next.confirm.measure"));
  for (const measure of open.slice(0, measuresNamed)) {
    const values = {
      kind: words("measure", measure.measure.kind),
      id: measure.measure_id,
      user: measure.proposer_id,
      state: words("state", measure.state),
    };
    const text =
      measure.state === "proposed" && measure.proposer_id === "system" ? t("alert.next.adopt", values)
      : measure.state === "proposed" || measure.state === "adopted" ? t("alert.next.approve", values)
      : inForce(measure) ? t("alert.next.in_force", values)
      : t("alert.next.measure", values);
    const [before = "", after = ""] = text.split(measure.measure_id);
    steps.push(
      <>
        {before}
        <Id id={measure.measure_id} />
        {after}
      </>,
    );
  }
  if (open.length > measuresNamed) {
    steps.push(
      <>
        {t("alert.next.more", { n: open.length - measuresNamed })} {context.case_id && <Id id={context.case_id} />}
      </>,
    );
  }
  if (context.shadow) steps.unshift(t("alert.next.shadow"));
  return (
    <ol className="steps">
      {steps.map((step, i) => (
        <li key={i}>{step}</li>
      ))}
    </ol>
  );
}

function ScoreParts({ alert }: { alert: Alert }) {
  const detectorName = useDetectorName();
  const factName = useFactName();
  const t = useText();
  return (
    <Facts
      rows={[
        ...alert.score_parts.map((part): [ReactNode, ReactNode] => [
          part.name === alert.detector ? detectorName(part.name) : factName(part.name),
          <span className="num" key={part.name}>{part.points > 0 ? `+${part.points}` : part.points}</span>,
        ]),
        [<strong key="sum">{t("score")}</strong>, <Score key="score" value={alert.score} />],
      ]}
    />
  );
}

function Links({ links }: { links: StoryLink[] }) {
  const t = useText();
  const language = useLanguage();
  const linkName = useLinkName();
  const [all, setAll] = useState(false);
  // Those that hold the group together come first; the others say the same again.
  const sorted = [...links].sort((a, b) => Number(b.joins) - Number(a.joins));
  const shown = all ? sorted : sorted.slice(0, 4);
  return (
    <>
      {shown.map((link, i) => (
        <details key={i} open={i === 0} className="link">
          <summary>
            <span className="id">{link.account_ids.join(" – ")}</span> <span className="quiet">·</span> {linkName(link.kind)}{" "}
            {link.name && (
                <span className="id">
                  <Value text={link.name} />
                </span>
              )}
            {link.sum ? (
              <span className="quiet">
                {" "}
                <Num value={link.sum.sum_bits} unit={t("link.bits")} /> · {t("link.probability", { p: decimal(link.sum.probability_percent, language) })}
              </span>
            ) : (
              <span className="quiet"> {t("link.certain")}</span>
            )}
          </summary>
          {link.sum && <Waterfall sum={link.sum} />}
        </details>
      ))}
      {links.length > shown.length && (
        <button type="button" className="plain" onClick={() => setAll(true)}>
          {t("more", { n: links.length - shown.length })}
        </button>
      )}
    </>
  );
}

// Of whom nothing else is known any more.
function Accounts({ ids }: { ids: string[] }) {
  return (
    <ul className="plain-list">
      {ids.map((id) => (
        <li key={id}>
          <AccountId id={id} />
        </li>
      ))}
    </ul>
  );
}

function Who({ story }: { story: Story }) {
  const t = useText();
  return (
    <>
      <table className="list">
        <thead>
          <tr>
            <th>{t("account")}</th>
            <th>{t("account.person")}</th>
            <th>{t("account.country")}</th>
            <th>{t("account.roles")}</th>
          </tr>
        </thead>
        <tbody>
          {story.accounts.map((account) => (
            <tr key={account.account_id}>
              <td>
                <AccountId id={account.account_id} />
              </td>
              <td className="quiet">{account.person_id ? <Value text={account.person_id} /> : "–"}</td>
              <td className="quiet">{account.country ?? "–"}</td>
              <td className="quiet">{account.roles.join(", ") || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {story.accounts.length > 1 && (
        <h3>
          {t("alert.linked")}{" "}
          {story.fragile && (
            <span className="tag warn" title={t("fragile.why")}>
              {t("fragile")}
            </span>
          )}
        </h3>
      )}
      {story.links.length === 0 ? <p className="quiet">{t("alert.not_linked")}</p> : <Links links={story.links} />}
    </>
  );
}

function Market({ id, alert, instrument }: { id: string; alert: Alert; instrument?: string }) {
  const t = useText();
  const series = useGet("/v1/alerts/{alert_id}/market", { alert_id: id }, { instrument_id: instrument }, { enabled: instrument !== undefined });
  return (
    <Panel title={t("alert.chart")} aside={instrument}>
      {instrument === undefined ? (
        <Empty>{t("alert.chart.none")}</Empty>
      ) : (
        <Answer of={series}>
          {(data) => (
            <Suspense fallback={<div className="chart-room" />}>
              <MarketChart series={data} from={alert.from_ts} to={alert.to_ts} />
            </Suspense>
          )}
        </Answer>
      )}
    </Panel>
  );
}

function Book({ id, alert, instrument }: { id: string; alert: Alert; instrument?: string }) {
  const t = useText();
  const [seq, setSeq] = useState<number>();
  const replay = useGet(
    "/v1/alerts/{alert_id}/book",
    { alert_id: id },
    { seq, depth: 20, steps: 200 },
    { enabled: instrument !== undefined, keep: true },
  );
  return (
    <Panel title={t("alert.book")} aside={instrument}>
      {instrument === undefined ? (
        <Empty>{t("alert.book.none")}</Empty>
      ) : (
        <Answer of={replay}>
          {(data) => <BookView key={data.book.seq} replay={data} accountIds={alert.account_ids} load={setSeq} />}
        </Answer>
      )}
    </Panel>
  );
}

function Events({ story, id }: { story: Story; id: string }) {
  const t = useText();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const more = useGet("/v1/alerts/{alert_id}/events", { alert_id: id }, { limit: 200 }, { enabled: open });
  const events = open && more.data ? more.data.items : story.events;
  const own = new Set(story.alert.account_ids);
  return (
    <Panel
      title={t("alert.events")}
      aside={
        <>
          {t("alert.events.note", { shown: events.length, count: count(story.alert.evidence_count, language) })}{" "}
          {story.events_left_out > 0 && !open && (
            <button type="button" className="plain" onClick={() => setOpen(true)}>
              {t("load_more")}
            </button>
          )}
        </>
      }
    >
      <div className="scroll-x short" tabIndex={0} role="group" aria-label={t("alert.events")}>
        <table className="events">
          <thead>
            <tr>
              <th>{t("alert.book.seq")}</th>
              <th>{t("time")}</th>
              <th>{t("event")}</th>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <tr key={event.seq}>
                <td className="num">{event.seq}</td>
                <td>
                  <Time ns={event.ts} />
                </td>
                <td>
                  <details>
                    <summary>
                      <EventWords event={event} own={own} />
                    </summary>
                    <pre>{JSON.stringify(event.event, null, 1)}</pre>
                  </details>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

export default function AlertPage({ id }: { id: string }) {
  const t = useText();
  const detectorName = useDetectorName();
  const detail = useGet("/v1/alerts/{alert_id}", { alert_id: id });
  const story = useGet("/v1/alerts/{alert_id}/story", { alert_id: id });
  const dropped = isDropped(story.error);
  const context = detail.data?.context;
  const ofCase = useGet("/v1/cases/{case_id}", { case_id: context?.case_id ?? "" }, {}, { enabled: !!context?.case_id });
  const acts = useAlertActs();
  const { ask, dialog } = useDecision();
  const denied = useDenied();
  const [proposing, setProposing] = useState(false);
  const target = useRef("");
  const neighbour = useNeighbours(id);
  const alert = detail.data?.alert;
  const may = (act: () => void) => () => {
    if (alert && !denied("close_alert")) act();
  };
  const step = (by: 1 | -1) => {
    const next = neighbour(by);
    if (next) go(`/alerts/${next}`, true);
  };
  useKeys({
    d: may(() => acts.close([alert!], "dismissed")),
    c: may(() => acts.close([alert!], "confirmed")),
    s: may(() => acts.snooze(alert!)),
    m: () => alert && !denied("propose") && setProposing(true),
    o: () => context?.case_id && go(`/cases/${context.case_id}`),
    j: () => step(1),
    k: () => step(-1),
    Escape: () => history.length > 1 ? history.back() : go("/alerts"),
  });

  return (
    <Answer of={detail}>
      {(data) => {
        const { alert, context } = data;
        const instrument = alert.instrument_id ?? story.data?.book_instrument_id;
        return (
          <Page
            title={
              <>
                {detectorName(alert.detector)} <span className="id">{alert.alert_id}</span>
              </>
            }
            marks={
              <>
                <SeverityMark severity={alert.severity} />
                <Score value={alert.score} />
                <State word={alert.state} />
                <span>
                  {t("clause")} {alert.clause}
                </span>
                <MaturityMark maturity={alert.maturity} />
                <ContextTags context={context} />
              </>
            }
            actions={
              <>
                <Act kind="close_alert" label="act.confirm" hint="c" onClick={() => acts.close([alert], "confirmed")} />
                <Act kind="close_alert" label="act.dismiss" hint="d" onClick={() => acts.close([alert], "dismissed")} />
                <Act kind="snooze" label="act.snooze" hint="s" onClick={() => acts.snooze(alert)} />
                <Act kind="propose" label="act.propose" hint="m" primary onClick={() => setProposing(true)} />
              </>
            }
          >
            <div className="columns alert-columns">
              <div>
                <Panel title={t("alert.story")}>
                  <p className="story">
                    <AlertText alert={alert} />
                  </p>
                  <Facts
                    rows={[
                      [t("from"), <Time key="from" ns={alert.from_ts} />],
                      [t("to"), <Time key="to" ns={alert.to_ts} />],
                      [t("instrument"), alert.instrument_id ? <Link key="i" to={`/alerts?instrument_id=${encodeURIComponent(alert.instrument_id)}`}>{alert.instrument_id}</Link> : t("all_instruments")],
                      [t("case"), context.case_id ? <Id key="c" id={context.case_id} /> : "–"],
                      [t("history"), t("history.values", { alerts: context.alerts_before, confirmed: context.confirmed_before })],
                    ]}
                  />
                </Panel>
                <Panel title={t("alert.next")} className="next">
                  <Next alert={alert} context={context} measures={ofCase.data?.measures.filter((measure) => measure.alert_ids?.includes(alert.alert_id) ?? true) ?? []} />
                </Panel>
                <Panel title={t("alert.why_fired")}>
                  <p className="quiet">{t("alert.why_fired.note")}</p>
                  <FactTable alert={alert} hint={factHint} />
                  <h3>{t("alert.score_parts")}</h3>
                  <ScoreParts alert={alert} />
                  <p className="quiet">{t("alert.score_parts.note")}</p>
                </Panel>
                <Panel title={t("alert.who")} aside={alert.group_id && <Id id={alert.group_id} />}>
                  {dropped ? <Accounts ids={alert.account_ids} /> : <Answer of={story}>{(told) => <Who story={told} />}</Answer>}
                </Panel>
              </div>
              <div>
                {dropped ? (
                  <Panel title={t("alert.records")}>
                    <Dropped />
                  </Panel>
                ) : (
                  <>
                    <Market id={id} alert={alert} instrument={instrument} />
                    <Book id={id} alert={alert} instrument={instrument} />
                    <Panel title={t("alert.gain")}>
                      <Answer of={story}>{(told) => <GainTable gain={told.gain} />}</Answer>
                    </Panel>
                    <Answer of={story}>{(told) => <Events story={told} id={id} />}</Answer>
                  </>
                )}
                <Panel title={t("alert.revisions")}>
                  <table className="list">
                    <Heads names={[[t("alert.revision"), "right"], t("state"), [t("score"), "right"], t("time"), ["seq", "right"]]} />
                    <tbody>
                      {data.revisions.map((revision) => (
                        <tr key={revision.revision}>
                          <td className="right num">{revision.revision}</td>
                          <td>
                            <State word={revision.state} />
                          </td>
                          <td className="right num">{revision.score}</td>
                          <td>
                            <Time ns={revision.at_ts} />
                          </td>
                          <td className="right num">{revision.seq}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                  {!dropped && <p className="quiet">{t("alert.reopens", { seq: alert.last_seq, rulebook: alert.rulebook ?? "" })}</p>}
                  <div className="actions">
                  <Act
                    kind="attach_alert"
                    label="act.attach"
                    onClick={() =>
                      ask({
                        title: t("act.attach"),
                        kind: "attach_alert",
                        body: { alert_id: id },
                        fields: (
                          <Field label={t("case")}>
                            <input name="case_id" placeholder="c-…" onChange={(event) => (target.current = event.target.value)} />
                          </Field>
                        ),
                        more: () => ({ case_id: target.current }),
                      })
                    }
                  />
                  {context.snoozed_until_ts && (
                    <Act
                      kind="unsnooze"
                      label="act.unsnooze"
                      onClick={() => ask({ title: t("act.unsnooze"), kind: "unsnooze", body: { rule: alert.detector, ...subjectOf(alert) } })}
                    />
                  )}
                  {context.case_id && (
                    <Act
                      kind="detach_alert"
                      label="act.detach"
                      onClick={() => ask({ title: t("act.detach"), kind: "detach_alert", body: { alert_id: id, case_id: context.case_id } })}
                    />
                  )}
                  </div>
                </Panel>
              </div>
            </div>
            {acts.dialog}
            {dialog}
            {proposing && <MeasureForm alert={alert} caseId={context.case_id} onClose={() => setProposing(false)} />}
          </Page>
        );
      }}
    </Answer>
  );
}
