// Users, tokens, and what waits for a second administrator; one's own one-time codes for everybody.
import { type FormEvent, useContext, useState } from "react";
import { api } from "../api/client";
import type { Policy, Role, Token, User } from "../api/types";
import { makeStale, useGet } from "../api/use";
import { RenewSession, useSession } from "../session";
import { useText, useWord } from "../text";
import { Act, say, useDecision } from "../ui/decide";
import { FormDialog } from "../ui/form_dialog";
import { Answer, Button, Fault, Field, Page, Panel, Time } from "../ui/kit";
import { useSure } from "../ui/sure";

const roles: Role[] = ["viewer", "analyst", "approver", "operator", "administrator"];

function Codes() {
  const t = useText();
  const session = useSession();
  const [secret, setSecret] = useState<{ secret: string; uri: string }>();
  const [code, setCode] = useState("");
  const [own, setOwn] = useState({ password_now: "", totp: "" });
  const [fault, setFault] = useState<unknown>();
  const renew = useContext(RenewSession);
  const attempt = (act: () => Promise<unknown>) => {
    setFault(undefined);
    act().catch(setFault);
  };
  return (
    <Panel title={t("users.totp")}>
      <p>{session.totp ? t("users.totp.on") : t("users.totp.off")}</p>
      {secret ? (
        <>
          <p>{t("users.totp.secret")}</p>
          <p>
            <code className="secret">{secret.secret}</code>
          </p>
          <div className="filters">
            <label>
              {t("login.totp")} <input size={8} inputMode="numeric" value={code} onChange={(event) => setCode(event.target.value)} />
            </label>
            <Button
              primary
              onClick={() =>
                attempt(async () => {
                  await api.post("/v1/totp/confirm", { totp: code });
                  setSecret(undefined);
                  renew(); // an approval asks for a code from now on
                })
              }
            >
              {t("users.totp.confirm")}
            </Button>
          </div>
        </>
      ) : (
        <form
          className="form-grid"
          onSubmit={(event) => {
            event.preventDefault();
            const { totp, password_now } = own;
            attempt(async () => setSecret(await api.post("/v1/totp", session.totp ? own : { password_now })));
            setOwn({ password_now: "", totp });
          }}
        >
          <Field label={t("users.password.now")}>
            <input name="totp_password" type="password" required autoComplete="current-password" value={own.password_now} onChange={(event) => setOwn({ ...own, password_now: event.target.value })} />
          </Field>
          {session.totp && (
            <Field label={t("login.totp")}>
              <input name="totp_now" required inputMode="numeric" autoComplete="one-time-code" value={own.totp} onChange={(event) => setOwn({ ...own, totp: event.target.value })} />
            </Field>
          )}
          <button type="submit">{t("users.totp.start")}</button>
        </form>
      )}
      {fault !== undefined && <Fault fault={fault} />}
    </Panel>
  );
}

// One's own: all sessions end with it, so the page goes back to the sign-in.
function Password() {
  const t = useText();
  const session = useSession();
  const empty = { password_now: "", password: "", totp: "" };
  const [fields, setFields] = useState(empty);
  const [fault, setFault] = useState<unknown>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const { totp, ...both } = fields;
    api.post("/v1/password", session.totp ? fields : both).then(() => location.reload(), setFault);
    setFields({ ...empty, totp });
  };
  const field = (name: keyof typeof empty, label: string, complete: string) => (
    <Field label={label}>
      <input name={name} type={name === "totp" ? "text" : "password"} required autoComplete={complete} value={fields[name]} onChange={(event) => setFields({ ...fields, [name]: event.target.value })} />
    </Field>
  );
  return (
    <Panel title={t("users.password")}>
      <form onSubmit={send} className="form-grid">
        {field("password_now", t("users.password.now"), "current-password")}
        {field("password", t("users.password.new"), "new-password")}
        {session.totp && field("totp", t("login.totp"), "one-time-code")}
        <button type="submit">{t("users.password")}</button>
      </form>
      {fault !== undefined && <Fault fault={fault} />}
    </Panel>
  );
}

