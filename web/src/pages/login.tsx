// Signing in, and the first administrator by the set-up link.
import { type FormEvent, useState } from "react";
import { ApiError, api } from "../api/client";
import type { Session } from "../api/types";
import { go } from "../router";
import { useText } from "../text";
import { Complaint, Field } from "../ui/kit";

function Alone({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <main id="main" className="alone">
      <div className="sign">
        <h1>
          <img src="/icon.svg" alt="" width={28} height={28} /> Marktwacht
        </h1>
        <h2>{title}</h2>
        {children}
      </div>
    </main>
  );
}

export function Login({ enter }: { enter: (session: Session) => void }) {
  const t = useText();
  const [fields, setFields] = useState({ user_id: "", password: "", totp: "" });
  const [needsCode, setNeedsCode] = useState(false);
  const [complaint, setComplaint] = useState("");
  const [fault, setFault] = useState<unknown>();
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setComplaint("");
    setFault(undefined);
    try {
      const { totp, ...rest } = fields;
      enter(await api.post("/v1/login", totp ? fields : rest));
    } catch (caught) {
      if (caught instanceof ApiError && caught.status === 401) {
        if (caught.field === "totp" && !needsCode) return setNeedsCode(true);
        return setComplaint(t("login.wrong"));
      }
      if (caught instanceof ApiError && caught.status === 429) return setComplaint(t("login.slow"));
      setFault(caught);
    }
  };
  return (
    <Alone title={t("login.title")}>
      <form onSubmit={send}>
        <Field label={t("login.user")}>
          <input name="user_id" autoComplete="username" autoFocus required value={fields.user_id} onChange={set("user_id")} />
        </Field>
        <Field label={t("login.password")}>
          <input name="password" type="password" autoComplete="current-password" required value={fields.password} onChange={set("password")} />
        </Field>
        {needsCode && (
          <Field label={t("login.totp")} note={t("login.totp.note")}>
            <input name="totp" inputMode="numeric" autoComplete="one-time-code" autoFocus value={fields.totp} onChange={set("totp")} />
          </Field>
        )}
        <Complaint text={complaint} fault={fault} />
        <button type="submit" className="primary">
          {t("login.do")}
        </button>
      </form>
    </Alone>
  );
}

export function Setup({ token, enter }: { token: string; enter: (session: Session) => void }) {
  const t = useText();
  const [fields, setFields] = useState({ user_id: "", password: "", again: "" });
  const [complaint, setComplaint] = useState("");
  const [fault, setFault] = useState<unknown>();
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setFault(undefined);
    if (fields.password.length < 12) return setComplaint(t("setup.short"));
    if (fields.password !== fields.again) return setComplaint(t("setup.differs"));
    setComplaint("");
    try {
      const opened = await api.post("/v1/setup", {
        token,
        user_id: fields.user_id,
        password: fields.password,
      });
      enter(opened);
      go("/users", true);
    } catch (caught) {
      setFault(caught);
    }
  };
  return (
    <Alone title={t("setup.title")}>
      <form onSubmit={send}>
        <p>{t("setup.note")}</p>
        <Field label={t("login.user")}>
          <input name="user_id" autoComplete="username" autoFocus required value={fields.user_id} onChange={set("user_id")} />
        </Field>
        <Field label={t("login.password")} note={t("setup.short")}>
          <input name="password" type="password" autoComplete="new-password" required value={fields.password} onChange={set("password")} />
        </Field>
        <Field label={t("setup.again")}>
          <input name="again" type="password" autoComplete="new-password" required value={fields.again} onChange={set("again")} />
        </Field>
        <Complaint text={complaint} fault={fault} />
        <button type="submit" className="primary">
          {t("setup.do")}
        </button>
      </form>
    </Alone>
  );
}
