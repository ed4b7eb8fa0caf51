// Deciding: every act is one `decision` with a compulsory reason; what a role may not do says why.
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ApiError, api } from "../api/client";
import type { Decision, DecisionAnswer, DecisionKind } from "../api/types";
import { makeStale, previewIsStale, readPreviewAgain } from "../api/use";
import { rolesFor, useSession } from "../session";
import { type Key, useText, useWord } from "../text";
import { FormDialog } from "./form_dialog";
import { Button, Dialog, Field, useErrorText } from "./kit";

// --- short messages at the edge of the screen
let messages: { id: number; text: string }[] = [];
const watchers = new Set<() => void>();
let nextId = 1;

export function say(text: string) {
  const id = nextId++;
  messages = [...messages, { id, text }];
  watchers.forEach((tell) => tell());
  setTimeout(() => {
    messages = messages.filter((message) => message.id !== id);
    watchers.forEach((tell) => tell());
  }, 6000);
}

export function Messages() {
  const now = useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => messages,
  );
  return (
    <div className="messages" role="status" aria-live="polite">
      {now.map((message) => (
        <div key={message.id}>{message.text}</div>
      ))}
    </div>
  );
}

export const everythingDecided = () =>
  makeStale("/v1/alerts/{alert_id}", "/v1/cases", "/v1/measures", "/v1/groups", "/v1/accounts",
    "/v1/snoozes", "/v1/changes", "/v1/rules", "/v1/policy", "/v1/audit", "/v1/overview", "/v1/users", "/v1/tokens", "/v1/keys");

// Why this role may not; undefined: it may.
export function useDenied() {
  const { role } = useSession();
  const t = useText();
  return (kind: DecisionKind): string | undefined => {
    const roles = rolesFor(kind);
    if (roles.includes(role)) return undefined;
    return t("denied.role", {
      role: t(`role.${role}`),
      roles: roles.map((each) => t(`role.${each}`)).join(", "),
    });
  };
}

export function Act({
  kind,
  label,
  denied,
  hint,
  primary,
  danger,
  onClick,
}: {
  kind: DecisionKind;
  label: Key;
  denied?: string;
  hint?: string;
  primary?: boolean;
  danger?: boolean;
  onClick: () => void;
}) {
  const t = useText();
  const why = useDenied()(kind) ?? denied;
  return (
    <Button denied={why} hint={hint} primary={primary} danger={danger} onClick={onClick} data-act={kind}>
      {t(label)}
    </Button>
  );
}

export interface Asked {
  title: string;
  kind: DecisionKind;
  body: Omit<Decision, "kind" | "reason">;
  danger?: boolean;
  note?: ReactNode;
  // More fields of the form, and what they add to the decision.
  fields?: ReactNode;
  more?: () => Partial<Decision> | string;
  // The same about each of several, whose ids they are by.
  several?: { id: string; body: Omit<Decision, "kind" | "reason"> }[];
  reason?: string;
  onDone?: (answer: DecisionAnswer) => void;
  onDoneSeveral?: (ids: string[]) => void;
}

// It is not about the one thing that was decided: the next one would be answered alike.
const endsAll = (fault: unknown) =>
  !(fault instanceof ApiError) || [0, 401, 403, 429].includes(fault.status) || fault.status >= 500;

