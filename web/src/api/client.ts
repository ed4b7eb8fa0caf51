// Asking the service. Nanoseconds cross as digits, because a number would round them.
import type { DeleteAnswers, GetAnswers, PostAnswers, PostBodies, Session } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

// A quote inside a JSON string is escaped, so that `ts":` ends a key and nothing else.
export function parseJson<T>(text: string): T {
  return JSON.parse(text.replace(/((?:_|")ts":\s?)(\d+)/g, '$1"$2"')) as T;
}

export function writeJson(value: unknown): string {
  return JSON.stringify(value).replace(/((?:_|")ts":)"(\d+)"/g, "$1$2");
}

let session: Session | undefined;
export const setSession = (opened: Session) => {
  session = opened;
};

let onSignedOut: () => void = () => {};
export const whenSignedOut = (act: () => void) => {
  onSignedOut = act;
};

function signedOut() {
  session = undefined;
  onSignedOut();
}

type Value = string | number | boolean | undefined | readonly string[];
export type Query = Record<string, Value>;

export function pathOf(template: string, parts: Record<string, string> = {}, query: Query = {}) {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parts[name] ?? ""),
  );
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(",") : value;
    if (text !== undefined && text !== "") asked.set(key, String(text));
  }
  const text = asked.toString();
  return text ? `${path}?${text}` : path;
}

// Whether it is still the same person's. Another tab may have signed in anew, which changes the token, or as somebody
// else: then this tab is nobody's any more.
export async function lookAtSession(): Promise<boolean> {
  const before = session?.user_id;
  const now = await ask<Session>("GET", "/v1/session");
  if (now.user_id !== before) {
    signedOut();
    return false;
  }
  session = now;
  return true;
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, again = true): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = session?.csrf_token ?? "";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : writeJson(body),
      signal,
      credentials: "same-origin",
    });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new ApiError(0, "unreachable", "The service cannot be reached.");
  }
  const text = await answer.text();
  if (answer.ok) return (text ? parseJson<T>(text) : undefined) as T;
  let error = { code: `http_${answer.status}`, message: answer.statusText, field: undefined };
  try {
    error = (parseJson<{ error: typeof error }>(text)).error;
  } catch {
    // Not the service's own: a proxy's page, say.
  }
  if (answer.status === 401 && error.code === "unauthenticated") signedOut();
  // It was refused before anything was done, so it may be sent again.
  if (answer.status === 403 && error.code === "csrf" && session && again && (await lookAtSession())) {
    return ask<T>(method, path, body, signal, false);
  }
  throw new ApiError(answer.status, error.code, error.message, error.field);
}

export const api = {
  get: <P extends keyof GetAnswers>(
    path: P,
    parts?: Record<string, string>,
    query?: Query,
    signal?: AbortSignal,
  ) => ask<GetAnswers[P]>("GET", pathOf(path, parts, query), undefined, signal),
  post: <P extends keyof PostAnswers>(
    path: P,
    body: PostBodies[P],
    parts?: Record<string, string>,
  ) => ask<PostAnswers[P]>("POST", pathOf(path, parts), body),
  delete: <P extends keyof DeleteAnswers>(path: P, parts?: Record<string, string>) =>
    ask<DeleteAnswers[P]>("DELETE", pathOf(path, parts)),
};