function AddUser({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [fields, setFields] = useState({ user_id: "", role: "analyst" as Role, password: "", reason: "" });
  const [fault, setFault] = useState<unknown>();
  const add = async () => {
    try {
      const answer = await api.post("/v1/users", fields);
      say(answer.change_id ? t("users.pending", { id: answer.change_id }) : t("act.done", { what: t("users.add") }));
      makeStale("/v1/users", "/v1/changes");
      onClose();
    } catch (caught) {
      setFault(caught);
    }
  };
  return (
    <FormDialog title={t("users.add")} fault={fault} act={add} onClose={onClose}>
      <Field label={t("login.user")}>
        <input name="user_id" required autoFocus value={fields.user_id} onChange={(event) => setFields({ ...fields, user_id: event.target.value })} />
      </Field>
      <Field label={t("role")}>
        <select name="role" value={fields.role} onChange={(event) => setFields({ ...fields, role: event.target.value as Role })}>
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t("login.password")} note={t("setup.short")}>
        <input name="password" type="password" minLength={12} required autoComplete="new-password" value={fields.password} onChange={(event) => setFields({ ...fields, password: event.target.value })} />
      </Field>
      <Field label={t("reason")} note={t("reason.note")}>
        <textarea name="reason" rows={2} required value={fields.reason} onChange={(event) => setFields({ ...fields, reason: event.target.value })} />
      </Field>
    </FormDialog>
  );
}

function UserRow({ user }: { user: User }) {
  const t = useText();
  const session = useSession();
  const admin = session.role === "administrator";
  const denied = admin ? undefined : t("users.only_admin");
  const { ask, dialog } = useSure();
  const change = (name: string, changes: { role?: Role; disabled?: boolean }) =>
    ask({
      title: `${name}: ${user.user_id}`,
      note: changes.role ? `${t(`role.${user.role}`)} → ${t(`role.${changes.role}`)}` : t(`role.${user.role}`),
      danger: changes.disabled,
      act: async (reason) => {
        const answer = await api.post("/v1/users/{user_id}", { ...changes, reason }, { user_id: user.user_id });
        say(answer.change_id ? t("users.pending", { id: answer.change_id }) : t("act.done", { what: user.user_id }));
        makeStale("/v1/users", "/v1/changes");
      },
    });
  return (
    <tr className={user.disabled ? "quiet" : ""}>
      <td>
        <strong>{user.user_id}</strong> {user.disabled && <span className="tag">{t("users.disabled")}</span>}
      </td>
      <td>
        {admin && user.user_id !== session.user_id ? (
          <select aria-label={`${t("users.change_role")}: ${user.user_id}`} value={user.role} onChange={(event) => change(t("users.change_role"), { role: event.target.value as Role })}>
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </select>
        ) : (
          t(`role.${user.role}`)
        )}
      </td>
      <td>{user.totp ? "✓" : "–"}</td>
      <td>
        <Time ns={user.created_ts} only="day" />
      </td>
      <td>
        <Button denied={denied} onClick={() => change(user.disabled ? t("users.enable") : t("users.disable"), { disabled: !user.disabled })}>
          {user.disabled ? t("users.enable") : t("users.disable")}
        </Button>
        {dialog}
      </td>
    </tr>
  );
}

