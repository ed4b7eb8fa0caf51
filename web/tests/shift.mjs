// A whole shift at the console in a real browser. Against the service or mock of MARKTWACHT_URL; without
// it the mock is started. MARKTWACHT_RESTART: a command that restarts the service.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { base, isMock, newPage, openBrowser, signIn, startMock, stopMock, users } from "./browser.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const get = (page, path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
const text = async (page, selector) => (await page.locator(selector).first().textContent()).trim();
async function decide(page, reason = "seen in a test") {
  await page.fill("dialog textarea[name=reason]", reason);
  await page.click("dialog button[type=submit]");
  await page.waitForSelector("dialog", { state: "detached" });
}
const act = (page, kind) => page.locator(`[data-act=${kind}]`).first();
// The dark theme has the same elements in other colours.
async function serious(page, theme) {
  // The page's policy forbids inline scripts, so axe comes in by the debugger.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (rules) => window.axe.run(document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) }),
    theme === "dark" ? ["color-contrast"] : undefined,
  );
  return violations
    .filter((each) => each.impact === "serious" || each.impact === "critical")
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target} (${node.any[0]?.message ?? ""})`).join(", ")}`);
}

const shared = {};
const tests = {
  async "signing in: a wrong password says so, the right one opens the queue"({ open }) {
    const page = await open();
    await page.goto(base);
    await page.fill("input[name=user_id]", users.analyst[0]);
    await page.fill("input[name=password]", "wrong");
    await page.click("button[type=submit]");
    await page.waitForSelector("[role=alert]");
    await page.fill("input[name=password]", users.analyst[1]);
    await page.click("button[type=submit]");
    await page.waitForSelector(".scroller .row");
    assert.match(await page.title(), /Marktwacht/);
  },

  async "the set-up link makes the first administrator"({ open }) {
    if (!isMock) return "skipped";
    const page = await open();
    await page.goto(`${base}/setup?token=setup-token`);
    await page.fill("input[name=user_id]", "first");
    await page.fill("input[name=password]", "a long password");
    await page.fill("input[name=again]", "another password");
    await page.click("button[type=submit]");
    await page.waitForSelector(".complaint");
    await page.fill("input[name=again]", "a long password");
    await page.click("button[type=submit]");
    await page.waitForURL("**/users");
    await page.waitForSelector("td >> text=first");
  },

  async "triage: j, k and Enter; coming back keeps the place"({ analyst: page }) {
    await page.goto(`${base}/alerts`);
    await page.waitForSelector(".scroller .row");
    for (let i = 0; i < 4; i++) await page.keyboard.press("j");
    await page.keyboard.press("k");
    const id = (await page.locator(".row.current").getAttribute("id")).slice(4);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/alerts/${id}`);
    await page.waitForSelector("main h1");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".row.current");
    assert.equal((await page.locator(".row.current").getAttribute("id")).slice(4), id);
  },

  async "an alert explains itself, with the API's own numbers"({ analyst: page }) {
    const list = await get(page, "/v1/alerts?limit=200&state=open,ended");
    const of = list.items.find((each) => each.group_id && each.instrument_id) ?? list.items[0];
    shared.alert = of;
    await page.goto(`${base}/alerts/${of.alert_id}`);
    await page.waitForSelector(".fact-table");
    assert.equal(await text(page, "p.story"), of.text.en);
    const shown = await page.$$eval(".fact-table .num", (all) => all.map((each) => each.title));
    for (const fact of of.facts) {
      assert.ok(shown.includes(fact.value), `${fact.name} ${fact.value}`);
      if (fact.limit) assert.ok(shown.includes(fact.limit), `limit ${fact.limit}`);
    }
    await page.waitForSelector(".steps li");
    await page.waitForSelector(".chart canvas");
    await page.waitForSelector(".link");
  },

  async "the book steps event by event"({ analyst: page }) {
    const list = await get(page, "/v1/alerts?limit=200");
    for (const each of list.items) {
      const replay = await get(page, `/v1/alerts/${each.alert_id}/book?steps=20`);
      if (!replay.steps || replay.steps.length < 5) continue;
      await page.goto(`${base}/alerts/${each.alert_id}`);
      await page.waitForSelector(".book canvas");
      await page.focus(".book-keys");
      await page.keyboard.press("Home");
      const seen = new Set();
      for (let i = 0; i < 5; i++) {
        seen.add(await text(page, ".book-event"));
        await page.keyboard.press("ArrowRight");
      }
      assert.equal(seen.size, 5);
      assert.match(await text(page, ".book-event"), new RegExp(`seq ${replay.steps[4].seq}`));
      return;
    }
    assert.fail("no alert has a book to step through");
  },

  async "snoozing needs a reason and takes the alert out of the queue"({ analyst: page }) {
    await page.goto(`${base}/alerts`);
    await page.waitForSelector(".scroller .row");
    const id = (await page.locator(".row.current").getAttribute("id")).slice(4);
    await page.keyboard.press("s");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog .complaint");
    await decide(page, "a test account of the exchange");
    await page.reload();
    await page.waitForSelector(".scroller .row");
    assert.equal(await page.locator(`#row-${id}`).count(), 0);
    await page.goto(`${base}/alerts?snoozed=true`);
    await page.waitForSelector(`#row-${id}`);
  },

  async "several are dismissed at once, and stay where they are"({ analyst: page }) {
    await page.goto(`${base}/alerts`);
    await page.waitForSelector(".scroller .row");
    const ids = [];
    for (let i = 0; i < 2; i++) {
      ids.push((await page.locator(".row.current").getAttribute("id")).slice(4));
      await page.keyboard.press("x");
    }
    await page.keyboard.press("d");
    await decide(page, "one market maker's own hedging");
    for (const id of ids) {
      await page.waitForSelector(`#row-${id}.closed`);
      const { alert } = await get(page, `/v1/alerts/${id}`);
      assert.equal(alert.state, "dismissed");
    }
  },

  async "a case: taking it, a note, proposing a measure"({ analyst: page }) {
    const cases = await get(page, "/v1/cases?open=true&limit=200");
    const mine = cases.items.find((each) => !each.assignee_id && each.measure_ids.length > 0 && each.account_ids.length > 0);
    shared.caseId = mine.case_id;
    await page.goto(`${base}/cases/${mine.case_id}`);
    await act(page, "assign").click();
    await decide(page);
    await page.waitForSelector(".facts >> text=" + users.analyst[0]);
    await page.fill(".note-form textarea", "Looked at the book: the orders were never meant to trade.");
    await act(page, "note").click();
    await page.waitForSelector("text=never meant to trade");
    await act(page, "propose").click();
    await page.selectOption("dialog select[name=kind]", "freeze_account");
    const target = await page.inputValue("dialog select[name=target]");
    await decide(page, "self-trades between accounts of one hand");
    await page.waitForURL("**/measures/m-*");
    shared.measureId = page.url().split("/").at(-1);
    const { measure } = await get(page, `/v1/measures/${shared.measureId}`);
    assert.equal(measure.measure.kind, "freeze_account");
    assert.ok(target.endsWith(measure.measure.target.group_id ?? measure.measure.target.account_id));
    assert.equal(await act(page, "approve").getAttribute("aria-disabled"), "true");
  },

  async "the approver sees what it does and approves; nobody approves their own"({ approver: page }) {
    await page.goto(`${base}/measures?view=approval`);
    await page.click(`text=${shared.measureId}`);
    await page.waitForSelector("text=What changes for whom");
    const preview = await get(page, `/v1/measures/${shared.measureId}/preview`);
    shared.account = preview.accounts[0].account_id;
    await page.waitForSelector(`td >> text=${shared.account}`);
    await act(page, "approve").click();
    await decide(page, "seen the positions and the links");
    await page.waitForSelector(".marks .state.applied, .marks .state.applying, .marks .state.partly_applied");
    const proposed = await page.evaluate(async () => {
      const session = await (await fetch("/v1/session")).json();
      const { items } = await (await fetch("/v1/measures?waiting=adoption")).json();
      const post = async (body) => {
        const answer = await fetch("/v1/decisions", { method: "POST", headers: { "X-CSRF-Token": session.csrf_token, "Content-Type": "application/json" }, body: JSON.stringify(body) });
        return [answer.status, await answer.json()];
      };
      const measure_id = items[0].measure_id;
      await post({ kind: "adopt_proposal", measure_id, reason: "a test" });
      const preview = await (await fetch(`/v1/measures/${measure_id}/preview`)).json();
      return [measure_id, ...(await post({ kind: "approve", measure_id, reason: "a test", preview_seq: preview.preview_seq, preview_hash: preview.preview_hash }))];
    });
    assert.equal(proposed[1], 409);
    assert.equal(proposed[2].error.code, "own_proposal");
    await page.goto(`${base}/measures/${proposed[0]}`);
    await page.waitForSelector("[data-act=approve][aria-disabled=true]");
    assert.match(await act(page, "approve").getAttribute("title"), /somebody else/);
  },

  async "who has one-time codes is asked for one when approving"({ open, analyst }) {
    if (!isMock) return "skipped";
    const { items } = await get(analyst, "/v1/measures?waiting=adoption");
    const measure = items.find((each) => each.case_id !== shared.caseId);
    await analyst.goto(`${base}/measures/${measure.measure_id}`);
    await act(analyst, "adopt_proposal").click();
    await decide(analyst, "the ladder is right here");
    const page = await open();
    await page.goto(`${base}/measures/${measure.measure_id}`);
    await page.fill("input[name=user_id]", "tom");
    await page.fill("input[name=password]", users.approver[1]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("input[name=totp]");
    await page.fill("input[name=totp]", "123456");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=What changes for whom");
    await act(page, "approve").click();
    await page.fill("dialog textarea[name=reason]", "seen it");
    await page.fill("dialog input[name=totp]", "000000");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog .fault");
    await page.fill("dialog input[name=totp]", "123456");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector(".marks .state.applied");
  },

  async "the gate denies, and allows again once it is lifted"({ approver: page }) {
    const ask = async () => {
      await page.goto(`${base}/accounts/${encodeURIComponent(shared.account)}`);
      await page.selectOption("select[name=action]", "withdraw");
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      return text(page, ".gate strong");
    };
    assert.equal(await ask(), "deny");
    await page.goto(`${base}/measures/${shared.measureId}`);
    await act(page, "lift").click();
    await decide(page, "the account holder explained it");
    assert.equal(await ask(), "allow");
  },

  async "closing a case needs its outcome and a reason"({ analyst: page }) {
    const { measures } = await get(page, `/v1/cases/${shared.caseId}`);
    for (const measure of measures.filter((each) => ["proposed", "adopted"].includes(each.state))) {
      await page.goto(`${base}/measures/${measure.measure_id}`);
      await act(page, "withdraw_proposal").click();
      await decide(page, "the other measure was enough");
    }
    await page.goto(`${base}/cases/${shared.caseId}`);
    await act(page, "close_case").click();
    await page.selectOption("dialog select[name=outcome]", "confirmed");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog .complaint");
    await decide(page, "Proven by the book. Not reported: below the threshold.");
    await page.waitForSelector(".marks .state.closed_confirmed");
  },

  async "what-if over a parameter, and a rulebook published in shadow"({ operator: page }) {
    await page.goto(`${base}/rules`);
    await page.click("[data-run=vary]");
    await page.waitForSelector("[data-what-if=done]", { timeout: 60_000 });
    await page.waitForSelector("[data-what-if=done] canvas");
    const area = page.locator("textarea[name=rulebook]");
    const rulebook = await area.inputValue();
    await area.fill(`${rulebook}\nlimitt = 7\n`);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.waitForSelector(".errors");
    const line = rulebook.split("\n").length + 1;
    assert.match(await text(page, ".errors"), new RegExp(`Line ${line}`));
    await area.fill(rulebook.replace(/limit = 5/, "limit = 6"));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.waitForSelector("text=No error");
    await page.click("[data-run=compare]");
    await page.waitForSelector("[data-what-if=done] >> text=Gained", { timeout: 60_000 });
    await page.getByRole("button", { name: "Publish in shadow" }).click();
    await decide(page, "to see a week of it");
    await page.waitForSelector(".pick .tag.shadow");
  },

  async "what a role may not do is shown with its reason, and the API refuses it"({ open }) {
    const page = await open();
    await signIn(page, "viewer", `/alerts/${shared.alert.alert_id}`);
    await page.waitForSelector("[data-act=close_alert]");
    for (const kind of ["close_alert", "snooze", "propose"]) {
      assert.equal(await act(page, kind).getAttribute("aria-disabled"), "true");
      assert.match(await act(page, kind).getAttribute("title"), /viewer/);
    }
    await act(page, "close_alert").click({ force: true });
    await page.keyboard.press("d");
    assert.equal(await page.locator("dialog").count(), 0);
    const status = await page.evaluate(async (alert_id) => {
      const { csrf_token } = await (await fetch("/v1/session")).json();
      const answer = await fetch("/v1/decisions", { method: "POST", headers: { "X-CSRF-Token": csrf_token, "Content-Type": "application/json" }, body: JSON.stringify({ kind: "close_alert", alert_id, state: "dismissed", reason: "no" }) });
      return answer.status;
    }, shared.alert.alert_id);
    assert.ok(status === 403 || status === 409, `status ${status}`);
  },

  async "German and dark, by the keyboard alone"({ open }) {
    const page = await open({ language: "de", theme: "dark" });
    await page.goto(base);
    await page.waitForSelector("input[name=user_id]");
    await page.keyboard.type(users.analyst[0]);
    await page.keyboard.press("Tab");
    await page.keyboard.type(users.analyst[1]);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".scroller .row");
    assert.equal(await text(page, "h1"), "Alarme");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog .keymap");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForSelector("p.story");
    const id = page.url().split("/").at(-1);
    const { alert } = await get(page, `/v1/alerts/${id}`);
    assert.equal(await text(page, "p.story"), alert.text.de);
    await page.keyboard.press("d");
    await page.waitForSelector("dialog textarea");
    await page.keyboard.type("ein ehrlicher Grund");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.waitForSelector(".marks .state.dismissed");
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForURL("**/measures");
    await page.waitForSelector("h1 >> text=Maßnahmen und Freigaben");
  },

  async "a new alert waits behind a chip; rows do not jump"({ analyst: page }) {
    if (!isMock) return "skipped";
    await page.goto(`${base}/alerts`);
    await page.waitForSelector(".live.live");
    await page.waitForSelector(".scroller .row");
    const first = await page.locator(".scroller .row").first().getAttribute("id");
    const { alert_id } = await get(page, "/v1/mock/alert");
    await page.waitForSelector(".chip.new");
    assert.equal(await page.locator(".scroller .row").first().getAttribute("id"), first);
    await page.keyboard.press("n");
    await page.waitForSelector(`#row-${alert_id}`);
  },

  async "after a restart of the service it goes on by itself"({ analyst: page }) {
    if (!isMock && !process.env.MARKTWACHT_RESTART) return "skipped";
    await page.goto(`${base}/alerts`);
    await page.waitForSelector(".live.live");
    const first = await page.locator(".scroller .row").first().getAttribute("id");
    if (isMock) {
      await stopMock();
      await page.waitForSelector(".lost[role=alert]");
      await startMock();
    } else spawnSync("sh", ["-c", process.env.MARKTWACHT_RESTART], { stdio: "inherit" });
    await page.waitForSelector(".live.live", { timeout: 30_000 });
    assert.equal(await page.locator(".scroller .row").first().getAttribute("id"), first);
    await page.goto(`${base}/cases`);
    await page.waitForSelector("table.list");
  },

  async "deep links open where they point, also before signing in"({ open }) {
    const page = await open();
    await signIn(page, "analyst", "/alerts?severity=medium&sort=-score");
    await page.waitForSelector(".scroller .row");
    assert.equal(await page.inputValue("select[name=severity]"), "medium");
    const scores = await page.$$eval(".scroller .row .score .num", (all) => all.map((each) => Number(each.textContent)));
    assert.deepEqual(scores, [...scores].sort((a, b) => b - a));
  },

  async "empty and failed lists say so"({ analyst: page }) {
    await page.goto(`${base}/alerts?account_id=nobody`);
    await page.waitForSelector(".empty");
    await page.route("**/v1/cases?*", (route) => route.fulfill({ status: 500, contentType: "application/json", body: '{"error":{"code":"internal","message":"It broke."}}' }));
    await page.goto(`${base}/cases`);
    await page.waitForSelector(".fault >> text=It broke.");
    await page.unroute("**/v1/cases?*");
    await page.click(".fault button");
    await page.waitForSelector("table.list");
    await page.goto(`${base}/nowhere`);
    await page.waitForSelector("text=There is no such page");
  },

  async "a case prints as a file"({ analyst: page }) {
    await page.goto(`${base}/cases/${shared.caseId}`);
    await page.waitForSelector(".case-page .panel");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("nav").isVisible(), false);
    assert.equal(await page.locator(".page-head .actions").isVisible(), false);
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    await page.emulateMedia({ media: "screen" });
  },

  async "axe finds nothing serious on any page, light or dark"({ open }) {
    const found = [];
    for (const theme of ["light", "dark"]) {
      const page = await open({ theme });
      await page.goto(base);
      await page.waitForSelector("input[name=user_id]");
      found.push(...(await serious(page, theme)).map((each) => `login ${theme}: ${each}`));
      await signIn(page, "approver");
      const group = (await get(page, "/v1/groups")).items[0].group_id;
      const measure = (await get(page, "/v1/measures")).items[0].measure_id;
      const account = (await get(page, "/v1/alerts")).items[0].account_ids[0];
      for (const path of ["/overview", "/alerts", `/alerts/${shared.alert.alert_id}`, "/cases", `/cases/${shared.caseId}`, "/measures?view=all", `/measures/${measure}`, "/groups", `/groups/${group}`, "/accounts", `/accounts/${account}`, "/markets", "/rules", "/rules?view=detectors", `/reports?stor=${shared.caseId}`, "/audit", "/users"]) {
        await page.goto(base + path);
        await page.waitForSelector("main h1");
        await page.waitForTimeout(600);
        found.push(...(await serious(page, theme)).map((each) => `${path} ${theme}: ${each}`));
      }
      await page.goto(`${base}/alerts`);
      await page.waitForSelector(".scroller .row");
      await page.keyboard.press("d");
      await page.waitForSelector("dialog");
      found.push(...(await serious(page, theme)).map((each) => `dialog ${theme}: ${each}`));
      await page.context().close();
    }
    assert.deepEqual(found, []);
  },
};

