// The service's API from fixtures, for building and testing the console without the service.
// Fixtures are the program's own lines (make_fixtures.py); decisions change them in memory.
// mock/server.mjs [--port 8091] [--alerts N]: N alerts are made from the fixtures' by repeating them.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const port = Number(option("port", "8091"));
const wanted = Number(option("alerts", "0"));

// Nanoseconds stay digits inside and become numbers again on the way out.
const parse = (text) => JSON.parse(text.replace(/((?:_|")ts":\s?)(\d+)/g, '$1"$2"'));
const write = (value) => JSON.stringify(value).replace(/((?:_|")ts":)"(\d+)"/g, "$1$2");
const load = (name) => parse(readFileSync(join(here, "fixtures", `${name}.json`), "utf8"));

const api = JSON.parse(readFileSync(join(here, "../../src/service/openapi.json"), "utf8"));
const decisionRoles = api.components.schemas.DecisionKind["x-roles"];
const counts = load("counts");
const stories = load("stories");
const markets = load("markets");
const replays = load("replays");
const previews = load("previews");
const accountFacts = load("accounts");
const marketsNow = load("markets_now");
const backtestFixtures = load("backtests");
const groups = load("groups");
const cases = new Map(load("cases").map((each) => [each.case_id, each]));
const measures = new Map(load("measures").map((each) => [each.measure_id, each]));
const alerts = new Map();
const contexts = new Map();

let seq = counts.last_seq;
let clock = BigInt(counts.clock_ts);
const started = Date.now();
const now = () => String(clock + BigInt(Date.now() - started) * 1_000_000n);
const audit = [];
const outcomes = [];
const snoozes = [];
const sorted = new Map(); // of many alerts, which nobody decides about
const changes = [];
const tokens = [];
const backtests = new Map();
const sessions = new Map();
const ended = new Set();
const restrictionsOf = new Map(); // account -> [restriction]
const users = new Map(
  [["anna", "analyst"], ["ben", "approver"], ["vera", "viewer"], ["tom", "approver"], ["otto", "operator"], ["ada", "administrator"], ["eve", "administrator"]].map(
    ([user_id, role]) => [user_id, { user_id, role, disabled: false, totp: user_id === "tom", created_ts: counts.clock_ts }],
  ),
);
const password = "correct horse battery";
const shadowBooks = [];

function addAlert(alert) {
  alerts.set(alert.alert_id, alert);
  const ofCase = [...cases.values()].find((each) => each.alert_ids.includes(alert.alert_id));
  const before = [...alerts.values()].filter(
    (each) => each !== alert && each.account_ids.some((id) => alert.account_ids.includes(id)),
  ).length;
  contexts.set(alert.alert_id, {
    ...(ofCase && { case_id: ofCase.case_id }),
    opened_ts: alert.to_ts,
    confirmed_before: 0,
    alerts_before: wanted ? 0 : before,
    shadow: alert.maturity !== "stable",
    restricted: false,
  });
}
const given = load("alerts");
if (wanted > 0) {
  for (let i = 0; i < wanted; i++) {
    const from = given[i % given.length];
    alerts.set(`a-${i + 1}`, { ...from, alert_id: `a-${i + 1}`, score: (from.score + i) % 101 });
    contexts.set(`a-${i + 1}`, { opened_ts: from.to_ts, confirmed_before: 0, alerts_before: i % 7, shadow: false, restricted: false });
  }
} else given.forEach(addAlert);
const seqOf = (alert) => Number(alert.alert_id.slice(2));

class Refused extends Error {
  constructor(status, code, message, field, more = {}) {
    super(message);
    Object.assign(this, { status, code, field, more });
  }
}
const notFound = () => new Refused(404, "not_found", "There is no such thing.");

const among = (list, value) => !list || list.split(",").includes(value);
function page(items, query, more = {}) {
  const limit = Math.min(1000, Number(query.get("limit") ?? 100));
  const from = Number(query.get("cursor") ?? 0);
  const next = from + limit < items.length ? { next_cursor: String(from + limit) } : {};
  return { items: items.slice(from, from + limit), ...next, ...more };
}

// --- the stream
const clients = new Set();
const kept = [];
let streamId = 0;
function tell(name, data) {
  const text = `id: ${++streamId}\nevent: ${name}\ndata: ${write(data)}\n\n`;
  if (name !== "counters") kept.push([streamId, text]);
  clients.forEach((answer) => answer.write(text));
}
const viewOf = (alert) => ({ alert, context: contexts.get(alert.alert_id) });
const waiting = (kind) =>
  [...measures.values()].filter((each) =>
    kind === "adoption"
      ? each.state === "proposed" && each.proposer_id === "system"
      : each.state === "adopted" || (each.state === "proposed" && each.proposer_id !== "system"),
  );
const openCases = () => [...cases.values()].filter((each) => !each.state.startsWith("closed") && each.state !== "merged");
const counters = () => ({
  clock_ts: now(), last_seq: seq, lag_ms: 3, events_per_s: 41230, queue: 0,
  alerts_open: [...alerts.values()].filter((each) => each.state === "open" || each.state === "ended").length,
  cases_open: openCases().length, waiting_adoption: waiting("adoption").length,
  waiting_approval: waiting("approval").length, stuck: stuckOf().size,
  changes_pending: changes.filter((each) => each.state === "pending").length, blind_spots: 1, gaps: 1,
});
setInterval(() => tell("counters", counters()), 1000).unref();
setInterval(() => clients.forEach((answer) => answer.write(": still here\n\n")), 15000).unref();

const stuckOf = () =>
  new Map([...measures.values()].filter((each) => each.state === "partly_applied" || each.appeal === "open").map((each) => [each.measure_id, [each.appeal === "open" ? "appeal" : "unacknowledged"]]));

// --- rulebooks are the repository's own files
const rulebookFolder = join(here, "../../rulebooks");
function readRulebook(text, shadow) {
  const name = /^id = "(.+?)"/m.exec(text)?.[1] ?? "unnamed";
  const rules = text.split(/\n\[\[rule\]\]\n/).slice(1).map((part) => {
    const get = (key) => new RegExp(`^${key} = "(.+)"`, "m").exec(part)?.[1];
    const params = [...(/^params = \{(.+)\}/m.exec(part)?.[1] ?? "").matchAll(/(\w+) = ([\d.]+)/g)];
    return {
      id: get("id") ?? "rule", clause: get("clause") ?? "2.12", kind: "rule", severity: get("severity") ?? "medium",
      maturity: "stable", params: params.map(([, param, value]) => ({ name: param, value })),
    };
  });
  return { name, hash: createHash("sha256").update(text).digest("hex").slice(0, 16), shadow, text, rules };
}
const shippedTexts = Object.fromEntries(
  readdirSync(rulebookFolder).filter((file) => file.endsWith(".toml")).map((file) => [file.slice(0, -5), readFileSync(join(rulebookFolder, file), "utf8")]),
);
let inForce = readRulebook(shippedTexts.default, false);
function checkRules(text) {
  const errors = [];
  text.split("\n").forEach((line, i) => {
    const unknown = /^(\w+) = /.exec(line)?.[1];
    if (unknown === "limitt") errors.push({ line: i + 1, key: unknown, what: "unknown key; known are id, clause, on, where, by, window, params, let, when, severity, text" });
    if (/=\s*$/.test(line)) errors.push({ line: i + 1, what: "a value is missing" });
  });
  const book = readRulebook(text, true);
  return errors.length > 0 ? { errors } : { errors: [], rulebook: `${book.name}@${book.hash}` };
}

// --- groups: the links that the stories tell
function edgesOf(group) {
  const edges = new Map();
  for (const story of Object.values(stories)) {
    for (const link of story.links) {
      if (!link.account_ids.every((id) => group.account_ids.includes(id))) continue;
      for (let i = 1; i < link.account_ids.length; i++) {
        const [a, b] = [link.account_ids[0], link.account_ids[i]];
        edges.set(`${a} ${b}`, {
          a, b, state: link.kind === "evidence" ? "linked" : "declared",
          kinds: link.sum ? [...new Set(link.sum.parts.map((part) => part.kind))] : [link.kind],
          ...(link.name && { name: link.name }), ...(link.sum && { weight_bits: link.sum.sum_bits }),
          bridge: story.fragile && link.joins,
        });
      }
    }
  }
  return [...edges.values()];
}
function whyOf(group, a, b) {
  const members = [a, b].map((account_id) => ({ account_id, group_id: group.group_id, fragile: group.fragile }));
  for (const story of Object.values(stories)) {
    for (const link of story.links) {
      if (!link.account_ids.includes(a) || !link.account_ids.includes(b)) continue;
      const sum = link.sum ?? { prior_bits: "-10", parts: [], sum_bits: "-10", link_min_bits: "4", probability_percent: "0.1" };
      return {
        a, b, state: "linked", declared: link.sum ? [] : [{ kind: link.kind, name: link.name ?? "" }],
        prior_bits: sum.prior_bits, parts: sum.parts, sum_bits: sum.sum_bits, link_min_bits: sum.link_min_bits,
        suspect_min_bits: "0", probability_percent: sum.probability_percent, groups: members,
      };
    }
  }
  throw notFound();
}

// --- decisions: enough of the engine's rules for the console's tests
const final = ["refused", "withdrawn", "released", "expired", "reversed"];
function step(measure, user_id, what, state) {
  measure.state = state;
  measure.revision += 1;
  measure.history.push({ seq, ts: now(), user_id, what, state });
  tell("measure", measure);
}
const deny = {
  freeze_account: ["place_order", "open_position", "withdraw", "transfer"], freeze_funds: ["withdraw", "transfer"],
  freeze_trading: ["place_order", "open_position"], close_only: ["open_position"], block_withdrawal: ["withdraw", "transfer"],
  suspend_access: ["login", "api"],
};
const membersOf = (target) =>
  target.account_ids ?? (target.account_id ? [target.account_id] : (groups.find((each) => each.group_id === target.group_id)?.account_ids ?? []));
function takeEffect(measure, user_id) {
  measure.account_ids = membersOf(measure.measure.target);
  measure.in_force_ts = now();
  if (measure.measure.duration_s) measure.until_ts = String(BigInt(now()) + BigInt(measure.measure.duration_s) * 1_000_000_000n);
  for (const account of measure.account_ids) {
    const list = restrictionsOf.get(account) ?? [];
    for (const action of deny[measure.measure.kind] ?? []) {
      list.push({ action, ...(measure.measure.instrument_id && { instrument_id: measure.measure.instrument_id }), ...(measure.until_ts && { until_ts: measure.until_ts }), reason: measure.measure.kind, measure_id: measure.measure_id });
    }
    restrictionsOf.set(account, list);
  }
  measure.jobs = measure.account_ids.map((account_id) => ({ account_id, step: "set_restrictions", state: "applied", attempt: 1 }));
  step(measure, user_id, "take_effect", "applying");
  step(measure, "system", "command_result", "applied");
}
const orderedMeasure = (measure) => {
  const out = {};
  for (const key of Object.keys(api.components.schemas.Measure.properties)) if (measure[key] !== undefined) out[key] = measure[key];
  return out;
};
function previewOf(measure) {
  const base = previews[measure.measure_id]?.preview;
  const restrictions = (deny[measure.measure.kind] ?? []).map((action) => ({ action, reason: measure.measure.kind, measure_id: measure.measure_id }));
  const accounts = base?.accounts ?? membersOf(measure.measure.target).map((account_id) => ({ account_id, open_orders: 0, positions: [], balances: [], restrictions: [] }));
  const hash = createHash("sha256").update(write([measure.measure, accounts.map((each) => each.account_id)])).digest("hex");
  return {
    measure_id: measure.measure_id, preview_seq: seq, preview_hash: base?.preview_hash ?? hash,
    accounts: accounts.map((each) => ({ ...each, restrictions: restrictionsOf.get(each.account_id) ?? [] })),
    restrictions: base?.restrictions ?? restrictions, ...(base?.gain_currency && { gain_currency: base.gain_currency }), liquidation: base?.liquidation ?? [],
  };
}

function decide(decision, user) {
  seq += 1;
  const { kind, reason } = decision;
  const about = decision.measure_id ?? decision.case_id ?? decision.alert_id ?? decision.alert_ids?.[0] ?? decision.change_id ?? decision.group_id ?? decision.account_id;
  const record = (result, more) => {
    const outcome = { seq, ts: now(), user_id: user.user_id, kind, result, ...more, ...(reason && { said: reason }) };
    const { said, ...line } = outcome;
    outcomes.push({ ...line, ...(said && { said }), about });
    audit.unshift({ audit_id: `d-${seq}`, ts: now(), user_id: user.user_id, kind, result, ...(more.reason && { code: more.reason }), ...(more.field && { field: more.field }), ...(about && { about }), seq, ...(reason && { reason }) });
    tell("decision", { ...line, ...(said && { said }) });
  };
  const refuse = (code, field, more = {}) => {
    record("refused", { reason: code, ...(field && { field }) });
    throw new Refused(409, code, `The engine refused it: ${code}.`, field, more);
  };
  if (!reason) refuse("missing_field", "reason");
  if (!decisionRoles[kind]?.includes(user.role)) refuse("not_allowed");
  const caseOf = () => cases.get(decision.case_id) ?? refuse("unknown_case", "case_id");
  const measureOf = () => measures.get(decision.measure_id) ?? refuse("unknown_measure", "measure_id");
  const alertOf = (id) => alerts.get(id) ?? refuse("unknown_alert", "alert_id");
  const changedCase = (of) => {
    of.revision += 1;
    tell("case", of);
  };
  const answer = { seq, accepted: true };
  const locked = (of) => of.assignee_id && of.assignee_id !== user.user_id && refuse("locked");
  switch (kind) {
    case "close_alert": {
      const alert = alertOf(decision.alert_id);
      if (!["dismissed", "confirmed"].includes(decision.state)) refuse("bad_value", "state");
      alert.state = decision.state;
      alert.revision += 1;
      tell("alert", viewOf(alert));
      break;
    }
    case "snooze":
      snoozes.push({ rule: decision.rule, ...(decision.group_id ? { group_id: decision.group_id } : { account_id: decision.account_id }), until_ts: decision.until_ts, reason, user_id: user.user_id, seq });
      for (const alert of alerts.values()) {
        if (alert.detector !== decision.rule) continue;
        if (decision.group_id ? alert.group_id !== decision.group_id : !alert.account_ids.includes(decision.account_id)) continue;
        contexts.get(alert.alert_id).snoozed_until_ts = decision.until_ts;
        tell("alert", viewOf(alert));
      }
      break;
    case "assign": {
      const of = caseOf();
      if (!users.has(decision.assignee_id)) refuse("bad_value", "assignee_id");
      of.assignee_id = decision.assignee_id;
      if (of.state === "new") of.state = "assigned";
      changedCase(of);
      break;
    }
    case "note": {
      const of = caseOf();
      locked(of);
      of.notes.push({ seq, ts: now(), user_id: user.user_id, text: decision.text });
      if (of.state === "assigned") of.state = "investigating";
      changedCase(of);
      break;
    }
    case "close_case": {
      const of = caseOf();
      locked(of);
      if (of.measure_ids.some((id) => ["proposed", "adopted"].includes(measures.get(id)?.state))) refuse("measures_open");
      of.state = `closed_${decision.outcome}`;
      of.reason = reason;
      of.reported = decision.reported ?? false;
      changedCase(of);
      break;
    }
    case "reopen_case": {
      const of = caseOf();
      of.state = "reopened";
      of.reason = reason;
      changedCase(of);
      break;
    }
    case "mark_reported": {
      const of = caseOf();
      of.reported = true;
      of.report_ref = decision.ref;
      changedCase(of);
      break;
    }
    case "propose":
    case "impose": {
      const of = decision.case_id ? caseOf() : [...cases.values()].find((each) => each.alert_ids.includes(decision.alert_ids?.[0]));
      if (!of) refuse("no_case");
      if (!decision.measure?.kind) refuse("missing_field", "measure");
      const measure = {
        measure_id: `m-${seq}`, revision: 0, state: "proposed", case_id: of.case_id, alert_ids: decision.alert_ids ?? of.alert_ids,
        measure: { ...decision.measure, legal_basis: decision.measure.legal_basis ?? `Rules on abnormal trading, clause ${decision.measure.clause}`, reason },
        proposer_id: user.user_id, automatic: false, imposed: kind === "impose", proposed_ts: now(), account_ids: [], unacknowledged: [], failing: [], jobs: [], overdue: false, history: [],
      };
      measures.set(measure.measure_id, measure);
      of.measure_ids.push(measure.measure_id);
      changedCase(of);
      step(measure, user.user_id, kind, "proposed");
      if (kind === "impose") {
        measure.approver_id = user.user_id;
        takeEffect(measure, user.user_id);
      }
      const preview = previewOf(measure);
      Object.assign(answer, { case_id: of.case_id, measure_id: measure.measure_id, preview_hash: preview.preview_hash, preview_seq: preview.preview_seq });
      break;
    }
    case "adopt_proposal": {
      const measure = measureOf();
      if (measure.state !== "proposed" || measure.proposer_id !== "system") refuse("wrong_state");
      measure.proposer_id = user.user_id;
      step(measure, user.user_id, kind, "adopted");
      answer.measure_id = measure.measure_id;
      break;
    }
    case "approve": {
      const measure = measureOf();
      if (measure.state === "proposed" && measure.proposer_id === "system") refuse("not_adopted");
      if (!["proposed", "adopted"].includes(measure.state)) refuse("wrong_state");
      if (measure.proposer_id === user.user_id) refuse("own_proposal");
      if (user.totp && decision.totp !== "123456") throw new Refused(401, "unauthenticated", "The code is needed, or wrong.", "totp");
      const preview = previewOf(measure);
      if (decision.preview_hash !== preview.preview_hash) refuse("stale", undefined, { preview_seq: preview.preview_seq, preview_hash: preview.preview_hash });
      measure.approver_id = user.user_id;
      step(measure, user.user_id, kind, "approved");
      takeEffect(measure, user.user_id);
      break;
    }
    case "refuse":
    case "withdraw_proposal": {
      const measure = measureOf();
      if (!["proposed", "adopted"].includes(measure.state)) refuse("wrong_state");
      step(measure, user.user_id, kind, kind === "refuse" ? "refused" : "withdrawn");
      break;
    }
    case "lift": {
      const measure = measureOf();
      if (final.includes(measure.state) || !measure.in_force_ts) refuse("wrong_state");
      for (const [account, list] of restrictionsOf) restrictionsOf.set(account, list.filter((one) => one.measure_id !== measure.measure_id));
      step(measure, user.user_id, kind, "releasing");
      step(measure, "system", "command_result", "released");
      break;
    }
    case "publish_rulebook": {
      if (checkRules(decision.text ?? "").errors.length > 0) refuse("bad_value", "text");
      const book = { ...readRulebook(decision.text, decision.shadow ?? false), since_seq: seq, since_ts: now(), user_id: user.user_id };
      if (book.shadow) shadowBooks.push(book);
      else inForce = book;
      break;
    }
    case "set_automatic":
    case "publish_policy":
      changes.push({ change_id: `x-${seq}`, kind, state: "pending", user_id: user.user_id, ts: now(), reason, clause: decision.clause, step: decision.step, on: decision.on });
      answer.change_id = `x-${seq}`;
      break;
    case "approve_change":
    case "refuse_change": {
      const change = changes.find((each) => each.change_id === decision.change_id && each.state === "pending") ?? refuse("unknown_change", "change_id");
      if (kind === "approve_change" && change.user_id === user.user_id) refuse("own_proposal");
      change.state = kind === "approve_change" ? "in_force" : "refused";
      Object.assign(change, { decided_by: user.user_id, decided_ts: now() });
      break;
    }
    default:
      break;
  }
  record("accepted", { ...(answer.case_id && { case_id: answer.case_id }), ...(answer.measure_id && { measure_id: answer.measure_id }), ...(answer.change_id && { change_id: answer.change_id }) });
  return answer;
}

const outcomesOf = (...ids) => outcomes.filter((each) => ids.includes(each.about) || ids.includes(each.measure_id)).map(({ about, ...line }) => line);
const storyOf = (id) => {
  const alert = alerts.get(id);
  if (!alert) throw notFound();
  const story = stories[id] ?? Object.values(stories).find((each) => each.alert.detector === alert.detector);
  return { ...story, alert };
};

// --- the paths
const session = ({ user, csrf }) => ({ user_id: user.user_id, role: user.role, csrf_token: csrf, totp: user.totp });
function open(user, answer) {
  const id = `${user.user_id}_${randomBytes(16).toString("hex")}`;
  sessions.set(id, { user, csrf: id.split("_")[1] });
  user.last_login_ts = now();
  answer.setHeader("Set-Cookie", `marktwacht_session=${id}; HttpOnly; SameSite=Strict; Path=/`);
  return session(sessions.get(id));
}
const needs = (who, ...roles) => {
  if (!roles.includes(who.user.role)) throw new Refused(403, "forbidden", "Your role may not do this.");
};
const routes = {
  "POST /v1/setup": ({ body, answer }) => {
    if (body.token !== "setup-token") throw new Refused(401, "unauthenticated", "The link is used or too old.");
    const user = { user_id: body.user_id, role: "administrator", disabled: false, totp: false, created_ts: now() };
    users.set(user.user_id, user);
    return open(user, answer);
  },
  "POST /v1/login": ({ body, answer }) => {
    const user = users.get(body.user_id);
    if (!user || user.disabled || body.password !== password) throw new Refused(401, "unauthenticated", "User, password or code is wrong.");
    if (user.totp && body.totp !== "123456") throw new Refused(401, "unauthenticated", "The code is needed, or wrong.", "totp");
    return open(user, answer);
  },
  "POST /v1/logout": ({ cookie }) => {
    ended.add(cookie);
    sessions.delete(cookie);
  },
  "GET /v1/session": ({ who }) => session(who),
  "POST /v1/totp": () => ({ secret: "JBSWY3DPEHPK3PXP", uri: "otpauth://totp/Marktwacht?secret=JBSWY3DPEHPK3PXP" }),
  "POST /v1/totp/confirm": ({ body, who }) => {
    if (body.totp !== "123456") throw new Refused(400, "bad_request", "The code is wrong.", "totp");
    who.user.totp = true;
  },
  "GET /v1/users": ({ query }) => page([...users.values()], query),
  "POST /v1/users": ({ body, who }) => {
    needs(who, "administrator");
    const user = { user_id: body.user_id, role: body.role, disabled: false, totp: false, created_ts: now() };
    changes.push({ change_id: `x-${++seq}`, kind: "role", state: "pending", user_id: who.user.user_id, ts: now(), reason: "new user", target_user_id: user.user_id, role: user.role });
    return { user, change_id: `x-${seq}` };
  },
  "POST /v1/users/{user_id}": ({ body, who, parts }) => {
    needs(who, "administrator");
    const user = users.get(parts.user_id) ?? (() => { throw notFound(); })();
    changes.push({ change_id: `x-${++seq}`, kind: body.role ? "role" : "disabled", state: "pending", user_id: who.user.user_id, ts: now(), reason: "", target_user_id: user.user_id, ...(body.role && { role: body.role }) });
    return { user, change_id: `x-${seq}` };
  },
  "GET /v1/tokens": ({ query, who }) => (needs(who, "administrator"), page(tokens, query)),
  "POST /v1/tokens": ({ body, who }) => {
    needs(who, "administrator");
    const token = { token_id: `t-${tokens.length + 1}`, scope: body.scope, source: body.source, trusted: body.trusted ?? false, created_ts: now() };
    tokens.push(token);
    return { token_id: token.token_id, token: randomBytes(24).toString("base64url") };
  },
  "DELETE /v1/tokens/{token_id}": ({ parts }) => void tokens.splice(tokens.findIndex((each) => each.token_id === parts.token_id), 1),
  "GET /v1/changes": ({ query }) => page(changes.filter((each) => among(query.get("state"), each.state)), query),
  "GET /v1/alerts": ({ query }) => {
    const asked = (name) => query.get(name);
    const key = [...query].filter(([name]) => name !== "cursor").join();
    let list = wanted && sorted.get(key) || [...alerts.values()].filter((alert) => {
      const context = contexts.get(alert.alert_id);
      return (
        among(asked("state"), alert.state) && among(asked("severity"), alert.severity) && among(asked("detector"), alert.detector) &&
        among(asked("clause"), alert.clause) && among(asked("group_id"), alert.group_id) && among(asked("instrument_id"), alert.instrument_id) &&
        among(asked("case_id"), context.case_id) && (!asked("account_id") || alert.account_ids.includes(asked("account_id"))) &&
        alert.score >= Number(asked("score_min") ?? 0) &&
        (!asked("snoozed") || asked("snoozed") === String(context.snoozed_until_ts !== undefined)) &&
        (!asked("shadow") || asked("shadow") === String(context.shadow))
      );
    });
    const sort = asked("sort") ?? "-seq";
    const by = { score: (alert) => alert.score, from_ts: (alert) => Number(BigInt(alert.from_ts) / 1000n), seq: seqOf }[sort.replace("-", "")];
    if (!sorted.has(key)) list = list.sort((a, b) => (sort.startsWith("-") ? by(b) - by(a) : by(a) - by(b)) || seqOf(b) - seqOf(a));
    if (wanted) sorted.set(key, list);
    const shown = page(list, query, { total: list.length });
    return { items: shown.items, ...(shown.next_cursor && { next_cursor: shown.next_cursor }), total: shown.total, context: Object.fromEntries(shown.items.map((alert) => [alert.alert_id, contexts.get(alert.alert_id)])) };
  },
  "GET /v1/alerts/{alert_id}": ({ parts }) => {
    const alert = alerts.get(parts.alert_id);
    if (!alert) throw notFound();
    const revisions = storyOf(parts.alert_id).revisions.map(({ ts, ...each }) => ({ revision: each.revision, state: each.state, score: alert.score, seq: each.seq, at_ts: ts }));
    return { alert, context: contexts.get(alert.alert_id), revisions };
  },
  "GET /v1/alerts/{alert_id}/story": ({ parts }) => storyOf(parts.alert_id),
  "GET /v1/alerts/{alert_id}/book": ({ parts }) => {
    const story = storyOf(parts.alert_id);
    const replay = replays[parts.alert_id];
    if (replay) return replay;
    const book = story.books[0];
    if (!book) throw notFound();
    return { instrument_id: story.book_instrument_id, depth: 6, book, steps: [] };
  },
  "GET /v1/alerts/{alert_id}/events": ({ parts, query }) => {
    const story = storyOf(parts.alert_id);
    return page(story.events, query, { left_out: story.events_left_out });
  },
  "GET /v1/alerts/{alert_id}/market": ({ parts }) => {
    if (markets[parts.alert_id]) return markets[parts.alert_id];
    throw notFound();
  },
  "GET /v1/snoozes": ({ query }) => page(snoozes, query),
  "GET /v1/cases": ({ query }) => {
    const list = [...cases.values()].filter(
      (each) => among(query.get("state"), each.state) && (query.get("open") !== "true" || openCases().includes(each)) &&
        among(query.get("assignee_id"), each.assignee_id) && (!query.get("account_id") || each.account_ids.includes(query.get("account_id"))),
    ).sort((a, b) => Number(BigInt(a.due_ts) - BigInt(b.due_ts)));
    return page(list, query, { total: list.length });
  },
  "GET /v1/cases/{case_id}": ({ parts }) => {
    const of = cases.get(parts.case_id);
    if (!of) throw notFound();
    const inIt = of.alert_ids.map((id) => alerts.get(id)).filter(Boolean);
    return {
      case: of, alerts: inIt, context: Object.fromEntries(inIt.map((alert) => [alert.alert_id, contexts.get(alert.alert_id)])),
      measures: of.measure_ids.map((id) => orderedMeasure(measures.get(id))), history: outcomesOf(of.case_id, ...of.measure_ids, ...of.alert_ids),
    };
  },
  "GET /v1/measures": ({ query }) => {
    const stuck = stuckOf();
    const asked = query.get("waiting");
    const list = (asked ? waiting(asked) : [...measures.values()]).filter(
      (each) => among(query.get("state"), each.state) && among(query.get("case_id"), each.case_id) && among(query.get("kind"), each.measure.kind) &&
        (query.get("stuck") !== "true" || stuck.has(each.measure_id)) && (!query.get("account_id") || each.account_ids.includes(query.get("account_id"))),
    ).reverse().map(orderedMeasure);
    return page(list, query, { total: list.length, stuck: Object.fromEntries([...stuck].filter(([id]) => list.some((each) => each.measure_id === id))) });
  },
  "GET /v1/measures/{measure_id}": ({ parts }) => {
    const measure = measures.get(parts.measure_id);
    if (!measure) throw notFound();
    return { measure: orderedMeasure(measure), history: outcomesOf(measure.measure_id), stuck: stuckOf().get(measure.measure_id) ?? [] };
  },
  "GET /v1/measures/{measure_id}/preview": ({ parts }) => {
    const measure = measures.get(parts.measure_id);
    if (!measure) throw notFound();
    return previewOf(measure);
  },
  "POST /v1/decisions": ({ body, who }) => decide(body, who.user),
  "GET /v1/groups": ({ query }) => page(groups.map((each) => ({ ...each, alerts: [...alerts.values()].filter((alert) => alert.group_id === each.group_id).length, restricted: each.account_ids.some((id) => restrictionsOf.get(id)?.length) })).sort((a, b) => b.alerts - a.alerts), query, { total: groups.length }),
  "GET /v1/groups/{group_id}": ({ parts }) => {
    const group = groups.find((each) => each.group_id === parts.group_id);
    if (!group) throw notFound();
    return {
      ...group, aliases: [], edges: edgesOf(group), edges_left_out: 0,
      alerts: [...alerts.values()].filter((alert) => alert.group_id === group.group_id),
      cases: [...cases.values()].filter((each) => each.group_ids.includes(group.group_id)),
    };
  },
  "GET /v1/groups/{group_id}/why": ({ parts, query }) => whyOf(groups.find((each) => each.group_id === parts.group_id), query.get("a"), query.get("b")),
  "GET /v1/accounts": ({ query }) => {
    const list = Object.keys(accountFacts).sort().filter((id) => id.startsWith(query.get("prefix") ?? "") && (query.get("restricted") !== "true" || restrictionsOf.get(id)?.length));
    return page(list.map((account_id) => {
      const group = groups.find((each) => each.account_ids.includes(account_id));
      return { account_id, ...(group && { group_id: group.group_id }), alerts: [...alerts.values()].filter((alert) => alert.account_ids.includes(account_id)).length, restricted: (restrictionsOf.get(account_id)?.length ?? 0) > 0 };
    }), query);
  },
  "GET /v1/accounts/{account_id}": ({ parts }) => {
    const id = parts.account_id;
    const facts = accountFacts[id];
    if (!facts) throw notFound();
    const group = groups.find((each) => each.account_ids.includes(id));
    const known = Object.values(previews).flatMap((each) => each.preview.accounts).find((each) => each.account_id === id);
    const { devices, announced, account_id, roles, ...rest } = facts;
    return {
      account_id, announced, ...rest, roles: roles ?? [], ...(group && { group_id: group.group_id }), positions: known?.positions ?? [], balances: known?.balances ?? [],
      restrictions: restrictionsOf.get(id) ?? [], restrictions_revision: restrictionsOf.has(id) ? 1 : 0, acknowledged_revision: restrictionsOf.has(id) ? 1 : 0, devices, exemptions: [], open_orders: known?.open_orders ?? 0,
      cases: [...cases.values()].filter((each) => each.account_ids.includes(id)), alerts: [...alerts.values()].filter((each) => each.account_ids.includes(id)),
      measures: [...measures.values()].filter((each) => membersOf(each.measure.target).includes(id)).map(orderedMeasure),
    };
  },
  "GET /v1/accounts/{account_id}/timeline": ({ parts, query }) => {
    const id = parts.account_id;
    const items = [
      ...[...alerts.values()].filter((each) => each.account_ids.includes(id)).map((each) => ({ seq: seqOf(each), ts: each.to_ts, kind: "alert", id: each.alert_id, state: each.state, ...(each.instrument_id && { instrument_id: each.instrument_id }), text: each.text })),
      ...[...measures.values()].filter((each) => membersOf(each.measure.target).includes(id)).flatMap((each) => each.history.map((step) => ({ seq: step.seq, ts: step.ts, kind: step.what, id: each.measure_id, state: step.state }))),
    ].sort((a, b) => b.seq - a.seq);
    return page(items, query);
  },
  "GET /v1/instruments": ({ query }) => page(Object.values(marketsNow).map((each) => each.instrument), query),
  "GET /v1/markets": ({ query }) => page(Object.values(marketsNow).map((each, i) => ({
    instrument_id: each.instrument.instrument_id, kind: each.instrument.kind, status: "trading", book: i === 3 ? "gap" : "whole",
    ...(each.last_price && { last_price: each.last_price, last_ts: each.last_ts }), ...(each.index_price && { index_price: each.index_price, index_status: "ok" }), ...(each.mark_price && { mark_price: each.mark_price }),
    ...(each.instrument.leverage_max && { leverage_max: String(each.instrument.leverage_max) }), measure_ids: [], alerts: [...alerts.values()].filter((alert) => alert.instrument_id === each.instrument.instrument_id).length, stress_alert_ids: [],
  })), query),
  "GET /v1/rules": () => ({
    rulebooks: [inForce, ...shadowBooks],
    detectors: readdirSync(join(here, "../../src/detectors")).filter((file) => existsSync(join(here, "../../docs/detectors", file.replace(".cc", ".md")))).map((file) => {
      const text = readFileSync(join(here, "../../src/detectors", file), "utf8");
      const id = file.slice(0, -3);
      return { id, clause: /clause = "(.+?)"/.exec(text)?.[1] ?? "2.12", claim: /^\/\/ (.+)/.exec(text)?.[1] ?? id, maturity: "incubating", in_force: true, params: [], blind_spots: id === "momentum_ignition" ? 2595 : 0 };
    }),
    shipped: Object.keys(shippedTexts),
  }),
  "POST /v1/rules/check": ({ body }) => checkRules(body.text),
  "POST /v1/backtests": ({ body, answer }) => {
    const backtest_id = `b-${backtests.size + 1}`;
    backtests.set(backtest_id, { since: Date.now(), varied: body.vary !== undefined });
    answer.statusCode = 202;
    return { backtest_id };
  },
  "GET /v1/backtests/{backtest_id}": ({ parts }) => {
    const run = backtests.get(parts.backtest_id);
    if (!run) throw notFound();
    const progress = Math.min(100, Math.round((Date.now() - run.since) / 15));
    const head = { backtest_id: parts.backtest_id, state: progress < 100 ? "running" : "done", progress_percent: progress };
    return progress < 100 ? head : run.varied ? { ...head, varied: backtestFixtures.varied } : { ...head, what_if: backtestFixtures.what_if };
  },
  "GET /v1/policy": () => ({
    text: "", hash: "0b2cf33e023ebb1f", steps: [
      { clause: "2.7", step: "1", kind: "warn", automatic: false, may_be_automatic: true },
      { clause: "2.10", step: "1", kind: "close_only", automatic: false, may_be_automatic: true },
      { clause: "2.11", step: "1", kind: "close_only", automatic: true, may_be_automatic: true },
      { clause: "2.4", step: "3", kind: "terminate", automatic: false, may_be_automatic: false },
    ],
  }),
  "GET /v1/audit": ({ query }) => page(audit.filter((each) => among(query.get("user_id"), each.user_id) && among(query.get("kind"), each.kind) && among(query.get("result"), each.result)), query),
  "GET /v1/overview": () => {
    const byDetector = new Map();
    for (const alert of alerts.values()) {
      const row = byDetector.get(alert.detector) ?? { clause: alert.clause, detector: alert.detector, open: 0, total: 0, shadow: alert.maturity !== "stable" };
      row.total += 1;
      row.open += alert.state === "open" || alert.state === "ended" ? 1 : 0;
      byDetector.set(alert.detector, row);
    }
    const [first, last] = [counts.rates[0].ts, counts.rates.at(-1).ts];
    return {
      version: "0.1.0", started_ts: first, now_ts: now(), counters: counters(), rates: counts.rates,
      alerts_by_clause: [...byDetector.values()].sort((a, b) => a.clause.localeCompare(b.clause, "en", { numeric: true })),
      events_by_type: counts.events_by_type, rejected_by_reason: { off_tick: 12, unknown_order: 3 }, data_quality: { late: 4, repeated: 0, unannounced_accounts: 142 },
      sources: [{ source: "gateway", last_ts: last, last_source_seq: 287113, events: 287113, rejected: 15, gaps: 1 }, { source: "wallets", last_ts: last, last_source_seq: 5082, events: 5082, rejected: 0, gaps: 0 }],
      blind_spots: [
        { detector: "momentum_ignition", what: "entries_max", times: 2595, from_ts: first, to_ts: last },
        { source: "gateway", what: "gap", times: 1, from_ts: first, to_ts: first, from_seq: 3, to_seq: 4 },
      ],
      shadow: [...new Set([...alerts.values()].filter((each) => each.maturity !== "stable").map((each) => each.detector)), ...shadowBooks.map((each) => `${each.name}@${each.hash}`)],
      gate: { restricted: [...restrictionsOf.values()].filter((list) => list.length > 0).length, heartbeat_ts: now(), blind: false },
      webhook: { configured: true, waiting: 0, failed: 0 },
    };
  },
  "GET /v1/health": () => ({ status: "ok", version: "0.1.0", checks: [{ name: "engine", ok: true, what: "" }] }),
  "GET /v1/gate": ({ query }) => {
    const list = restrictionsOf.get(query.get("account_id")) ?? [];
    const found = list.find((one) => one.action === query.get("action"));
    return found ? { answer: "deny", reason: found.reason, measure_id: found.measure_id } : { answer: "allow" };
  },
  "GET /v1/reports/stor/{case_id}": ({ parts, who }) => {
    needs(who, "analyst", "approver");
    const of = cases.get(parts.case_id);
    if (!of) throw notFound();
    const inIt = of.alert_ids.map((id) => alerts.get(id)).filter(Boolean);
    return {
      case_id: of.case_id, made_ts: now(), case: of, accounts: storyOf(of.alert_ids[0]).accounts, alerts: inIt, measures: of.measure_ids.map((id) => orderedMeasure(measures.get(id))),
      ...(of.gain && { gain: of.gain }), reported: of.reported, text: { en: inIt.map((alert) => alert.text.en).join(" "), de: inIt.map((alert) => alert.text.de).join(" ") },
    };
  },
  "GET /v1/reports/enforcement": ({ query }) => {
    const rows = new Map();
    for (const each of measures.values()) {
      const row = rows.get(each.measure.kind) ?? { kind: each.measure.kind, clause: each.measure.clause, proposed: 0, in_force: 0, refused: 0, ended: 0, reversed: 0, automatic: 0, appeals: 0, appeals_upheld: 0 };
      row.proposed += 1;
      row.in_force += each.state === "applied" ? 1 : 0;
      rows.set(each.measure.kind, row);
    }
    const byClause = new Map();
    for (const alert of alerts.values()) {
      const row = byClause.get(alert.clause) ?? { clause: alert.clause, total: 0, confirmed: 0, dismissed: 0 };
      row.total += 1;
      byClause.set(alert.clause, row);
    }
    return { month: query.get("month"), measures: [...rows.values()], cases: { opened: cases.size, closed_confirmed: 0, closed_refuted: 0, closed_inconclusive: 0, reported: 0 }, alerts: [...byClause.values()] };
  },
  "GET /v1/openapi.json": () => api,
};
const open401 = new Set(["POST /v1/setup", "POST /v1/login", "GET /v1/health", "GET /v1/openapi.json"]);

function match(method, path) {
  for (const key of Object.keys(routes)) {
    const [verb, template] = key.split(" ");
    if (verb !== method) continue;
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const found = new RegExp(`^${template.replace(/\{\w+\}/g, "([^/]+)").replaceAll(".", "\\.")}$`).exec(path);
    if (found) return [key, Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1])]))];
  }
  return undefined;
}

