// Every GET of the description, asked as an approver and compared with its schema: of the mock, or of
// the service that MARKTWACHT_URL names.
import { answerSchema, api, differences } from "../tools/schema.mjs";
import { base, isMock, startMock, stopMock, users } from "./browser.mjs";

let cookie = "";
let passed = 0;
let failed = 0;

async function ask(method, path, body, csrf) {
  const answer = await fetch(base + path, {
    method,
    headers: { cookie, "X-CSRF-Token": csrf ?? "", "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const given = answer.headers.get("set-cookie");
  if (given) cookie = given.split(";")[0];
  const text = await answer.text();
  return { status: answer.status, value: text ? JSON.parse(text) : undefined };
}

function check(name, path, { status, value }, method = "get") {
  const wrong = status >= 400 ? [`status ${status}: ${JSON.stringify(value)}`] : differences(answerSchema(path, method), value);
  if (wrong.length === 0) passed++;
  else {
    failed++;
    console.log(`FAILED ${name}\n  ${wrong.slice(0, 5).join("\n  ")}`);
  }
  return value;
}

if (isMock) await startMock();
const login = await ask("POST", "/v1/login", { user_id: users.approver[0], password: users.approver[1] });
check("login", "/v1/login", login, "post");
const first = async (path, key) => (await ask("GET", `${path}?limit=1`)).value?.items?.[0]?.[key];
const alerts = (await ask("GET", "/v1/alerts?limit=200")).value?.items ?? [];
const alert = alerts.find((each) => each.group_id && each.instrument_id) ?? alerts[0];
const group_id = (await ask("GET", "/v1/groups?limit=50")).value?.items?.[0]?.group_id;
const group = group_id && (await ask("GET", `/v1/groups/${group_id}`)).value;
const parts = {
  alert_id: alert?.alert_id,
  case_id: await first("/v1/cases", "case_id"),
  measure_id: await first("/v1/measures", "measure_id"),
  account_id: alert?.account_ids[0],
  group_id,
};
const queries = {
  "/v1/alerts/{alert_id}/book": "?steps=20&depth=10",
  "/v1/groups/{group_id}/why": `?a=${group?.edges[0]?.a}&b=${group?.edges[0]?.b}`,
  "/v1/gate": `?account_id=${parts.account_id}&action=withdraw`,
  "/v1/reports/enforcement": "?month=2025-10",
};
const others = new Set(["/v1/stream", "/v1/reports/orders", "/metrics", "/v1/backtests/{backtest_id}", "/v1/tokens", "/v1/openapi.json"]);
for (const path of Object.keys(api.paths)) {
  if (!api.paths[path].get || others.has(path)) continue;
  const lacking = [...path.matchAll(/\{(\w+)\}/g)].find(([, name]) => !parts[name]);
  if (lacking) {
    console.log(`skipped ${path}: no ${lacking[1]} to ask for`);
    continue;
  }
  const at = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name])) + (queries[path] ?? "");
  check(path, path, await ask("GET", at));
}
if (isMock) await stopMock();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
