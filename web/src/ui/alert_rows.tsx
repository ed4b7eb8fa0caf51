// The rows of the alert queue that are on screen, out of as many as there are.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, memo, useEffect } from "react";
import { useCounters } from "../api/use";
import { clockTime, count, exact, toDay } from "../format";
import type { Queue, Row } from "../queue";
import { Link, go } from "../router";
import { useDetectorName, useLanguage, useText } from "../text";
import { ContextTags, Score, SeverityMark, ShadowMark, State } from "./kit";

const overscan = 8;

interface RowProps {
  row: Row;
  place: number;
  top: number;
  current: boolean;
  selected: boolean;
  today: string;
  choose: (place: number) => void;
  select: (place: number) => void;
}

// A slot on the screen, whose alert changes while one scrolls: nothing is made or thrown away for a new one.
const AlertRow = memo(function AlertRow({ row, place, top, current, selected, today, choose, select }: RowProps) {
  const t = useText();
  const detectorName = useDetectorName();
  const language = useLanguage();
  const { alert, context } = row;
  const opened = context?.opened_ts ?? alert.from_ts;
  const closed = alert.state === "dismissed" || alert.state === "confirmed" || alert.state === "superseded";
  return (
    <div
      role="row"
      id={`row-${alert.alert_id}`}
      aria-rowindex={place + 2}
      aria-selected={selected}
      className={`row ${current ? "current" : ""} ${closed ? "closed" : ""}`}
      style={{ top }}
      onClick={() => choose(place)}
      onDoubleClick={() => go(`/alerts/${alert.alert_id}`)}
    >
      <span role="gridcell" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selected}
          aria-label={alert.alert_id}
          onChange={() => select(place)}
        />
      </span>
      <span role="gridcell">
        <SeverityMark severity={alert.severity} />
      </span>
      <span role="gridcell">
        <Score value={alert.score} />
      </span>
      <span role="gridcell" className="behaviour">
        {(alert.maturity !== "stable" || context?.shadow) && <ShadowMark maturity={alert.maturity} />}
        <Link to={`/alerts/${alert.alert_id}`} tabIndex={-1} title={alert.text?.[language]}>
          {detectorName(alert.detector)}
        </Link>{" "}
        <span className="quiet">{alert.clause}</span>{" "}
        <ContextTags dense context={context && { ...context, shadow: false }} />
      </span>
      <span role="gridcell" title={alert.account_ids.join(", ")}>
        {alert.account_ids[0]}
        {alert.account_ids.length > 1 && <span className="quiet"> +{alert.account_ids.length - 1}</span>}
      </span>
      <span role="gridcell" title={alert.group_id}>
        {alert.group_id ?? <span className="quiet">–</span>}
      </span>
      <span role="gridcell">{alert.instrument_id ?? <span className="quiet">{t("all")}</span>}</span>
      <span role="gridcell" className="num" title={exact(opened)}>
        {toDay(opened) === today ? "" : `${toDay(opened).slice(5)} `}
        {clockTime(opened)}
      </span>
      <span role="gridcell" className="num right">
        {count(alert.evidence_count, language)}
      </span>
      <span role="gridcell" className="num" title={t("history.note")}>
        {context ? `${context.alerts_before} · ${context.confirmed_before}` : ""}
      </span>
      <span role="gridcell">
        <State word={alert.state} />
      </span>
      <span role="gridcell">{context?.case_id ?? <span className="quiet">–</span>}</span>
    </div>
  );
});

interface RowsProps {
  queue: Queue;
  count: number;
  height: number; // of each
  scroller: RefObject<HTMLDivElement | null>;
  choose: (place: number) => void;
  select: (place: number) => void;
}

export function AlertRows({ queue, count, height, scroller, choose, select }: RowsProps) {
  const counters = useCounters();
  const today = counters ? toDay(counters.clock_ts) : "";
  const { rows } = queue;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    initialOffset: queue.scrollTop,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && !queue.done && !queue.fault && last > rows.length - 100) void queue.loadMore(last);
  }, [last, rows.length, queue, queue.loading]);
  const current = items.some(({ index }) => index === queue.cursor) ? rows[queue.cursor] : undefined;
  useEffect(() => {
    // Only what is drawn can be named.
    const grid = scroller.current?.closest("[role=grid]");
    if (current) grid?.setAttribute("aria-activedescendant", `row-${current.alert.alert_id}`);
    else grid?.removeAttribute("aria-activedescendant");
  }, [current, scroller]);
  const slots = Math.ceil((virtual.scrollRect?.height ?? 800) / height) + 1 + 2 * overscan;
  // By slot, so that none has to change its place among the others; aria-rowindex tells the order.
  const inSlots = items.map((item) => ({ ...item, slot: item.index % slots })).sort((a, b) => a.slot - b.slot);
  return (
    <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
      {inSlots.map((item) => {
        const row = rows[item.index];
        if (!row) {
          return <div key={`ghost ${item.slot}`} role="presentation" className="row ghost" style={{ top: item.start }} />;
        }
        return (
          <AlertRow
            key={item.slot}
            row={row}
            place={item.index}
            top={item.start}
            current={item.index === queue.cursor}
            selected={queue.selected.has(row.alert.alert_id)}
            today={today}
            choose={choose}
            select={select}
          />
        );
      })}
    </div>
  );
}
