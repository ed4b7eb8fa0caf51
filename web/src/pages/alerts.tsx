// The alert queue: dense, driven by the keyboard, live without jumping.
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Alert } from "../api/types";
import { useGet } from "../api/use";
import { count } from "../format";
import { useKeys } from "../keys";
import { type Row, useQueue } from "../queue";
import { go, useQuery } from "../router";
import { useSettings } from "../settings";
import { useDetectorName, useLanguage, useText } from "../text";
import { useAlertActs } from "../ui/alert_acts";
import { AlertRows } from "../ui/alert_rows";
import { AlertText } from "../ui/alert_text";
import { BlindNotice } from "../ui/blind";
import { Act, useDenied } from "../ui/decide";
import { FactTable } from "../ui/facts";
import { Button, ContextTags, Empty, Fault, Id, Ids, MaturityMark, Page, SeverityMark, State } from "../ui/kit";

const severities = ["critical", "high", "medium", "low"] as const;

function Filters({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const t = useText();
  const detectorName = useDetectorName();
  const [query, set] = useQuery();
  const rules = useGet("/v1/rules");
  const value = (name: string) => query.get(name) ?? "";
  const known = new Set<string>();
  rules.data?.rulebooks.forEach((book) => book.rules.forEach((rule) => known.add(rule.id)));
  if (value("detector")) known.add(value("detector"));
  const select = (name: string, label: string, options: [string, string][]) => (
    <label>
      <span className="unseen">{label}</span>
      <select name={name} value={value(name)} title={label} onChange={(event) => set({ [name]: event.target.value })}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const names = { account_id: "account", group_id: "group", instrument_id: "instrument", clause: "clause", case_id: "case" } as const;
  const narrowed = Object.keys(names).filter((name) => value(name));
  const changed = [...query.keys()].some((name) => name !== "sort" && name !== "preview");
  return (
    <div className="filters" role="group" aria-label={t("queue.filter")}>
      {select("state", t("queue.states"), [
        ["", t("queue.active")],
        ["open", t("state.open")],
        ["ended", t("state.ended")],
        ["confirmed", t("state.confirmed")],
        ["dismissed", t("state.dismissed")],
        ["superseded", t("state.superseded")],
        ["all", `${t("state")}: ${t("all")}`],
      ])}
      {select("severity", t("severity"), [
        ["", `${t("severity")}: ${t("all")}`],
        ...severities.map((each): [string, string] => [each, t(`severity.${each}`)]),
      ])}
      {select("detector", t("behaviour"), [
        ["", `${t("behaviour")}: ${t("all")}`],
        ...[...known].sort().map((id): [string, string] => [id, detectorName(id)]),
      ])}
      {select("score_min", t("queue.score_min"), [
        ["", `${t("queue.score_min")} 0`],
        ...["30", "50", "70", "90"].map((n): [string, string] => [n, `${t("queue.score_min")} ${n}`]),
      ])}
      {select("snoozed", t("snoozed"), [
        ["", t("queue.snoozed.hide")],
        ["both", `${t("snoozed")}: ${t("all")}`],
        ["true", t("queue.snoozed.only")],
      ])}
      {select("shadow", t("shadow"), [
        ["", `${t("shadow")}: ${t("all")}`],
        ["false", t("queue.shadow.hide")],
        ["true", t("queue.shadow.only")],
      ])}
      {select("sort", t("queue.sort"), [
        ["", t("queue.sort.newest")],
        ["seq", t("queue.sort.oldest")],
        ["-score", t("queue.sort.score")],
        ["-from_ts", t("queue.sort.from")],
      ])}
      {narrowed.map((name) => (
        <button key={name} type="button" className="chip" onClick={() => set({ [name]: undefined })}>
          {t(names[name as keyof typeof names])}: {value(name)} ✕
        </button>
      ))}
      {changed && (
        <button
          type="button"
          className="plain"
          onClick={() => set(Object.fromEntries([...query.keys()].filter((name) => name !== "sort").map((name) => [name, undefined])))}
        >
          {t("queue.filter.clear")}
        </button>
      )}
      <Count queue={queue} />
    </div>
  );
}

function Count({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const t = useText();
  const language = useLanguage();
  return (
    <span className="quiet num count" aria-live="polite">
      {t("queue.count", {
        n: count(queue.rows.length, language),
        total: queue.total === undefined ? "…" : count(queue.total, language),
      })}
    </span>
  );
}

const columns = ["select", "severity", "score", "behaviour", "accounts", "group", "instrument", "opened", "evidence", "history", "state", "case"] as const;

function Preview({ row }: { row?: Row }) {
  const t = useText();
  const detectorName = useDetectorName();
  if (!row) return <Empty>{t("queue.preview.none")}</Empty>;
  const { alert, context } = row;
  return (
    <>
      <h2>
        <Id id={alert.alert_id} /> {detectorName(alert.detector)}
      </h2>
      <p className="marks">
        <SeverityMark severity={alert.severity} /> <State word={alert.state} /> <MaturityMark maturity={alert.maturity} />
        <ContextTags context={context} />
      </p>
      <p className="story">
        <AlertText alert={alert} />
      </p>
      <FactTable alert={alert} />
      <dl className="facts">
        <div>
          <dt>{t("accounts")}</dt>
          <dd>
            <Ids ids={alert.account_ids} most={6} account />
          </dd>
        </div>
        {alert.group_id && (
          <div>
            <dt>{t("group")}</dt>
            <dd>
              <Id id={alert.group_id} />
            </dd>
          </div>
        )}
        {context && (
          <div>
            <dt>{t("history")}</dt>
            <dd>{t("history.values", { alerts: context.alerts_before, confirmed: context.confirmed_before })}</dd>
          </div>
        )}
        {context?.case_id && (
          <div>
            <dt>{t("case")}</dt>
            <dd>
              <Id id={context.case_id} />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

export function Alerts() {
  const t = useText();
  const [query, setQuery] = useQuery();
  const language = useLanguage();
  const { density } = useSettings();
  const denied = useDenied();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const value = (name: string) => query.get(name) || undefined;
  const state = value("state");
  const snoozed = value("snoozed");
  const queue = useQueue({
    state: state === "all" ? undefined : (state ?? "open,ended"),
    severity: value("severity"),
    detector: value("detector"),
    clause: value("clause"),
    score_min: value("score_min"),
    snoozed: snoozed === "both" ? undefined : (snoozed ?? "false"),
    shadow: value("shadow"),
    account_id: value("account_id"),
    group_id: value("group_id"),
    instrument_id: value("instrument_id"),
    case_id: value("case_id"),
    sort: value("sort") ?? "-seq",
  });
  const { rows } = queue;
  const [preview, setPreview] = useState(innerWidth >= 1500);
  const [, redraw] = useState(0);
  const height = density === "compact" ? 26 : 34;
  const known = Math.max(rows.length, queue.done ? 0 : (queue.total ?? 0));
  useLayoutEffect(() => {
    const at = scroller.current;
    if (!at) return;
    at.scrollTop = queue.scrollTop;
    // The head has no scrollbar: it leaves as much room.
    at.parentElement?.style.setProperty("--bar", `${at.offsetWidth - at.clientWidth}px`);
  }, [queue]);

  const draw = () => redraw((n) => n + 1);
  const moveTo = (place: number) => {
    if (rows.length === 0) return;
    queue.cursor = Math.max(0, Math.min(rows.length - 1, place));
    const at = scroller.current;
    if (at) {
      const top = queue.cursor * height;
      at.scrollTop = Math.min(top, Math.max(at.scrollTop, top + height - at.clientHeight));
    }
    // Readers of screens say the row that the focused grid names.
    grid.current?.focus({ preventScroll: true });
    draw();
  };
  const select = (place: number) => {
    const id = rows[place]?.alert.alert_id;
    if (!id) return;
    if (!queue.selected.delete(id)) queue.selected.add(id);
    draw();
  };
  // The same ones at each drawing, so that rows which have not changed are not drawn again.
  const latest = useRef({ moveTo, select });
  latest.current = { moveTo, select };
  const choose = useCallback((place: number) => latest.current.moveTo(place), []);
  const mark = useCallback((place: number) => latest.current.select(place), []);
  const current = rows[queue.cursor];
  const chosen = (): Alert[] => {
    const marked = [...queue.selected].flatMap((id) => rows[queue.places.get(id) ?? -1]?.alert ?? []);
    return marked.length > 0 ? marked : current ? [current.alert] : [];
  };
  const acts = useAlertActs((ids, body) => {
    for (const id of ids) {
      queue.change(id, (row) =>
        body.kind === "close_alert"
          ? { ...row, alert: { ...row.alert, state: body.state as Alert["state"] } }
          : row.context ? { ...row, context: { ...row.context, snoozed_until_ts: body.until_ts } } : row,
      );
      queue.selected.delete(id);
    }
    draw();
  });
  const showNew = () => {
    queue.showWaiting();
    scroller.current?.scrollTo({ top: 0 });
  };
  const may = (act: () => void) => () => {
    if (!denied("close_alert")) act();
  };
  useKeys({
    j: () => moveTo(queue.cursor + 1),
    ArrowDown: () => moveTo(queue.cursor + 1),
    k: () => moveTo(queue.cursor - 1),
    ArrowUp: () => moveTo(queue.cursor - 1),
    PageDown: () => moveTo(queue.cursor + 20),
    PageUp: () => moveTo(queue.cursor - 20),
    Home: () => moveTo(0),
    Enter: () => current && go(`/alerts/${current.alert.alert_id}`),
    x: () => {
      select(queue.cursor);
      moveTo(queue.cursor + 1);
    },
    "*": () => {
      if (queue.selected.size > 0) queue.selected.clear();
      else rows.forEach((row) => queue.selected.add(row.alert.alert_id));
      draw();
    },
    s: may(() => current && acts.snooze(current.alert)),
    d: may(() => acts.close(chosen(), "dismissed")),
    c: may(() => acts.close(chosen(), "confirmed")),
    o: () => current?.context?.case_id && go(`/cases/${current.context.case_id}`),
    n: () => queue.waiting.size > 0 && showNew(),
    p: () => setPreview((shown) => !shown),
    Escape: () => {
      queue.selected.clear();
      draw();
    },
  });
  const filtered = [...query.keys()].some((name) => name !== "sort");
  const names: Record<(typeof columns)[number], string> = {
    select: "", severity: t("severity"), score: t("score"), behaviour: t("behaviour"),
    accounts: t("accounts"), group: t("group"), instrument: t("instrument"), opened: t("opened"),
    evidence: t("evidence"), history: t("history"), state: t("state"), case: t("case"),
  };
  const waiting = `${count(queue.waiting.size, language)}${queue.flooded ? "+" : ""}`;
  const sorts: Partial<Record<(typeof columns)[number], string>> = { score: "-score", opened: "-from_ts" };
  const sort = query.get("sort") ?? "";

  return (
    <Page
      title={t("queue.title")}
      className="queue-page"
      marks={
        <>
          {queue.waiting.size > 0 && (
            <button type="button" className="chip new" onClick={showNew} aria-label={t("queue.new.do", { n: waiting })}>
              ↑ {t("queue.new", { n: waiting })} <kbd aria-hidden="true">n</kbd>
            </button>
          )}
          {queue.incomplete && (
            <button type="button" className="chip incomplete" onClick={() => queue.reload()}>
              ↻ {t("queue.incomplete")}
            </button>
          )}
        </>
      }
      actions={
        <>
          {queue.selected.size > 0 && <span className="quiet">{t("queue.selected", { n: queue.selected.size })}</span>}
          <Act kind="close_alert" label="act.confirm" hint="c" onClick={() => acts.close(chosen(), "confirmed")} />
          <Act kind="close_alert" label="act.dismiss" hint="d" onClick={() => acts.close(chosen(), "dismissed")} />
          <Act kind="snooze" label="act.snooze" hint="s" onClick={() => current && acts.snooze(current.alert)} />
          <Button hint="p" aria-pressed={preview} onClick={() => setPreview(!preview)}>
            {t("queue.preview")}
          </Button>
        </>
      }
    >
      <Filters queue={queue} />
      <BlindNotice />
      <div className={`queue ${preview ? "with-preview" : ""}`}>
        <div
          ref={grid}
          role="grid"
          tabIndex={0}
          aria-label={t("queue.title")}
          aria-rowcount={known + 1}
          aria-multiselectable="true"
          className="grid"
        >
          <div role="rowgroup">
            <div role="row" className="row head" aria-rowindex={1}>
              {columns.map((column) => {
                const by = sorts[column];
                return (
                  <span
                    role="columnheader"
                    key={column}
                    className={column === "evidence" ? "right" : ""}
                    title={column === "history" ? t("history.note") : undefined}
                    aria-sort={by && by === sort ? "descending" : undefined}
                  >
                    {by ? (
                      <button type="button" className="plain" onClick={() => setQuery({ sort: by === sort ? undefined : by })}>
                        {names[column]} {by === sort ? "↓" : ""}
                      </button>
                    ) : (
                      names[column] || <span className="unseen">{t("key.select")}</span>
                    )}
                  </span>
                );
              })}
            </div>
          </div>
          <div
            ref={scroller}
            className="scroller"
            role="rowgroup"
            tabIndex={-1}
            onScroll={(event) => {
              queue.scrollTop = event.currentTarget.scrollTop;
            }}
          >
            <AlertRows queue={queue} count={known} height={height} scroller={scroller} choose={choose} select={mark} />
            {rows.length === 0 && queue.loading && <div className="loading" role="status">{t("loading")}</div>}
            {rows.length === 0 && queue.done && <Empty>{filtered ? t("queue.empty") : t("queue.empty.all")}</Empty>}
            {queue.fault !== undefined && <Fault fault={queue.fault} retry={() => void queue.loadMore()} />}
          </div>
        </div>
        {preview && (
          <aside aria-label={t("queue.preview")}>
            <Preview row={current} />
          </aside>
        )}
      </div>
      {acts.dialog}
    </Page>
  );
}
