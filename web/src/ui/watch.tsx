// Who watches the watchers: alarms of surveillance itself, its sources, its canary.
import type { ReactNode } from "react";
import type { Alarm, Canary, Overview } from "../api/types";
import { span } from "../format";
import { type Key, useText, useWord } from "../text";
import { Empty, Facts, Num, Panel, Time } from "./kit";

export function Alarms({ alarms }: { alarms: Alarm[] }) {
  const t = useText();
  const open = alarms.filter((alarm) => !alarm.end_ts);
  return (
    <Panel title={t("overview.alarms")} id="alarms" className={open.length > 0 ? "attention" : ""}>
      {open.length === 0 && <p className="quiet">{t("overview.alarms.none")}</p>}
      {alarms.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th>{t("what")}</th>
              <th>{t("from")}</th>
              <th>{t("to")}</th>
            </tr>
          </thead>
          <tbody>
            {alarms.slice(0, open.length + 5).map((alarm) => (
              <tr key={alarm.kind + alarm.about + alarm.begin_ts}>
                <td className="wide" title={alarm.what}>
                  <strong>{alarm.about}</strong> {t(`overview.alarm.${alarm.kind}`)}
                </td>
                <td>
                  <Time ns={alarm.begin_ts} only="second" />
                </td>
                <td>{alarm.end_ts ? <Time ns={alarm.end_ts} only="second" /> : <span className="warn">{t("overview.alarms.open")}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

export function Sources({ sources }: { sources: Overview["sources"] }) {
  const t = useText();
  const words = useWord();
  return (
    <Panel title={t("overview.sources")}>
      {sources.length === 0 ? (
        <Empty>{t("overview.sources.none")}</Empty>
      ) : (
        <table className="list dense">
          <thead>
            <tr>
              <th>{t("source")}</th>
              <th>{t("account.last")}</th>
              <th className="right">{t("overview.silent")}</th>
              <th className="right">{t("overview.rate")}</th>
              <th className="right">{t("overview.events")}</th>
              <th className="right">{t("overview.rejected")}</th>
              <th className="right">{t("overview.repeated")}</th>
              <th className="right">{t("overview.gaps")}</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <tr key={source.source}>
                <td>{source.source}</td>
                <td>
                  <Time ns={source.last_ts} only="clock" />
                </td>
                <td
                  className={`right ${source.is_silent ? "warn" : ""}`}
                  title={source.silence_ms_max === undefined ? undefined : t("overview.silence_max", { n: span(source.silence_ms_max / 1000) })}
                >
                  {span(Math.floor(source.silent_ms / 1000))}
                </td>
                <td className="right">
                  <Num value={source.events_per_s} />
                </td>
                <td className="right">
                  <Num value={source.events} />
                </td>
                <td className="right" title={Object.entries(source.rejected_by_reason).map(([reason, n]) => `${words("rejected", reason)} ${n}`).join(", ")}>
                  <Num value={source.rejected} />
                </td>
                <td className="right">
                  <Num value={source.repeated} />
                </td>
                <td className={`right ${source.gaps > 0 ? "warn" : ""}`} title={t("overview.missing", { n: source.missing })}>
                  <Num value={source.gaps} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

export function CanaryPanel({ canary }: { canary: Canary }) {
  const t = useText();
  const bad = canary.missed + canary.broken > 0 || canary.error !== undefined;
  const outcomes = ["fired", "missed", "broken", "untested", "off"] as const;
  return (
    <Panel title={t("overview.canary")} className={bad ? "attention" : ""}>
      <p className="quiet">{t("overview.canary.why")}</p>
      {canary.running && <p>{t("overview.canary.running")}</p>}
      {canary.ran_ts === undefined ? (
        <p className="quiet">{t("overview.canary.never")}</p>
      ) : (
        <Facts
          rows={[
            [t("overview.canary.ran"), <Time key="ran" ns={canary.ran_ts} only="second" />],
            ...outcomes
              .filter((outcome) => outcome === "fired" || canary[outcome] > 0)
              .map((outcome): [string, ReactNode] => [t(`overview.canary.${outcome}` as Key), <Num key={outcome} value={canary[outcome]} />]),
          ]}
        />
      )}
      {canary.error && <p className="warn">{canary.error}</p>}
    </Panel>
  );
}
