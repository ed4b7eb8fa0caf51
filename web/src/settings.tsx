// Theme, density and language: kept in the browser, put on <html> before the first paint (theme.js).
import { useSyncExternalStore } from "react";
import type { Language } from "./format";

export interface Settings {
  theme: "light" | "dark";
  density: "compact" | "roomy";
  language: Language;
}

const root = document.documentElement;
let now: Settings = {
  theme: root.dataset.theme === "dark" ? "dark" : "light",
  density: root.dataset.density === "roomy" ? "roomy" : "compact",
  language: root.lang === "de" ? "de" : "en",
};
const watchers = new Set<() => void>();

export function setSettings(changes: Partial<Settings>) {
  now = { ...now, ...changes };
  root.dataset.theme = now.theme;
  root.dataset.density = now.density;
  root.lang = now.language;
  try {
    localStorage.setItem("marktwacht", JSON.stringify(now));
  } catch {
    // Private mode: it holds until the page is left.
  }
  watchers.forEach((tell) => tell());
}

export const useSettings = () =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => now,
  );
