// The small parts of every page.
import {
  type ButtonHTMLAttributes,
  type ReactNode,
  useEffect,
  useId,
  useRef,
} from "react";
import { ApiError } from "../api/client";
import type { AlertContext, Maturity, Ns, Severity } from "../api/types";
import * as format from "../format";
import { Link } from "../router";
import { useLanguage, useText, useWord } from "../text";

export function Num({ value, unit }: { value: string | number; unit?: string }) {
  const language = useLanguage();
  const text = format.decimal(String(value), language);
  return (
    <span className="num" title={String(value)}>
      {text}
      {unit ? ` ${unit}` : ""}
    </span>
  );
}

export function Time({ ns, only }: { ns: Ns | undefined; only?: "clock" | "second" | "day" }) {
  const text =
    only === "clock" ? format.clockTime(ns)
    : only === "second" ? format.toSecond(ns)
    : only === "day" ? format.toDay(ns)
    : format.instant(ns);
  return (
    <time className="num" dateTime={format.exact(ns).split(" ")[0]} title={format.exact(ns)}>
      {text}
    </time>
  );
}

// Of a token the beginning: it is there to be recognised and revealed, not read.
export function Value({ text }: { text: string }) {
  if (!format.isToken(text)) return text;
  return (
    <span className="id together" title={text}>
      {text.slice(0, 12)}…
    </span>
  );
}

const shapes: Record<Severity, string> = { low: "▽", medium: "◇", high: "△", critical: "▲" };

export function SeverityMark({ severity }: { severity: Severity }) {
  const t = useText();
  return (
    <span className={`severity ${severity}`}>
      <span aria-hidden="true">{shapes[severity]}</span> {t(`severity.${severity}`)}
    </span>
  );
}

export function Score({ value }: { value: number }) {
  return (
    <span className="score">
      <span className="num">{value}</span>
      <span className="track" aria-hidden="true">
        <span className="fill" style={{ width: `${value}%` }} />
      </span>
    </span>
  );
}

export function State({ word }: { word: string }) {
  const words = useWord();
  return <span className={`state ${word}`}>{words("state", word)}</span>;
}

export function MaturityMark({ maturity }: { maturity: Maturity }) {
  const t = useText();
  if (maturity === "stable") return null;
  return (
    <span className="tag shadow" title={t("shadow.why")}>
      {t(`maturity.${maturity}`)}
    </span>
  );
}

// In a dense row: the sign alone, its meaning on hovering and for readers of screens.
export function ShadowMark({ maturity }: { maturity: Maturity }) {
  const t = useText();
  const text = maturity === "stable" ? t("shadow") : t(`maturity.${maturity}`);
  return (
    <span className="tag shadow mark" title={`${text}. ${t("shadow.why")}`}>
      <span aria-hidden="true">◌</span>
      <span className="unseen">{text}</span>
    </span>
  );
}

export function ContextTags({ context, dense }: { context?: AlertContext; dense?: boolean }) {
  const t = useText();
  if (!context) return null;
  return (
    <>
      {context.shadow && (
        <span className="tag shadow" title={t("shadow.why")}>
          {t("shadow")}
        </span>
      )}
      {context.snoozed_until_ts && (
        <span className="tag" title={format.exact(context.snoozed_until_ts)}>
          {t("snoozed")}
        </span>
      )}
      {context.restricted && (
        <span className={`tag warn ${dense ? "mark" : ""}`} title={dense ? `${t("restricted")}. ${t("restricted.why")}` : t("restricted.why")}>
          {dense && <span aria-hidden="true">⊘</span>}
          <span className={dense ? "unseen" : ""}>{t("restricted")}</span>
        </span>
      )}
    </>
  );
}

const pagesOf: Record<string, string> = { "a-": "alerts", "c-": "cases", "m-": "measures", "g-": "groups" };

// Also of what somebody typed: whatever it is, it is one part of the path.
export const pathFor = (id: string) => `/${pagesOf[id.slice(0, 2)] ?? "accounts"}/${encodeURIComponent(id)}`;

export function Id({ id }: { id: string }) {
  return (
    <Link className="id" to={pathFor(id)}>
      {id}
    </Link>
  );
}
export const AccountId = ({ id }: { id: string }) => (
  <Link className="id" to={`/accounts/${encodeURIComponent(id)}`}>
    {id}
  </Link>
);

export function Ids({ ids, most = 3, account }: { ids: string[]; most?: number; account?: boolean }) {
  const t = useText();
  return (
    <>
      {ids.slice(0, most).map((id, i) => (
        <span key={id}>
          {i > 0 && ", "}
          {account ? <AccountId id={id} /> : <Id id={id} />}
        </span>
      ))}
      {ids.length > most && <span className="quiet"> {t("more", { n: ids.length - most })}</span>}
    </>
  );
}

