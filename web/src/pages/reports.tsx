// Reports for the authority.
import { type ReactNode, useState } from "react";
import { pathOf } from "../api/client";
import type { OrderRecord, StorPart } from "../api/types";
import { useCounters, useGet } from "../api/use";
import { toDay } from "../format";
import { useQuery } from "../router";
import { useSession } from "../session";
import { useEventWord, useLanguage, useText, useWord } from "../text";
import { Answer, Button, Id, Ids, Num, Page, Panel, Time } from "../ui/kit";

type Counted = { key: string; name: ReactNode; counts: number[] };

function CountTable({ label, first, heads, rows }: { label: string; first: string; heads: string[]; rows: Counted[] }) {
  return (
    <div className="scroll-x" tabIndex={0} role="group" aria-label={label}>
      <table className="list">
        <thead>
          <tr>
            <th>{first}</th>
            {heads.map((head) => (
              <th key={head} className="right">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>
                <strong>{row.name}</strong>
              </td>
              {row.counts.map((count, i) => (
                <td key={i} className="right">
                  <Num value={count} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Enforcement({ month }: { month: string }) {
  const t = useText();
  const language = useLanguage();
  const words = useWord();
  const asked = useGet("/v1/reports/enforcement", {}, { month });
  const formed = (format: string) => pathOf("/v1/reports/enforcement", {}, { month, format, lang: language });
  return (
    <Answer of={asked}>
      {(report) => (
        <>
          <h3>{t("reports.cases")}</h3>
          <CountTable
            label={t("reports.cases")}
            first={t("clause")}
            heads={[t("opened"), t("reports.open"), t("reports.confirmed"), t("reports.refuted"), t("reports.inconclusive"), t("case.reported"), t("accounts")]}
            rows={report.cases.map((row) => ({
              key: row.clause ?? "",
              name: row.clause ?? t("reports.all"),
              counts: [row.opened, row.open, row.closed_confirmed, row.closed_refuted, row.closed_inconclusive, row.reported, row.account_ids],
            }))}
          />
          <h3>{t("reports.measures")}</h3>
          <CountTable
            label={t("reports.measures")}
            first={t("measure")}
            heads={[t("reports.in_force"), t("reports.automatic"), t("reports.imposed"), t("reports.over"), t("accounts")]}
            rows={report.measures.map((row) => ({
              key: row.kind ?? "",
              name: row.kind ? words("measure", row.kind) : t("reports.all"),
              counts: [row.in_force, row.automatic, row.imposed, row.over, row.account_ids],
            }))}
          />
          <div className="actions no-print">
            <a className="button" href={formed("html")} target="_blank" rel="noreferrer">
              {t("reports.page")}
            </a>
            <a className="button" href={formed("csv")} download={`enforcement-${month}.csv`}>
              CSV
            </a>
          </div>
        </>
      )}
    </Answer>
  );
}

function StorFields({ part }: { part: StorPart }) {
  const language = useLanguage();
  return (
    <table className="form">
      <tbody>
        {part.fields.map((field, i) => (
          <tr key={field.name}>
            <th scope="row">
              {field.row.en !== part.fields[i - 1]?.row.en && field.row[language]}
              {field.part && <span className="quiet">{field.part[language]}</span>}
            </th>
            <td>
              {field.value[language]}
              {field.na_reason && <span className="quiet"> – {field.na_reason[language]}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StorAnnex({ records }: { records: OrderRecord[] }) {
  const t = useText();
  const words = useEventWord();
  return (
    <div className="scroll-x" tabIndex={0} role="group" aria-label={t("reports.annex")}>
      <table className="list">
        <thead>
          <tr>
            {[t("reports.seq"), t("time"), t("event"), t("instrument"), t("account"), t("side"), t("reports.price"), t("quantity"), t("reports.ref")].map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.seq}>
              <td className="num">{record.seq}</td>
              <td>
                <Time ns={record.ts} />
              </td>
              <td>{words(record.type)}</td>
              <td>{record.instrument_id ?? record.asset}</td>
              <td>{record.account_id ?? [record.buyer_id, record.seller_id].filter(Boolean).join(" ← ")}</td>
              <td>{record.side && words(record.side)}</td>
              <td className="right">{record.price && <Num value={record.price} />}</td>
              <td className="right">{(record.quantity ?? record.amount) && <Num value={record.quantity ?? record.amount ?? ""} />}</td>
              <td>{record.trade_id ?? record.order_id ?? record.tx_id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Stor({ id }: { id: string }) {
  const t = useText();
  const language = useLanguage();
  const asked = useGet("/v1/reports/stor/{case_id}", { case_id: id });
  return (
    <Answer of={asked}>
      {(report) => (
        <article className="stor">
          <p className="quiet">
            <Id id={report.case_id} /> · {report.template} · {t("reports.made")} <Time ns={report.made_ts} only="second" />
          </p>
          {report.sections.map((section) => (
            <section key={section.number}>
              <h3>
                {section.number} – {section.title[language]}
              </h3>
              {section.parts.map((part, i) => (
                <div key={i}>
                  {part.account_ids && (
                    <h4>
                      {t("reports.person")} <Ids ids={part.account_ids} account />
                    </h4>
                  )}
                  <StorFields part={part} />
                </div>
              ))}
            </section>
          ))}
          {report.evidence.length > 0 && (
            <>
              <h3>{t("reports.annex")}</h3>
              <StorAnnex records={report.evidence} />
            </>
          )}
          <div className="actions no-print">
            <a className="button" href={pathOf("/v1/reports/stor/{case_id}", { case_id: id }, { format: "html", lang: language })} target="_blank" rel="noreferrer">
              {t("reports.page")}
            </a>
            <a className="button" href={pathOf("/v1/reports/stor/{case_id}", { case_id: id })} download={`stor-${id}.json`}>
              JSON
            </a>
            <Button onClick={() => print()}>{t("print")}</Button>
          </div>
        </article>
      )}
    </Answer>
  );
}

// Orders and trades as a file: of a case its own span unless days are said.
function Orders({ denied, today }: { denied?: string; today: string }) {
  const t = useText();
  const [asked, setAsked] = useState({ case_id: "", account_id: "", instrument_id: "", from: "", to: "", format: "ndjson" });
  const field = (name: "case_id" | "account_id" | "instrument_id", label: string, placeholder = "") => (
    <label>
      {label} <input size={12} value={asked[name]} placeholder={placeholder} onChange={(event) => setAsked({ ...asked, [name]: event.target.value.trim() })} />
    </label>
  );
  const start = (day: string) => BigInt(Date.parse(`${day}T00:00:00Z`) || 0) * 1_000_000n;
  const from = asked.from || (asked.case_id ? "" : today);
  const to = asked.to || from;
  const query = {
    case_id: asked.case_id,
    account_id: asked.account_id,
    instrument_id: asked.instrument_id,
    from_ts: from && String(start(from)),
    to_ts: to && String(start(to) + 86_400_000_000_000n),
    format: asked.format,
  };
  return (
    <div className="filters">
      {field("case_id", t("case"), "c-…")}
      {field("account_id", t("account"))}
      {field("instrument_id", t("instrument"))}
      <label>
        {t("reports.from")} <input type="date" value={from} onChange={(event) => setAsked({ ...asked, from: event.target.value })} />
      </label>
      <label>
        {t("reports.to")} <input type="date" value={to} onChange={(event) => setAsked({ ...asked, to: event.target.value })} />
      </label>
      <label>
        {t("reports.form")}{" "}
        <select value={asked.format} onChange={(event) => setAsked({ ...asked, format: event.target.value })}>
          <option value="ndjson">NDJSON</option>
          <option value="csv">CSV</option>
        </select>
      </label>
      {denied ? (
        <Button denied={denied}>{t("reports.download")}</Button>
      ) : (
        <a className="button" download={`orders-${asked.case_id || asked.account_id || from}.${asked.format}`} href={pathOf("/v1/reports/orders", {}, query)}>
          {t("reports.download")}
        </a>
      )}
    </div>
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
  const mayReport = role === "analyst" || role === "approver";
  const denied = mayReport ? undefined : t("denied.role", { role: t(`role.${role}`), roles: `${t("role.analyst")}, ${t("role.approver")}` });
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
          </Panel>
          <Panel title={t("reports.orders")} className="no-print">
            <p className="quiet">{t("reports.orders.note")}</p>
            <Orders denied={denied} today={counters ? toDay(counters.clock_ts) : ""} />
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
      {stor && mayReport && (
        <Panel title={`${t("reports.stor")}: ${stor}`}>
          <Stor key={stor} id={stor} />
        </Panel>
      )}
    </Page>
  );
}
