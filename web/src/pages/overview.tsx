// What surveillance sees, and what it does not see.
import { lazy, Suspense, useEffect, useMemo } from "react";
import type { Overview as OverviewData } from "../api/types";
import { useCounters, useGet } from "../api/use";
import { count, seconds } from "../format";
import { Link } from "../router";
import { type Key, useDetectorName, useEventWord, useLanguage, useText, useWord } from "../text";
import { Answer, Facts, Num, Page, Panel, Time } from "../ui/kit";
import { Alarms, CanaryPanel, Sources } from "../ui/watch";

const Chart = lazy(() => import("../ui/chart"));

function Rates({ rates }: { rates: OverviewData["rates"] }) {
  const t = useText();
  const { x, lines } = useMemo(
    () => ({
      x: rates.map((rate) => seconds(rate.ts)),
      lines: [
        { label: t("overview.events"), colour: "accent", values: rates.map((rate) => rate.events) },
        { label: t("overview.alerts"), colour: "sell", scale: "alerts", bars: true, values: rates.map((rate) => rate.alerts) },
      ],
    }),
    [rates, t],
  );
  return <Chart x={x} lines={lines} height={200} label={t("overview.rates")} />;
}

function Counts({ of, empty, word }: { of: Record<string, number>; empty: string; word: (name: string) => string }) {
  const rows = Object.entries(of).filter(([, n]) => n > 0);
  if (rows.length === 0) return <p className="quiet">{empty}</p>;
  return (
    <table className="counts">
      <tbody>
        {rows.map(([name, n]) => (
          <tr key={name}>
            <th scope="row">{word(name)}</th>
            <td className="right">
              <Num value={n} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function Overview() {
  const t = useText();
  const language = useLanguage();
  const detectorName = useDetectorName();
  const eventWord = useEventWord();
  const words = useWord();
  const asked = useGet("/v1/overview", undefined, undefined, { every: 15_000 });
  const now = useCounters();
  useEffect(() => {
    if (location.hash && asked.data) document.querySelector(location.hash)?.scrollIntoView();
  }, [asked.data === undefined]);
  return (
    <Page title={t("overview.title")} marks={asked.data && <span className="quiet">{asked.data.version}</span>}>
      <Answer of={asked}>
        {(data) => {
          const counters = now ?? data.counters;
          const work: [string, number, string, boolean?][] = [
            [t("overview.alerts_open"), counters.alerts_open, "/alerts"],
            [t("overview.cases_open"), counters.cases_open, "/cases"],
            [t("measures.waiting_adoption"), counters.waiting_adoption, "/measures?view=adoption"],
            [t("measures.waiting_approval"), counters.waiting_approval, "/measures?view=approval"],
            [t("measures.stuck"), counters.stuck, "/measures?view=stuck", true],
          ];
          const since = (
            <>
              {t("overview.since")} <Time ns={data.started_ts} only="second" />
            </>
          );
          return (
            <>
              <div className="tiles">
                {work.map(([name, n, to, bad]) => (
                  <Link key={to} to={to} className={`tile ${bad && n > 0 ? "bad" : ""}`}>
                    <span className="num">{count(n, language)}</span> {name}
                  </Link>
                ))}
                <div className={`tile ${counters.lag_ms > 1000 ? "bad" : ""}`}>
                  <span className="num">{count(counters.lag_ms, language)} ms</span> {t("overview.lag")}
                </div>
              </div>
              <div className="columns overview-columns">
                <div>
                  <Panel title={t("overview.rates")}>
                    <Suspense fallback={<div className="chart-room" />}>
                      <Rates rates={data.rates} />
                    </Suspense>
                  </Panel>
                  <Panel title={t("overview.by_clause")}>
                    <table className="list">
                      <thead>
                        <tr>
                          <th>{t("clause")}</th>
                          <th>{t("behaviour")}</th>
                          <th className="right">{t("overview.open")}</th>
                          <th className="right">{t("total")}</th>
                          <th />
                        </tr>
                      </thead>
                      <tbody>
                        {data.alerts_by_clause.map((row) => (
                          <tr key={`${row.clause} ${row.detector} ${row.shadow}`}>
                            <td>{row.clause}</td>
                            <td>
                              <Link to={`/alerts?detector=${row.detector}&state=all&snoozed=both`}>{detectorName(row.detector)}</Link>{" "}
                              {row.shadow && (
                                <span className="tag shadow" title={t("shadow.why")}>
                                  {t("shadow")}
                                </span>
                              )}
                            </td>
                            <td className="right">
                              <Num value={row.open} />
                            </td>
                            <td className="right">
                              <Num value={row.total} />
                            </td>
                            <td className="bar-cell" aria-hidden="true">
                              <span style={{ width: `${(row.total / Math.max(...data.alerts_by_clause.map((each) => each.total))) * 100}%` }} />
                            </td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </Panel>
                </div>
                <div>
                  <Alarms alarms={data.alarms} />
                  <Panel title={t("overview.blind")} id="blind" className={data.blind_spots.length > 0 ? "attention" : ""}>
                    {data.blind_spots.length === 0 ? (
                      <p className="quiet">{t("overview.blind.none")}</p>
                    ) : (
                      <table className="list">
                        <thead>
                          <tr>
                            <th>{t("what")}</th>
                            <th className="right">{t("overview.times")}</th>
                            <th>{t("from")}</th>
                            <th>{t("to")}</th>
                          </tr>
                        </thead>
                        <tbody>
                          {data.blind_spots.map((spot, i) => (
                            <tr key={i}>
                              <td className="wide">
                                <strong>{spot.detector ? detectorName(spot.detector) : spot.source}</strong> {t(`overview.blind.${spot.what}` as Key)}
                                {spot.from_seq !== undefined && <span className="quiet"> {spot.from_seq}–{spot.to_seq}</span>}
                              </td>
                              <td className="right">
                                <Num value={spot.times} />
                              </td>
                              <td>
                                <Time ns={spot.from_ts} only="second" />
                              </td>
                              <td>
                                <Time ns={spot.to_ts} only="second" />
                              </td>
                            </tr>
                          ))}
                        </tbody>
                      </table>
                    )}
                    {data.shadow.length > 0 && (
                      <p>
                        <span className="tag shadow">{t("overview.shadow")}</span>{" "}
                        <span className="quiet">{data.shadow.map(detectorName).join(", ")}</span>
                      </p>
                    )}
                  </Panel>
                  <Sources sources={data.sources} />
                  <CanaryPanel canary={data.canary} />
                  <div className="two">
                    <Panel title={t("overview.quality")} aside={since}>
                      <Counts of={data.data_quality} empty={t("none")} word={(name) => words("quality", name)} />
                      <h3>{t("overview.rejected")}</h3>
                      <Counts of={data.rejected_by_reason} empty={t("overview.rejected.none")} word={(name) => words("rejected", name)} />
                    </Panel>
                    <Panel title={t("overview.gate")}>
                      <Facts
                        rows={[
                          [t("overview.gate.restricted"), <Num key="r" value={data.gate.restricted} />],
                          [t("overview.gate.ok"), <Time key="h" ns={data.gate.heartbeat_ts} only="clock" />],
                        ]}
                      />
                      {data.gate.blind && <p className="warn">{t("overview.gate.blind")}</p>}
                      <h3>{t("overview.webhook")}</h3>
                      {data.webhook.configured ? (
                        <Facts
                          rows={[
                            [t("overview.webhook.waiting"), <Num key="w" value={data.webhook.waiting} />],
                            [t("overview.webhook.failed"), <Num key="f" value={data.webhook.failed} />],
                          ]}
                        />
                      ) : (
                        <p className="quiet">{t("overview.webhook.off")}</p>
                      )}
                      {data.webhook.last_error && <p className="warn">{data.webhook.last_error}</p>}
                    </Panel>
                  </div>
                  <Panel title={t("overview.events_by_type")} aside={since}>
                    <div className="wrap-counts">
                      <Counts of={data.events_by_type} empty={t("none")} word={eventWord} />
                    </div>
                  </Panel>
                </div>
              </div>
            </>
          );
        }}
      </Answer>
    </Page>
  );
}