export function DecisionDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const t = useText();
  const words = useWord();
  const session = useSession();
  const [reason, setReason] = useState(asked.reason ?? "");
  const [totp, setTotp] = useState("");
  const [fault, setFault] = useState<unknown>();
  const [complaint, setComplaint] = useState("");
  const [busy, setBusy] = useState(false);
  // What `reveal` shows stays until the dialog is closed, and nowhere else.
  const [shown, setShown] = useState<string>();
  // Of several: those that are still to be decided, and why those that were refused were.
  const left = useRef(asked.several ?? []);
  const [refused, setRefused] = useState<{ id: string; fault: unknown }[]>([]);
  const [progress, setProgress] = useState("");
  const errorText = useErrorText();
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  const needsCode = ["approve", "approve_change", "erase"].includes(asked.kind) && session.totp;

  // One after the other, until something ends all or the dialog is closed; what is left can be sent again.
  const sendSeveral = async (decision: Pick<Decision, "kind" | "reason">) => {
    const wanted = left.current;
    const accepted: string[] = [];
    const failed: typeof refused = [];
    let ended: unknown;
    let at = 0;
    setRefused([]);
    for (; at < wanted.length && open.current && ended === undefined; at++) {
      const { id, body } = wanted[at]!;
      setProgress(t("act.progress", { n: at, all: wanted.length }));
      try {
        await api.post("/v1/decisions", { ...decision, ...body });
        accepted.push(id);
      } catch (fault) {
        if (endsAll(fault)) ended = fault;
        else failed.push({ id, fault });
      }
    }
    const stopped = accepted.length + failed.length < wanted.length;
    left.current = wanted.filter(({ id }) => !accepted.includes(id));
    const done = t("act.done.many", { n: accepted.length, failed: failed.length });
    const told = stopped ? `${t("act.stopped", { n: accepted.length + failed.length, all: wanted.length })} ${done}` : done;
    say(told);
    setProgress(stopped ? told : "");
    setRefused(failed);
    if (accepted.length > 0) asked.onDoneSeveral?.(accepted);
    if (ended !== undefined) throw ended;
    if (failed.length === 0 && open.current) onClose();
    everythingDecided();
  };

  const act = async () => {
    if (!reason.trim()) return setComplaint(t("reason.missing"));
    const more = asked.more?.() ?? {};
    if (typeof more === "string") return setComplaint(more);
    setComplaint("");
    setFault(undefined);
    setBusy(true);
    const decision = { kind: asked.kind, reason: reason.trim(), ...more, ...(needsCode && { totp }) };
    const what = words("decision", asked.kind);
    try {
      if (asked.several) return await sendSeveral(decision);
      const answer = await api.post("/v1/decisions", { ...decision, ...asked.body });
      say(answer.change_id && asked.kind === "erase" ? t("erase.pending", { id: answer.change_id }) : t("act.done", { what }));
      asked.onDone?.(answer);
      if (asked.kind === "reveal") {
        everythingDecided();
        return setShown(answer.value ?? t("reveal.nothing"));
      }
      everythingDecided();
      readPreviewAgain();
      onClose();
    } catch (caught) {
      setFault(caught);
      everythingDecided();
      if (caught instanceof ApiError && caught.code === "stale") previewIsStale();
    } finally {
      setBusy(false);
    }
  };

  if (shown !== undefined) {
    return (
      <Dialog title={asked.title} onClose={onClose}>
        <p>
          <code className="secret">{shown}</code>
        </p>
        <footer>
          <Button onClick={onClose}>{t("close")}</Button>
        </footer>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={asked.title}
      submit={asked.several && left.current.length < asked.several.length ? `${t("retry")}: ${left.current.length}` : asked.title}
      danger={asked.danger}
      busy={busy}
      complaint={complaint}
      fault={fault}
      after={
        <>
          {progress && <p role="status">{progress}</p>}
          {refused.length > 0 && (
            <div className="complaint" role="alert">
              {t("act.refused.still", { n: refused.length })}
              <ul className="refused">
                {refused.map(({ id, fault }) => (
                  <li key={id}>
                    <strong>{id}</strong> {errorText(fault)}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      }
      act={act}
      onClose={onClose}
    >
      {asked.note && <p>{asked.note}</p>}
      {asked.fields}
      <Field label={t("reason")} note={t("reason.note")}>
        <textarea
          name="reason"
          rows={3}
          value={reason}
          autoFocus
          aria-required="true"
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.form?.requestSubmit();
            }
          }}
        />
      </Field>
      {needsCode && (
        <Field label={t("login.totp")} note={t("login.totp.note")}>
          <input
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={totp}
            onChange={(event) => setTotp(event.target.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}

// `ask` opens the dialog; `dialog` is to be rendered.
export function useDecision() {
  const [asked, ask] = useState<Asked>();
  const dialog = asked ? <DecisionDialog asked={asked} onClose={() => ask(undefined)} /> : null;
  return { ask, dialog };
}