if (isMock) await startMock();
const browser = await openBrowser();
const only = process.argv[2];
let passed = 0;
let failed = 0;
let skipped = 0;
const pages = {};
const faults = [];
const open = async (settings) => {
  const page = await newPage(browser, settings);
  page.setDefaultTimeout(10_000);
  faults.push(page.faults);
  return page;
};
const context = { open };
for (const role of ["analyst", "approver", "operator"]) {
  pages[role] = await open();
  await signIn(pages[role], role);
  context[role] = pages[role];
}
for (const [name, run] of Object.entries(tests)) {
  if (only && !name.includes(only)) continue;
  const since = Date.now();
  try {
    const said = await run(context);
    for (const list of faults) assert.deepEqual(list.splice(0), []);
    if (said === "skipped") skipped++;
    else passed++;
    console.log(`${said === "skipped" ? "skipped" : "ok"} ${name} (${Date.now() - since} ms)`);
  } catch (fault) {
    failed++;
    console.log(`FAILED ${name}\n${String(fault.stack ?? fault).split("\n").slice(0, 14).join("\n")}`);
    for (const role of Object.keys(pages)) {
      await pages[role].keyboard.press("Escape").catch(() => {});
      if (process.env.SCREENS) await pages[role].screenshot({ path: `${process.env.SCREENS}/failed-${failed}-${role}.png` }).catch(() => {});
    }
  }
}
await browser.close();
if (isMock) await stopMock();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
