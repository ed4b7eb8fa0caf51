// The alert queue's rows: loaded page by page, changed in place, kept while another page is open.
import { useCallback, useEffect, useReducer } from "react";
import { type Query, api } from "./api/client";
import { onStream } from "./api/stream";
import type { Alert, AlertContext, AlertView } from "./api/types";

export interface Row {
  alert: Alert;
  context?: AlertContext;
}

// Small, so that reading one blocks nothing; larger when somebody has jumped far ahead.
const pageSize = 300;
const farPageSize = 1000;
// More of them are only said to be many: showing them reads the list anew.
const waitingMax = 1000;
const retryMs = 5000;

// What a row never shows is not kept: a hundred thousand of them lie in memory.
const slim = (alert: Alert): Alert => ({ ...alert, evidence: [], score_parts: [] });

export class Queue {
  rows: Row[] = [];
  places = new Map<string, number>();
  total?: number;
  nextCursor?: string;
  done = false;
  loading = false;
  fault: unknown;
  // New since the list was asked for; they wait until the user wants them.
  waiting = new Map<string, Row>();
  flooded = false; // more than waitingMax
  incomplete = false; // something was missed, and not all of it could be asked for since
  times = 0; // that it was read from its beginning
  cursor = 0;
  scrollTop = 0;
  selected = new Set<string>();
  watchers = new Set<() => void>();

  constructor(readonly query: Query) {}

  tell() {
    this.watchers.forEach((each) => each());
  }

  async loadMore(wanted = 0) {
    if (this.loading || this.done) return;
    const { times } = this;
    this.loading = true;
    this.fault = undefined;
    this.tell();
    try {
      const answer = await api.get("/v1/alerts", undefined, {
        ...this.query,
        limit: wanted > this.rows.length + 2 * farPageSize ? farPageSize : pageSize,
        cursor: this.nextCursor,
      });
      if (times !== this.times) return;
      for (const alert of answer.items) this.add({ alert: slim(alert), context: answer.context[alert.alert_id] });
      this.nextCursor = answer.next_cursor;
      this.done = answer.next_cursor === undefined;
      this.total = answer.total ?? this.total;
    } catch (caught) {
      if (times !== this.times) return;
      this.fault = caught;
    }
    this.loading = false;
    this.tell();
  }

  // From its beginning; an answer that is on its way is for nobody.
  reload() {
    this.times++;
    this.rows = [];
    this.places.clear();
    this.waiting.clear();
    this.selected.clear();
    this.total = this.nextCursor = this.fault = undefined;
    this.done = this.loading = this.flooded = this.incomplete = false;
    this.cursor = this.scrollTop = 0;
    void this.loadMore();
  }

  // Something was missed: what is on screen stays, what is new is asked for, until it is there.
  async catchUp() {
    const { times } = this;
    try {
      const answer = await api.get("/v1/alerts", undefined, { ...this.query, limit: pageSize });
      if (times !== this.times) return;
      for (const alert of answer.items) {
        const context = answer.context[alert.alert_id];
        if (context) this.take({ alert, context });
      }
      if (answer.next_cursor === undefined) this.leaveOut(new Set(answer.items.map((alert) => alert.alert_id)));
      else this.incomplete = true;
    } catch {
      this.incomplete = true;
      setTimeout(() => times === this.times && kept?.queue === this && void this.catchUp(), retryMs);
    }
    this.tell();
  }

  // These are all that there are: what waits and is not among them has left the list meanwhile. Of a row that has, it
  // is not known how.
  leaveOut(there: Set<string>) {
    for (const id of this.waiting.keys()) if (!there.has(id)) this.waiting.delete(id);
    this.incomplete = this.rows.some(({ alert, context }) => !there.has(alert.alert_id) && context && this.matches({ alert, context }));
  }

  add(row: Row) {
    this.waiting.delete(row.alert.alert_id);
    const place = this.places.get(row.alert.alert_id);
    if (place !== undefined) {
      this.rows[place] = row;
      return;
    }
    this.places.set(row.alert.alert_id, this.rows.length);
    this.rows.push(row);
  }

  take(view: AlertView) {
    const id = view.alert.alert_id;
    const row = { alert: slim(view.alert), context: view.context };
    const place = this.places.get(id);
    const before = place === undefined ? this.waiting.get(id) : this.rows[place];
    if (before && before.alert.revision > view.alert.revision) return; // told by the stream meanwhile
    if (place !== undefined) this.rows[place] = row;
    else if (!this.matches(view)) {
      // Dismissed, say, while it waited.
      if (!this.waiting.delete(id)) return;
    } else if (this.waiting.has(id) || this.waiting.size < waitingMax) this.waiting.set(id, row);
    else this.flooded = true;
    this.tell();
  }

  matches({ alert, context }: AlertView): boolean {
    const q = this.query;
    const among = (list: unknown, value: string) =>
      list === undefined || list === "" || String(list).split(",").includes(value);
    return (
      among(q.state, alert.state) &&
      among(q.severity, alert.severity) &&
      among(q.detector, alert.detector) &&
      among(q.clause, alert.clause) &&
      among(q.group_id, alert.group_id ?? "") &&
      among(q.instrument_id, alert.instrument_id ?? "") &&
      among(q.case_id, context.case_id ?? "") &&
      (q.account_id === undefined || alert.account_ids.includes(String(q.account_id))) &&
      (q.score_min === undefined || alert.score >= Number(q.score_min)) &&
      (q.snoozed === undefined || String(q.snoozed) === String(context.snoozed_until_ts !== undefined)) &&
      (q.shadow === undefined || String(q.shadow) === String(context.shadow))
    );
  }

  // On top, whatever the order: that is where one looks for them.
  showWaiting() {
    if (this.flooded) return this.reload();
    const fresh = [...this.waiting.values()].reverse();
    this.waiting.clear();
    this.rows = [...fresh, ...this.rows];
    this.places = new Map(this.rows.map((row, i) => [row.alert.alert_id, i]));
    this.total = this.total === undefined ? undefined : this.total + fresh.length;
    this.cursor = 0;
    this.tell();
  }

  change(id: string, change: (row: Row) => Row) {
    const place = this.places.get(id);
    const row = place === undefined ? undefined : this.rows[place];
    if (place !== undefined && row) this.rows[place] = change(row);
  }
}

let kept: { key: string; queue: Queue } | undefined;

onStream("alert", (view) => kept?.queue.take(view));
onStream("reset", () => void kept?.queue.catchUp());

export const forgetQueue = () => {
  kept = undefined;
};

export function useQueue(query: Query): Queue {
  const key = JSON.stringify(query);
  if (kept?.key !== key) kept = { key, queue: new Queue(query) };
  const { queue } = kept;
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    queue.watchers.add(again);
    if (queue.rows.length === 0 && !queue.done) void queue.loadMore();
    return () => {
      queue.watchers.delete(again);
    };
  }, [queue]);
  return queue;
}

// The alert before or after this one in the list that it was opened from.
export function useNeighbours(id: string) {
  return useCallback(
    (step: 1 | -1): string | undefined => {
      const place = kept?.queue.places.get(id);
      if (place === undefined || !kept) return undefined;
      const row = kept.queue.rows[place + step];
      if (row) kept.queue.cursor = place + step;
      return row?.alert.alert_id;
    },
    [id],
  );
}
