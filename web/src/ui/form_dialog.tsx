// The frame of every dialog that asks: what is to be filled in, what went wrong, cancelling and sending.
import { type FormEvent, type ReactNode } from "react";
import { useText } from "../text";
import { Button, Complaint, Dialog } from "./kit";
import { useOnce } from "./once";

export function FormDialog({ title, submit = title, danger, busy, complaint, fault, after, act, onClose, children }: {
  title: string;
  submit?: string;
  danger?: boolean;
  busy?: boolean;
  complaint?: string;
  fault?: unknown;
  after?: ReactNode; // what came of sending, below what went wrong
  act: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useText();
  // At once, unlike `busy`: the engine takes an act that is sent twice as two.
  const once = useOnce();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void once(act);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={send}>
        {children}
        <Complaint text={complaint} fault={fault} />
        {after}
        <footer>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <button type="submit" className={danger ? "danger" : "primary"} disabled={busy}>
            {submit}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
