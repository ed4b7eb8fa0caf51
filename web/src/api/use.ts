// Asking from a page: cached by TanStack Query, made stale by what the stream tells.
import { QueryClient, keepPreviousData, useQuery } from "@tanstack/react-query";
import { useContext, useEffect, useState, useSyncExternalStore } from "react";
import { SessionContext, mayRead } from "../session";
import { type Query, ApiError, api } from "./client";
import { onStream, streamState } from "./stream";
import type { Counters, GetAnswers, Ns } from "./types";

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
  options: { enabled?: boolean; keep?: boolean; refetchInterval?: number | false } = {},
) {
  return useQuery({
    queryKey: [path, parts ?? {}, query ?? {}],
    queryFn: ({ signal }) => api.get(path, parts, query, signal),
    enabled: options.enabled,
    refetchInterval: options.refetchInterval,
    placeholderData: options.keep ? keepPreviousData : undefined,
  });
}

const stale = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

// Several events a moment make one round of asking.
export function makeStale(...prefixes: string[]) {
  prefixes.forEach((prefix) => stale.add(prefix));
  timer ??= setTimeout(() => {
    timer = undefined;
    const now = [...stale];
    stale.clear();
    void client.invalidateQueries({
      predicate: ({ queryKey }) => now.some((prefix) => String(queryKey[0]).startsWith(prefix)),
    });
  }, 400);
}

export function followStream() {
  const ends = [
    onStream("alert", () => makeStale("/v1/alerts/{alert_id}", "/v1/cases/{case_id}")),
    onStream("case", () => makeStale("/v1/cases")),
    onStream("measure", () => makeStale("/v1/measures", "/v1/cases/{case_id}", "/v1/accounts/{account_id}")),
    onStream("decision", () => makeStale("/v1/measures/{measure_id}", "/v1/cases/{case_id}", "/v1/audit", "/v1/changes", "/v1/snoozes", "/v1/rules", "/v1/policy")),
    onStream("alarm", () => makeStale("/v1/overview", "/v1/canary", "/v1/audit")),
    onStream("reset", () => makeStale("/v1/")),
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
