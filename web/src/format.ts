// Numbers and times as text. Amounts stay the API's digits: grouped, never through a float.
import type { Ns } from "./api/types";

export type Language = "en" | "de";

const marks = { en: { group: ",", point: "." }, de: { group: ".", point: "," } };

export function decimal(text: string, language: Language): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) return text;
  const [, sign = "", whole = "", part] = found;
  const { group, point } = marks[language];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
  return (sign ? "−" : "") + grouped + (part ? point + part : "");
}

// What a person typed, as the API's digits; undefined: it is no number. Read as it is shown: in German 1.000 is a
// thousand. A dot or comma that stands where no group ends is no guess of ours: 1.5 is no German number.
export function typed(text: string, language: Language): string | undefined {
  const { group, point } = marks[language];
  const found = new RegExp(`^(\\d+|[1-9]\\d{0,2}(?:[${group}]\\d{3})+)(?:[${point}](\\d+))?$`).exec(text.trim());
  if (!found) return undefined;
  const whole = (found[1] ?? "").replaceAll(group, "").replace(/^0+(?=\d)/, "");
  const part = (found[2] ?? "").replace(/0+$/, "");
  return part ? `${whole}.${part}` : whole;
}

// As one would type it: without groups.
export const toType = (digits: string, language: Language) => digits.replace(".", marks[language].point);

export const count = (value: number, language: Language) => decimal(String(value), language);

// For the length of a bar only.
export function share(value: string, of: string): number {
  const a = Math.abs(Number(value));
  const b = Math.abs(Number(of));
  return b > 0 && Number.isFinite(a) ? a / b : 0;
}

// A time that an answer lacks is a dash: a page does not fall over one.
const missing = "–";
const dateOf = (ns: Ns) => new Date(Number(BigInt(ns) / 1_000_000n));

// 2025-10-27 00:04:35.129
export function instant(ns: Ns | undefined): string {
  if (ns === undefined) return missing;
  return dateOf(ns).toISOString().replace("T", " ").slice(0, 23);
}
export const toSecond = (ns: Ns | undefined) => instant(ns).slice(0, 19);
export const toDay = (ns: Ns | undefined) => instant(ns).slice(0, 10);
export const clockTime = (ns: Ns | undefined) => (ns === undefined ? missing : instant(ns).slice(11, 19));

// Every digit: 2025-10-27T00:04:35.129000000Z · 1761523475129000000 ns
export function exact(ns: Ns | undefined): string {
  if (ns === undefined) return missing;
  const seconds = dateOf(ns).toISOString().slice(0, 19);
  return `${seconds}.${ns.padStart(9, "0").slice(-9)}Z · ${ns} ns`;
}

export const seconds = (ns: Ns | undefined) => (ns === undefined ? NaN : Number(BigInt(ns) / 1000n) / 1e6);
export const addSeconds = (ns: Ns, more: number): Ns =>
  String(BigInt(ns) + BigInt(Math.round(more)) * 1_000_000_000n);

// 3 d 4 h · 12 min · 45 s: the two largest units.
export function span(totalSeconds: number): string {
  const s = Math.abs(Math.round(totalSeconds));
  const parts: [number, string][] = [
    [Math.floor(s / 86400), "d"],
    [Math.floor(s / 3600) % 24, "h"],
    [Math.floor(s / 60) % 60, "min"],
    [s % 60, "s"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

export const secondsBetween = (from: Ns | undefined, to: Ns | undefined) => Math.round((seconds(to) - seconds(from)) * 1000) / 1000;

// Of personal data where there is a vault: docs/privacy.md, "Tokens" and "Texts".
export const isToken = (text: string) => /^(?:[0-9a-f]{64}|[0-9a-f]{31}\.[0-9a-f]{32}|c\.[0-9a-f]{64}.*)$/.test(text);
