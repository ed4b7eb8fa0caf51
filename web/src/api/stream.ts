// What the service tells by itself: one EventSource for the whole console, opened anew when it ends.
import { lookAtSession, parseJson } from "./client";
import type { Alarm, AlertView, Case, Counters, Measure, Outcome } from "./types";

export interface StreamEvents {
  alert: AlertView;
  case: Case;
  measure: Measure;
  decision: Outcome;
  counters: Counters;
  alarm: Alarm;
  reset: Record<string, never>;
}
export type StreamState = "connecting" | "live" | "lost";

type Name = keyof StreamEvents;
type Listener = (data: never) => void;

const listeners = new Map<Name, Set<Listener>>();
const stateListeners = new Set<() => void>();
let state: StreamState = "connecting";
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let wait = 1000;
let wanted = false;
let missed = false; // something may have been told while there was no connection
let resting: ReturnType<typeof setTimeout> | undefined;
const restAfterMs = 10_000;

function setState(next: StreamState) {
  if (state === next) return;
  state = next;
  stateListeners.forEach((tell) => tell());
}

export function openStream() {
  wanted = true;
  if (source || retry) return;
  const opened = new EventSource("/v1/stream");
  source = opened;
  restWhileHidden();
  opened.onopen = () => {
    // Whatever was missed meanwhile, the pages ask for anew.
    if (missed) emit("reset", {});
    missed = false;
    wait = 1000;
    setState("live");
  };
  opened.onerror = () => {
    missed = true;
    setState("lost");
    // A browser gives up for good on some answers (503 while restarting): then it is for us.
    if (opened.readyState === EventSource.CLOSED) {
      source = undefined;
      // The session may be over: then nothing that is tried again helps.
      lookAtSession().catch(() => {});
      retry = setTimeout(() => {
        retry = undefined;
        openStream();
      }, wait);
      wait = Math.min(wait * 2, 10_000);
    }
  };
  for (const name of ["alert", "case", "measure", "decision", "counters", "alarm", "reset"] as const) {
    opened.addEventListener(name, (event) => emit(name, parseJson((event as MessageEvent).data)));
  }
}

function rest() {
  source?.close();
  source = undefined;
  clearTimeout(retry);
  clearTimeout(resting);
  retry = resting = undefined;
  setState("connecting");
}

export function closeStream() {
  wanted = missed = false;
  rest();
}

// A browser opens six connections to a service: tabs that nobody looks at leave theirs to the others.
function restWhileHidden() {
  clearTimeout(resting);
  if (!document.hidden) return;
  resting = setTimeout(() => {
    missed = true;
    rest();
  }, restAfterMs);
}

document.addEventListener("visibilitychange", () => {
  if (!wanted) return;
  restWhileHidden();
  if (!document.hidden) openStream();
});

function emit<N extends Name>(name: N, data: StreamEvents[N]) {
  listeners.get(name)?.forEach((tell) => tell(data as never));
}

export function onStream<N extends Name>(name: N, tell: (data: StreamEvents[N]) => void) {
  let set = listeners.get(name);
  if (!set) listeners.set(name, (set = new Set()));
  set.add(tell as Listener);
  return () => {
    set.delete(tell as Listener);
  };
}

export const streamState = {
  get: () => state,
  subscribe: (tell: () => void) => {
    stateListeners.add(tell);
    return () => {
      stateListeners.delete(tell);
    };
  },
};
