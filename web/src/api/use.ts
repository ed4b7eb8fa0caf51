// Asking from a page: cached by TanStack Query, made stale by what the stream tells.
import { QueryClient, keepPreviousData, useQuery } from "@tanstack/react-query";
import { useContext, useEffect, useState, useSyncExternalStore } from "react";
import { SessionContext, mayRead } from "../session";
import { type Query, ApiError, api } from "./client";
import { onStream, streamState } from "./stream";
import type { AlertDetail, Counters, GetAnswers, Ns } from "./types";

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (times, fault) =>
        times < 2 && fault instanceof ApiError && (fault.status === 0 || fault.status === 503),
    },
  },
});

export function useGet<P extends keyof GetAnswers>(
  path: P,
  parts?: Record<string, string>,
  query?: Query,
  options: {
    enabled?: boolean;
    keep?: boolean;
    every?: number; // ms between two readings
    while?: (data: GetAnswers[P]) => boolean; // only as long as this holds
    // Stays as it was read, until the reader asks anew; `isStale` tells that it has changed since.
    steady?: boolean;
  } = {},
) {
  const { every, while: holds } = options;
  return useQuery({
    queryKey: [path, parts ?? {}, query ?? {}],
    queryFn: ({ signal }) => api.get(path, parts, query, signal),
    enabled: options.enabled,
    refetchInterval: every && holds ? ({ state }) => (state.data !== undefined && holds(state.data) ? every : false) : every,
    placeholderData: options.keep ? keepPreviousData : undefined,
    ...(options.steady && { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false }),
  });
}

type Parts = Record<string, string | undefined>;
type About = (path: string, parts: Parts) => boolean;
const find = (about: About) =>
  client.getQueryCache().findAll({ predicate: ({ queryKey }) => about(String(queryKey[0]), queryKey[1] as Parts) });

const previewPath = "/v1/measures/{measure_id}/preview";
// What an alert was found from is as it was, unless the alert has a new revision.
const isEvidence = (path: string) => path.startsWith("/v1/alerts/{alert_id}/");

let prefixes = new Set<string>();
let actTimer: ReturnType<typeof setTimeout> | undefined;

// After one's own act: soon, and whatever is being read is read again.
export function makeStale(...more: string[]) {
  more.forEach((prefix) => prefixes.add(prefix));
  actTimer ??= setTimeout(() => {
    const now = [...prefixes];
    actTimer = undefined;
    prefixes = new Set();
    void client.invalidateQueries({
      predicate: ({ queryKey }) => {
        const path = String(queryKey[0]);
        // A preview is read anew only by its own name: it is what its reader decides by.
        if (path === previewPath) return now.includes(previewPath);
        return !isEvidence(path) && now.some((prefix) => path.startsWith(prefix));
      },
    });
  }, 400);
}
export const previewIsStale = () => previewChanged(() => true);
export const readPreviewAgain = () => makeStale(previewPath);

const roundMs = 2000;
const told = new Set<string>(); // hashes of the queries that the stream has made stale
let roundTimer: ReturnType<typeof setTimeout> | undefined;
let lastRound = 0;

// Of many events one round of asking. What is being read is not cut off, for then a slow answer would never arrive: it
// is asked again in a later round, as it may have been answered before the event.
function hear(about: About) {
  find(about).forEach(({ queryHash }) => told.add(queryHash));
  if (told.size > 0) roundTimer ??= setTimeout(round, Math.max(400, lastRound + roundMs - Date.now()));
}

function round() {
  lastRound = Date.now();
  roundTimer = undefined;
  const cache = client.getQueryCache();
  for (const hash of [...told]) {
    const query = cache.get(hash);
    if (query?.state.fetchStatus === "fetching") continue;
    told.delete(hash);
    if (query) void client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  }
  if (told.size > 0) roundTimer = setTimeout(round, roundMs);
}

// Whoever decides by it goes on seeing what they have read, and that it has changed.
const previewChanged = (about: About) =>
  find((path, parts) => path === previewPath && about(path, parts)).forEach(({ queryKey }) =>
    void client.invalidateQueries({ queryKey, exact: true, refetchType: "none" }),
  );

const afterDecision = new Set(["/v1/audit", "/v1/changes", "/v1/snoozes", "/v1/rules", "/v1/policy"]);

// An event says what it is about: nothing else is asked again.
export function followStream() {
  const ends = [
    onStream("alert", ({ alert, context }) => {
      const [shown] = find((path, { alert_id }) => path === "/v1/alerts/{alert_id}" && alert_id === alert.alert_id);
      const before = (shown?.state.data as AlertDetail | undefined)?.alert.revision;
      hear((path, { alert_id, case_id }) =>
        alert_id === alert.alert_id ? !isEvidence(path) || before !== alert.revision
        : case_id !== undefined && case_id === context.case_id);
    }),
    onStream("case", (of) => hear((path, { case_id }) => path === "/v1/cases" || case_id === of.case_id)),
    onStream("measure", (of) => {
      const accounts = new Set([...of.account_ids, ...(of.measure.target.account_ids ?? []), of.measure.target.account_id]);
      const waits = ["proposed", "adopted"].includes(of.state);
      hear((path, { measure_id, case_id, account_id }) =>
        path === "/v1/measures" || case_id === of.case_id ||
        (measure_id === of.measure_id && !(waits && path === previewPath)) ||
        (account_id !== undefined && accounts.has(account_id)));
      if (waits) previewChanged((_, { measure_id }) => measure_id === of.measure_id);
    }),
    onStream("decision", (of) =>
      hear((path, { measure_id, case_id }) =>
        afterDecision.has(path) ||
        (measure_id !== undefined && measure_id === of.measure_id && path !== previewPath) ||
        (case_id !== undefined && case_id === of.case_id))),
    onStream("alarm", () => hear((path) => ["/v1/overview", "/v1/canary", "/v1/audit"].includes(path))),
    onStream("reset", () => {
      hear((path) => path !== previewPath);
      previewChanged(() => true);
    }),
  ];
  return () => ends.forEach((end) => end());
}

export const useStreamState = () => useSyncExternalStore(streamState.subscribe, streamState.get);

let lastCounters: Counters | undefined;
onStream("counters", (counters) => {
  lastCounters = counters;
});

// The newest counters: of the stream, before its first of the overview.
export function useCounters(): Counters | undefined {
  const [told, setTold] = useState(lastCounters);
  useEffect(() => onStream("counters", setTold), []);
  const role = useContext(SessionContext)?.role;
  const asked = useGet("/v1/overview", undefined, undefined, { enabled: !told && role !== undefined && mayRead(role, "/v1/overview") });
  return told ?? asked.data?.counters;
}

// The engine's time, in which deadlines are said; before the first counters this machine's.
export function useNow(): () => Ns {
  const counters = useCounters();
  return () => counters?.clock_ts ?? `${Date.now()}000000`;
}
