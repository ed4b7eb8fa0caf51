// Reports for the authority.
import { useState } from "react";
import { pathOf } from "../api/client";
import { useCounters, useGet } from "../api/use";
import { toDay } from "../format";
import { useQuery } from "../router";
import { useSession } from "../session";
import { useDetectorName, useLanguage, useText, useWord } from "../text";
import { AccountId, Answer, Button, Facts, Id, Num, Page, Panel, State, Time } from "../ui/kit";

function Enforcement({ month }: { month: string }) {
  const t = useText();
  const words = useWord();
  const asked = useGet("/v1/reports/enforcement", {}, { month });
  return (
    <Answer of={asked}>
      {(report) => (
        <>
          <Facts
            rows={[
              [t("opened"), <Num key="o" value={report.cases.opened} />],
              [t("state.closed_confirmed"), <Num key="c" value={report.cases.closed_confirmed} />],
              [t("state.closed_refuted"), <Num key="r" value={report.cases.closed_refuted} />],
              [t("state.closed_inconclusive"), <Num key="i" value={report.cases.closed_inconclusive} />],
              [t("case.reported"), <Num key="p" value={report.cases.reported} />],
            ]}
          />
          {report.measures.length === 0 ? (
            <p className="quiet">{t("reports.none")}</p>
          ) : (
            <div className="scroll-x" tabIndex={0} role="group" aria-label={t("reports.enforcement")}>
              <table className="list">
                <thead>
                  <tr>
                    <th>{t("measure")}</th>
                    <th>{t("clause")}</th>
                    {["measure.proposed", "measures.in_force", "reports.refused", "reports.ended", "reports.reversed", "measure.automatic", "reports.appeals", "reports.upheld"].map((key) => (
                      <th key={key} className="right">
                        {t(key as "reports.ended")}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {report.measures.map((row) => (
                    <tr key={row.kind + row.clause}>
                      <td>
                        <strong>{words("measure", row.kind)}</strong>
                      </td>
                      <td>{row.clause}</td>
                      {[row.proposed, row.in_force, row.refused, row.ended, row.reversed, row.automatic, row.appeals, row.appeals_upheld].map((n, i) => (
                        <td key={i} className="right">
                          <Num value={n} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <table className="list">
            <thead>
              <tr>
                <th>{t("clause")}</th>
                <th className="right">{t("nav.alerts")}</th>
                <th className="right">{t("reports.confirmed")}</th>
                <th className="right">{t("reports.dismissed")}</th>
              </tr>
            </thead>
            <tbody>
              {report.alerts.map((row) => (
                <tr key={row.clause}>
                  <td>{row.clause}</td>
                  <td className="right">
                    <Num value={row.total} />
                  </td>
                  <td className="right">
                    <Num value={row.confirmed} />
                  </td>
                  <td className="right">
                    <Num value={row.dismissed} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Answer>
  );
}

function Stor({ id }: { id: string }) {
  const t = useText();
  const language = useLanguage();
  const words = useWord();
  const detectorName = useDetectorName();
  const asked = useGet("/v1/reports/stor/{case_id}", { case_id: id });
  return (
    <Answer of={asked}>
      {(report) => (
        <article className="stor">
          <p className="story">{report.text[language]}</p>
          <Facts
            rows={[
              [t("case"), <Id key="c" id={report.case_id} />],
              [t("reports.made"), <Time key="m" ns={report.made_ts} />],
              [t("gain"), report.gain ? <Num key="g" value={report.gain.amount} unit={report.gain.currency} /> : "–"],
              [t("case.reported"), report.reported ? (report.report_ref ?? t("yes")) : t("no")],
              [t("reason"), report.reason ?? "–"],
            ]}
          />
          <h3>{t("accounts")}</h3>
          <ul className="plain-list">
            {report.accounts.map((account) => (
              <li key={account.account_id}>
                <AccountId id={account.account_id} /> {account.person_id} {account.country}
              </li>
            ))}
          </ul>
          <h3>{t("nav.alerts")}</h3>
          <ul className="plain-list">
            {report.alerts.map((alert) => (
              <li key={alert.alert_id}>
                <Id id={alert.alert_id} /> <strong>{detectorName(alert.detector)}</strong> {alert.clause}: {alert.text?.[language]}
              </li>
            ))}
          </ul>
          <h3>{t("nav.measures")}</h3>
          <ul className="plain-list">
            {report.measures.map((measure) => (
              <li key={measure.measure_id}>
                <Id id={measure.measure_id} /> {words("measure", measure.measure.kind)} <State word={measure.state} />
              </li>
            ))}
          </ul>
          <div className="actions no-print">
            <a className="button" href={pathOf("/v1/reports/stor/{case_id}", { case_id: id })} download={`stor-${id}.json`}>
              {t("reports.download")}
            </a>
            <Button onClick={() => print()}>{t("print")}</Button>
          </div>
        </article>
      )}
    </Answer>
  );
}

export default function Reports() {
  const t = useText();
  const { role } = useSession();
  const counters = useCounters();
  const [query, set] = useQuery();
  const thisMonth = counters ? toDay(counters.clock_ts).slice(0, 7) : "";
  const month = query.get("month") ?? thisMonth;
  const stor = query.get("stor");
  const [caseId, setCaseId] = useState(stor ?? "");
  const [orders, setOrders] = useState({ account_id: "", instrument_id: "", day: "" });
  const mayReport = role === "analyst" || role === "approver";
  const denied = mayReport ? undefined : t("denied.role", { role: t(`role.${role}`), roles: `${t("role.analyst")}, ${t("role.approver")}` });
  const day = orders.day || (counters ? toDay(counters.clock_ts) : "2025-01-01");
  const from = BigInt(Date.parse(`${day}T00:00:00Z`) || 0) * 1_000_000n;
  return (
    <Page title={t("reports.title")}>
      <div className="columns measure-columns">
        <div>
          <Panel title={t("reports.stor")}>
            <p className="quiet no-print">{t("reports.stor.note")}</p>
            <form
              className="filters no-print"
              onSubmit={(event) => {
                event.preventDefault();
                if (!denied) set({ stor: caseId });
              }}
            >
              <label>
                {t("case")} <input name="case_id" value={caseId} placeholder="c-…" onChange={(event) => setCaseId(event.target.value)} />
              </label>
              <Button denied={denied} onClick={() => set({ stor: caseId })}>
                {t("reports.show")}
              </Button>
            </form>
            {stor && mayReport && <Stor key={stor} id={stor} />}
          </Panel>
          <Panel title={t("reports.orders")} className="no-print">
            <p className="quiet">{t("reports.orders.note")}</p>
            <div className="filters">
              <label>
                {t("account")} <input size={12} value={orders.account_id} onChange={(event) => setOrders({ ...orders, account_id: event.target.value })} />
              </label>
              <label>
                {t("instrument")} <input size={12} value={orders.instrument_id} onChange={(event) => setOrders({ ...orders, instrument_id: event.target.value })} />
              </label>
              <label>
                {t("time")} <input type="date" value={day} onChange={(event) => setOrders({ ...orders, day: event.target.value })} />
              </label>
              {denied ? (
                <Button denied={denied}>{t("reports.download")}</Button>
              ) : (
                <a
                  className="button"
                  download={`orders-${day}.ndjson`}
                  href={pathOf("/v1/reports/orders", {}, {
                    account_id: orders.account_id,
                    instrument_id: orders.instrument_id,
                    from_ts: String(from),
                    to_ts: String(from + 86_400_000_000_000n),
                  })}
                >
                  {t("reports.download")}
                </a>
              )}
            </div>
          </Panel>
        </div>
        <div>
          <Panel
            title={t("reports.enforcement")}
            aside={
              <label>
                {t("reports.month")} <input type="month" value={month} onChange={(event) => set({ month: event.target.value })} />
              </label>
            }
          >
            {month && <Enforcement month={month} />}
          </Panel>
        </div>
      </div>
    </Page>
  );
}
