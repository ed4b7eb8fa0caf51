// An act that is no decision of the engine's, in a dialog that names what it is about; with a compulsory reason where
// the API takes one.
import { type ReactNode, useState } from "react";
import { useText } from "../text";
import { FormDialog } from "./form_dialog";
import { Field } from "./kit";

export interface SureAsked {
  title: string;
  note?: ReactNode;
  danger?: boolean;
  unreasoned?: boolean; // the API takes no reason
  act: (reason: string) => Promise<unknown>;
}

export function SureDialog({ asked, onClose }: { asked: SureAsked; onClose: () => void }) {
  const t = useText();
  const [reason, setReason] = useState("");
  const [complaint, setComplaint] = useState("");
  const [fault, setFault] = useState<unknown>();
  const act = async () => {
    if (!asked.unreasoned && !reason.trim()) return setComplaint(t("reason.missing"));
    setComplaint("");
    setFault(undefined);
    try {
      await asked.act(reason.trim());
      onClose();
    } catch (caught) {
      setFault(caught);
    }
  };
  return (
    <FormDialog title={asked.title} danger={asked.danger} complaint={complaint} fault={fault} act={act} onClose={onClose}>
      {asked.note && <p>{asked.note}</p>}
      {!asked.unreasoned && (
        <Field label={t("reason")} note={t("reason.note")}>
          <textarea name="reason" rows={3} value={reason} aria-required="true" onChange={(event) => setReason(event.target.value)} />
        </Field>
      )}
    </FormDialog>
  );
}

// `ask` opens the dialog; `dialog` is to be rendered.
export function useSure() {
  const [asked, ask] = useState<SureAsked>();
  const dialog = asked ? <SureDialog asked={asked} onClose={() => ask(undefined)} /> : null;
  return { ask, dialog };
}