// --- the console's files, as the service would give them
const dist = join(here, "../dist");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
function file(path, request, answer) {
  let at = join(dist, normalize(path));
  if (!at.startsWith(dist) || !extname(path) || !existsSync(at)) at = join(dist, "index.html");
  if (!existsSync(at)) return void answer.writeHead(404).end("web/dist is not built");
  answer.setHeader("Content-Type", types[extname(at)] ?? "application/octet-stream");
  answer.setHeader("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
  answer.setHeader("X-Content-Type-Options", "nosniff");
  const packed = existsSync(`${at}.gz`) && /gzip/.test(request.headers["accept-encoding"] ?? "");
  if (packed) answer.setHeader("Content-Encoding", "gzip");
  answer.end(readFileSync(packed ? `${at}.gz` : at));
}

const server = createServer(async (request, answer) => {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/v1/") && url.pathname !== "/metrics") return file(url.pathname, request, answer);
  const cookie = /marktwacht_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  // A cookie from before a restart holds, as the service's sessions do.
  const [name, csrf] = cookie?.split("_") ?? [];
  if (csrf && users.has(name) && !sessions.has(cookie) && !ended.has(cookie)) sessions.set(cookie, { user: users.get(name), csrf });
  const who = sessions.get(cookie);
  const reply = (status, value) => {
    answer.statusCode = status;
    answer.setHeader("Content-Type", "application/json");
    answer.end(value === undefined ? "" : write(value));
  };
  try {
    let text = "";
    for await (const part of request) text += part;
    if (url.pathname === "/v1/stream") {
      if (!who) throw new Refused(401, "unauthenticated", "Sign in.");
      answer.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      answer.write("retry: 1000\n\n");
      const after = Number(request.headers["last-event-id"] ?? 0);
      if (after > streamId) answer.write("event: reset\ndata: {}\n\n");
      else if (after > 0) kept.filter(([id]) => id > after).forEach(([, told]) => answer.write(told));
      clients.add(answer);
      request.on("close", () => clients.delete(answer));
      return;
    }
    // Test's own: an alert appears.
    if (url.pathname === "/v1/mock/alert") {
      const from = given[Math.floor(Math.random() * given.length)];
      const alert = { ...from, alert_id: `a-${++seq}`, state: "open", revision: 1 };
      addAlert(alert);
      tell("alert", viewOf(alert));
      return reply(200, alert);
    }
    const found = match(request.method, url.pathname);
    if (!found) throw notFound();
    const [key, parts] = found;
    if (!open401.has(key)) {
      if (!who) throw new Refused(401, "unauthenticated", "Sign in.");
      if (request.method !== "GET" && request.headers["x-csrf-token"] !== who.csrf) throw new Refused(403, "csrf", "The CSRF token is missing or wrong.");
    }
    const value = routes[key]({ body: text ? parse(text) : undefined, query: url.searchParams, parts, who, cookie, answer });
    reply(value === undefined ? 204 : answer.statusCode, value);
  } catch (fault) {
    if (!(fault instanceof Refused)) console.error(fault);
    const { status = 500, code = "internal", field, more = {} } = fault;
    reply(status, { error: { code, message: fault.message, ...(field && { field }), ...more } });
  }
});
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}  anna (analyst), ben (approver), ada (administrator), otto (operator), vera (viewer); password: ${password}`));