// What may not be done is shown with its reason; it stays reachable by keyboard, so the reason is too.
export function Button({
  denied,
  primary,
  danger,
  hint,
  children,
  onClick,
  ...rest
}: {
  denied?: string;
  primary?: boolean;
  danger?: boolean;
  hint?: string;
} & ButtonHTMLAttributes<HTMLButtonElement>) {
  const id = useId();
  const kind = danger ? "danger" : primary ? "primary" : "";
  return (
    <>
      <button
        type="button"
        className={kind}
        aria-disabled={denied ? true : undefined}
        aria-describedby={denied ? id : undefined}
        title={denied}
        onClick={denied ? (event) => event.preventDefault() : onClick}
        {...rest}
      >
        {children}
        {hint && <kbd aria-hidden="true">{hint}</kbd>}
      </button>
      {denied && (
        <span id={id} className="unseen">
          {denied}
        </span>
      )}
    </>
  );
}

export function Dialog({
  title,
  onClose,
  children,
  wide,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const t = useText();
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    // What is to be filled in first, not the button that closes it.
    ref.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => before?.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      className={wide ? "wide" : ""}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" className="plain" aria-label={t("close")} onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function Field({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {note && <small>{note}</small>}
    </label>
  );
}

export function Panel({
  title,
  aside,
  children,
  className = "",
  id,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  id?: string;
}) {
  return (
    <section className={`panel ${className}`} id={id}>
      <header>
        <h2>{title}</h2>
        {aside && <div className="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

// Of a table's columns; of numbers to the right.
export function Heads({ names }: { names: (string | [string, "right"])[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (typeof name === "string" ? <th key={name}>{name}</th> : <th key={name[0]} className="right">{name[0]}</th>))}
      </tr>
    </thead>
  );
}

export function Facts({ rows }: { rows: [ReactNode, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value], i) => (
        <div key={i}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

export function Loading() {
  const t = useText();
  return (
    <div className="loading" role="status">
      {t("loading")}
    </div>
  );
}

export function useErrorText() {
  const t = useText();
  const words = useWord();
  return (fault: unknown): string => {
    if (!(fault instanceof ApiError)) return String(fault);
    if (fault.code === "unreachable") return t("error.unreachable");
    const known = words("refusal", fault.code);
    const field = fault.field ? ` (${fault.field})` : "";
    return fault.status === 409 ? known + field : `${fault.message}${field}`;
  };
}

export function Fault({ fault, retry }: { fault: unknown; retry?: () => void }) {
  const t = useText();
  const text = useErrorText();
  const status = fault instanceof ApiError && fault.status > 0 ? ` · ${fault.status} ${fault.code}` : "";
  return (
    <div className="fault" role="alert">
      <strong>{t("error.title")}</strong>
      <span>
        {text(fault)}
        <span className="quiet">{status}</span>
      </span>
      {retry && <Button onClick={retry}>{t("retry")}</Button>}
    </div>
  );
}

// What is wrong with what was filled in, and what the service did not take.
export function Complaint({ text, fault }: { text?: string; fault?: unknown }) {
  return (
    <>
      {text && (
        <p className="complaint" role="alert">
          {text}
        </p>
      )}
      {fault !== undefined && <Fault fault={fault} />}
    </>
  );
}

interface Asked<T> {
  data?: T;
  error: unknown;
  refetch: () => unknown;
}
// What it would be told from is gone for its age: as it should be, and not to be tried again.
export const isDropped = (fault: unknown) => fault instanceof ApiError && fault.code === "dropped";

export function Dropped() {
  const t = useText();
  return <Empty>{t("error.dropped")}</Empty>;
}

export function Answer<T>({ of, children }: { of: Asked<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (isDropped(of.error)) return <Dropped />;
  if (of.error) return <Fault fault={of.error} retry={() => of.refetch()} />;
  return <Loading />;
}

// Where the page was that was shown last.
let shownAt: string | undefined;

export function Page({
  title,
  marks,
  actions,
  children,
  className = "",
}: {
  title: ReactNode;
  marks?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    // A new page is read from its beginning, wherever the link was; who types already is not disturbed.
    const moved = shownAt !== undefined && shownAt !== location.pathname;
    shownAt = location.pathname;
    if (moved && !document.activeElement?.closest("input, textarea, select, dialog")) ref.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main ref={ref} id="main" tabIndex={-1} className={className} aria-labelledby="page-title">
      <header className="page-head">
        <h1 id="page-title">{title}</h1>
        <div className="marks">{marks}</div>
        <div className="actions">{actions}</div>
      </header>
      {children}
    </main>
  );
}
