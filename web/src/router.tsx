// Deep links: the path is the page, the query its state.
import { type AnchorHTMLAttributes, type MouseEvent, useCallback, useMemo, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((each) => each());
addEventListener("popstate", tell);

export function go(to: string, replace = false) {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  tell();
}

// Of a path that somebody typed: what is no encoding stands for itself.
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const subscribe = (each: () => void) => {
  listeners.add(each);
  return () => {
    listeners.delete(each);
  };
};

export function useLocation() {
  const at = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => {
    const url = new URL(at, location.origin);
    return { at, path: url.pathname, query: url.searchParams };
  }, [at]);
}

// Some of the query's values, and a setter that leaves the others and makes no new history.
export function useQuery() {
  const { path, query } = useLocation();
  const set = useCallback(
    (changes: Record<string, string | undefined>) => {
      const next = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(changes)) {
        if (value) next.set(key, value);
        else next.delete(key);
      }
      const text = next.toString();
      go(text ? `${path}?${text}` : path, true);
    },
    [path],
  );
  return [query, set] as const;
}

export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a href={to} onClick={click} {...rest} />;
}