// What signs the commands to the exchange. A new one is made first and signs only once it is put in force.
function Keys() {
  const t = useText();
  const asked = useGet("/v1/keys");
  const { ask, dialog } = useSure();
  const [fault, setFault] = useState<unknown>();
  const words = (state: "signs" | "previous" | "next") => t(`key.state.${state}`);
  const make = () => {
    setFault(undefined);
    api.post("/v1/keys", { kind: "webhook" }).then(() => makeStale("/v1/keys"), setFault);
  };
  const use = (key_id: string) =>
    ask({
      title: t("users.keys.use"),
      note: (
        <>
          <span className="id">{key_id}</span> {t("users.keys.use.note")}
        </>
      ),
      act: async (reason) => {
        const answer = await api.post("/v1/keys/{key_id}", { reason }, { key_id });
        say(answer.change_id ? t("users.pending", { id: answer.change_id }) : t("act.done", { what: t("users.keys.use") }));
        makeStale("/v1/keys", "/v1/changes");
      },
    });
  return (
    <Panel title={t("users.keys")}>
      <Answer of={asked}>
        {(data) =>
          data.items.length === 0 ? (
            <p className="quiet">{t("users.keys.none")}</p>
          ) : (
            <>
              <table className="list dense">
                <thead>
                  <tr>
                    <th>{t("kind")}</th>
                    <th>{t("state")}</th>
                    <th>{t("users.keys.file")}</th>
                    <th>
                      <span className="unseen">{t("actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((key) => (
                    <tr key={key.key_id}>
                      <td>
                        {key.kind} <span className="id">{key.key_id}</span>
                      </td>
                      <td>{words(key.state)}</td>
                      <td className="id value">{key.file}</td>
                      <td>{key.state === "next" && <Button onClick={() => use(key.key_id)}>{t("users.keys.use")}</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {!data.items.some((key) => key.state === "next") && (
                <p>
                  <Button onClick={make}>{t("users.keys.add")}</Button>
                </p>
              )}
            </>
          )
        }
      </Answer>
      {fault !== undefined && <Fault fault={fault} />}
      {dialog}
    </Panel>
  );
}

function Administration() {
  const t = useText();
  const words = useWord();
  const { ask, dialog } = useDecision();
  const { ask: askSure, dialog: sureDialog } = useSure();
  const changes = useGet("/v1/changes", {}, { state: "pending" });
  const tokens = useGet("/v1/tokens");
  const policy = useGet("/v1/policy");
  const [token, setToken] = useState<{ scope: "ingest" | "commands" | "read"; source: string; trusted: boolean }>({ scope: "ingest", source: "", trusted: false });
  const [once, setOnce] = useState<string>();
  const session = useSession();
  const makeToken = () =>
    askSure({
      title: t("users.token.add"),
      note: [t(`scope.${token.scope}`), token.source, token.trusted && t("users.token.trusted")].filter(Boolean).join(" · "),
      act: async (reason) => {
        const answer = await api.post("/v1/tokens", { ...token, reason });
        setOnce(answer.token);
        if (answer.change_id) say(t("users.pending", { id: answer.change_id }));
        makeStale("/v1/tokens", "/v1/changes");
      },
    });
  const endToken = ({ token_id, scope, source }: Token) =>
    askSure({
      title: `${t("users.token.end")}: ${token_id}`,
      note: `${t(`scope.${scope}`)}${source ? ` · ${source}` : ""}. ${t("users.token.end.note")}`,
      danger: true,
      unreasoned: true,
      act: async () => {
        await api.delete("/v1/tokens/{token_id}", { token_id });
        say(t("act.done", { what: `${t("users.token.end")}: ${token_id}` }));
        makeStale("/v1/tokens");
      },
    });
  // Which alerts a step of the ladder is for, in words.
  const reachedBy = ({ source, severity_min, count_min, offence }: Policy["steps"][number]) =>
    [
      count_min !== undefined ? t("users.policy.count", { n: count_min }) : t("users.policy.offence", { n: offence ?? 1 }),
      ...(source === "any" ? [] : [t(`users.policy.of.${source}`)]),
      ...(severity_min === "low" ? [] : [t("users.policy.severity", { severity: t(`severity.${severity_min}`) })]),
    ].join(" · ");
  return (
    <>
      <Panel title={t("users.changes")}>
        <Answer of={changes}>
          {(data) =>
            data.items.length === 0 ? (
              <p className="quiet">{t("users.changes.none")}</p>
            ) : (
              <table className="list dense">
                <thead>
                  <tr>
                    <th>{t("what")}</th>
                    <th>{t("user")}</th>
                    <th>{t("reason")}</th>
                    <th>
                      <span className="unseen">{t("actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((change) => (
                    <tr key={change.change_id}>
                      <td>
                        <strong>{words("decision", change.kind)}</strong> {change.target_user_id} {change.role && t(`role.${change.role}`)} {change.disabled && t("users.disabled")} {change.password && t("login.password")} {change.totp && t("users.totp")}{" "}
                        {change.scopes} {change.source} {change.key_id} {change.account_id ?? change.case_id} {change.clause} {change.step && `${t("step")} ${change.step}`}{" "}
                        {change.on !== undefined && (change.on ? t("yes") : t("no"))} <span className="id quiet together">{change.change_id}</span>
                      </td>
                      <td>{change.user_id}</td>
                      <td>{change.reason}</td>
                      <td>
                        <div className="actions">
                          <Act kind="approve_change" label="users.approve_change" denied={change.user_id === session.user_id ? t("denied.own") : undefined} onClick={() => ask({ title: t("users.approve_change"), kind: "approve_change", body: { change_id: change.change_id } })} />
                          <Act kind="refuse_change" label="users.refuse_change" onClick={() => ask({ title: t("users.refuse_change"), kind: "refuse_change", body: { change_id: change.change_id } })} />
                        </div>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Answer>
      </Panel>
      <Panel title={t("users.tokens")}>
        <Answer of={tokens}>
          {(data) =>
            data.items.length === 0 ? (
              <p className="quiet">{t("users.tokens.none")}</p>
            ) : (
              <table className="list dense">
                <thead>
                  <tr>
                    <th>Token</th>
                    <th>{t("users.token.scope")}</th>
                    <th>{t("source")}</th>
                    <th>{t("users.token.made")}</th>
                    <th>{t("users.token.used")}</th>
                    <th>
                      <span className="unseen">{t("actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((each) => (
                    <tr key={each.token_id}>
                      <td className="id together">{each.token_id}</td>
                      <td>{t(`scope.${each.scope}`)}</td>
                      <td>
                        {each.source} {each.trusted && <span className="tag">{t("users.token.trusted")}</span>} {each.waits && <span className="tag">{t("users.token.waits")}</span>}
                      </td>
                      <td>
                        <Time ns={each.created_ts} only="day" />
                      </td>
                      <td>{each.last_used_ts ? <Time ns={each.last_used_ts} only="day" /> : <span className="quiet">{t("users.token.unused")}</span>}</td>
                      <td>
                        <Button data-end={each.token_id} onClick={() => endToken(each)}>{t("users.token.end")}</Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Answer>
        <div className="filters">
          <label>
            {t("users.token.scope")}{" "}
            <select value={token.scope} onChange={(event) => setToken({ ...token, scope: event.target.value as "ingest" })}>
              {(["ingest", "commands", "read"] as const).map((scope) => (
                <option key={scope} value={scope}>
                  {t(`scope.${scope}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("source")} <input size={12} value={token.source} onChange={(event) => setToken({ ...token, source: event.target.value })} />
          </label>
          <label className="check">
            <input type="checkbox" checked={token.trusted} onChange={(event) => setToken({ ...token, trusted: event.target.checked })} /> {t("users.token.trusted")}
          </label>
          <Button onClick={makeToken}>{t("users.token.add")}</Button>
        </div>
        {once && (
          <p>
            {t("users.token.once")} <code className="secret">{once}</code>
          </p>
        )}
      </Panel>
      <Keys />
      <Panel title={t("users.policy")}>
        <p className="quiet">{t("users.policy.note")}</p>
        <Answer of={policy}>
          {(data) => (
            <div className="scroll-x short" tabIndex={0} role="group" aria-label={t("users.policy")}>
              <table className="list">
                <thead>
                  <tr>
                    <th>{t("clause")}</th>
                    <th>{t("step")}</th>
                    <th>{t("measure")}</th>
                    <th>{t("measure.automatic")}</th>
                    <th>
                      <span className="unseen">{t("actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.steps.map((step, i) => (
                    <tr key={i}>
                      <td>{step.clause}</td>
                      <td>{step.step}</td>
                      <td className="wide">
                        {words("measure", step.kind)} <div className="quiet">{reachedBy(step)}</div>
                      </td>
                      <td>{step.automatic ? <span className="tag ok">{t("yes")}</span> : "–"}</td>
                      <td>
                        {step.may_be_automatic && (
                          <Act
                            kind="set_automatic"
                            label={step.automatic ? "users.policy.switch_off" : "users.policy.switch_on"}
                            onClick={() => ask({ title: step.automatic ? t("users.policy.switch_off") : t("users.policy.switch_on"), kind: "set_automatic", body: { clause: step.clause, step: step.step, on: !step.automatic } })}
                          />
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </Panel>
      {dialog}
      {sureDialog}
    </>
  );
}

export default function Users() {
  const t = useText();
  const session = useSession();
  const admin = session.role === "administrator";
  const users = useGet("/v1/users");
  const [adding, setAdding] = useState(false);
  return (
    <Page title={t("users.title")} actions={<Button denied={admin ? undefined : t("users.only_admin")} onClick={() => setAdding(true)}>{t("users.add")}</Button>}>
      <div className="columns overview-columns">
        <div>
          <Panel title={t("users.title")}>
            <Answer of={users}>
              {(data) => (
                <div className="scroll-x" tabIndex={0} role="group" aria-label={t("users.title")}>
                  <table className="list">
                    <thead>
                      <tr>
                        <th>{t("user")}</th>
                        <th>{t("role")}</th>
                        <th>{t("users.totp")}</th>
                        <th>{t("users.created")}</th>
                        <th>
                          <span className="unseen">{t("actions")}</span>
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {data.items.map((user) => (
                        <UserRow key={user.user_id} user={user} />
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Answer>
          </Panel>
          <Codes />
          <Password />
        </div>
        <div>{admin ? <Administration /> : <p className="quiet">{t("users.only_admin")}</p>}</div>
      </div>
      {adding && <AddUser onClose={() => setAdding(false)} />}
    </Page>
  );
}
