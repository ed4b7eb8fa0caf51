// What must not go wrong at the console when an answer is late, refused, or not what one thinks. The answers to
// acts are made up here, so that nothing is really decided.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { signIn } from "./browser.mjs";
import { act, decide, get, settled, text } from "./steps.mjs";

const json = (status, body) => ({ status, contentType: "application/json", body: JSON.stringify(body) });
const refusal = (status, code) => json(status, { error: { code, message: `It is ${code}.` } });
const accepted = json(200, { seq: 1, accepted: true });

// Answers the page's decisions by `answer(body, how many before)`; the bodies are in what it returns.
async function answering(page, answer) {
  const sent = [];
  await page.route("**/v1/decisions", async (route) => {
    const body = route.request().postDataJSON();
    sent.push(body);
    await route.fulfill(await answer(body, sent.length - 1)).catch(() => {}); // the page may be gone
  });
  return sent;
}

// A stream on which only the test tells: `tell(name, text)`. Before the page's first address.
async function toldBy(page) {
  await page.addInitScript(() => {
    window.sources = [];
    window.EventSource = class extends EventTarget {
      static CLOSED = 2;
      readyState = 0;
      constructor() {
        super();
        window.sources.push(this);
        setTimeout(() => {
          if (this.readyState !== 0) return;
          this.readyState = 1;
          this.onopen?.();
        });
      }
      close() {
        this.readyState = 2;
      }
    };
  });
  return (name, text) => page.evaluate(([name, data]) => window.sources.at(-1).dispatchEvent(new MessageEvent(name, { data })), [name, text]);
}
// The service's own text: numbers of nanoseconds would be rounded by JSON.parse.
const raw = (page, path) => page.evaluate(async (at) => (await fetch(at)).text(), path);
// How often each address was asked for, without its query.
function counting(page) {
  const asked = {};
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/v1/")) asked[pathname] = (asked[pathname] ?? 0) + 1;
  });
  return asked;
}

// In both themes, where they are asked for.
async function picture(page, name) {
  if (!process.env.SCREENS) return;
  for (const theme of ["dark", "light"]) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    await page.screenshot({ path: `${process.env.SCREENS}/${name}-${theme}.png` });
  }
}

// Selects the first rows of the queue that are open; their ids.
async function selectRows(page, n) {
  await page.goto("/alerts");
  await page.waitForSelector(".scroller .row");
  const ids = await page.$$eval(".scroller .row:not(.closed):not(.ghost)", (all, n) => all.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).slice(0, n).map((row) => row.id.slice(4)), n);
  for (const id of ids) await page.locator(`#row-${id} input[type=checkbox]`).check();
  return ids;
}

export const mistakes = {
  async "several at once: what was refused is named and stays as it was, and is what is sent again"({ analyst: page }) {
    const ids = await selectRows(page, 3);
    const sent = await answering(page, (body, before) => (body.alert_id === ids[1] && before < 3 ? refusal(409, "wrong_state") : accepted));
    try {
      await page.keyboard.press("d");
      await page.fill("dialog textarea[name=reason]", "one hand's own hedging");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("dialog .refused li");
      assert.match(await text(page, "dialog .refused"), new RegExp(`^${ids[1]} Not in the state`));
      assert.equal(await page.locator("dialog .refused li").count(), 1);
      await picture(page, "refused");
      for (const id of ids) assert.equal(await page.locator(`#row-${id}.closed`).count(), id === ids[1] ? 0 : 1, id);
      assert.equal(await text(page, "dialog button[type=submit]"), "Try again: 1");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("dialog", { state: "detached" });
      assert.deepEqual(sent.map((each) => each.alert_id), [...ids, ids[1]]);
      await page.waitForSelector(`#row-${ids[1]}.closed`);
    } finally {
      await page.unroute("**/v1/decisions");
    }
  },

  async "several at once: closing the dialog stops, and so does a right that is missing"({ analyst: page }) {
    const ids = await selectRows(page, 4);
    let sent = await answering(page, async () => {
      await new Promise((done) => setTimeout(done, 400));
      return accepted;
    });
    try {
      await page.keyboard.press("d");
      await page.fill("dialog textarea[name=reason]", "one hand's own hedging");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("dialog [role=status]");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.waitForSelector(".messages >> text=Stopped after 1 of 4");
      await page.waitForTimeout(600);
      assert.deepEqual(sent.map((each) => each.alert_id), ids.slice(0, 1));
      await page.waitForSelector(`#row-${ids[0]}.closed`);
      assert.equal(await page.locator(".row.closed").count(), 1);
      await page.unroute("**/v1/decisions");
      sent = await answering(page, (_, before) => (before === 1 ? refusal(403, "forbidden") : accepted));
      await page.keyboard.press("d");
      await page.fill("dialog textarea[name=reason]", "one hand's own hedging");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("dialog .fault >> text=403 forbidden");
      assert.match(await text(page, "dialog p[role=status]"), /Stopped after 1 of 3/);
      assert.equal(sent.length, 2);
      await page.keyboard.press("Escape");
    } finally {
      await page.unroute("**/v1/decisions");
    }
  },

  async "an act is sent once, however often one presses"({ analyst: page }) {
    const slow = async () => {
      await new Promise((done) => setTimeout(done, 300));
      return accepted;
    };
    const sent = await answering(page, slow);
    try {
      await selectRows(page, 0);
      await page.keyboard.press("d");
      await page.fill("dialog textarea[name=reason]", "one hand's own hedging");
      // In one task, as a key that is held down.
      await page.$eval("dialog textarea[name=reason]", (at) => {
        for (let i = 0; i < 3; i++) at.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }));
      });
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector("dialog", { state: "detached" });
      assert.equal(sent.length, 1);
      const { items } = await get(page, "/v1/cases?open=true&limit=200");
      await page.goto(`/cases/${items.find((each) => !each.assignee_id || each.assignee_id === "anna").case_id}`);
      await page.fill(".note-form textarea", "Looked at it.");
      await act(page, "note").evaluate((button) => [1, 2, 3].forEach(() => button.click()));
      await page.waitForFunction(() => document.querySelector(".note-form textarea").value === "");
      assert.deepEqual(sent.map((each) => each.kind), ["close_alert", "note"]);
    } finally {
      await page.unroute("**/v1/decisions");
    }
  },

  async "in a case the key m does what its button may"({ analyst: page }) {
    const { items } = await get(page, "/v1/cases?open=true&limit=200");
    const of = items.find((each) => !each.assignee_id);
    await page.goto(`/cases/${of.case_id}`);
    await act(page, "propose").waitFor();
    await page.keyboard.press("m");
    await page.waitForSelector("dialog select[name=kind]");
    await page.keyboard.press("Escape");
    const detail = `**/v1/cases/${of.case_id}`;
    await page.route(detail, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"case":\s*\{/, '$&"assignee_id":"somebody",') });
    });
    try {
      await page.reload();
      await page.waitForSelector("[data-act=propose][aria-disabled=true]");
      await page.keyboard.press("m");
      assert.equal(await page.locator("dialog").count(), 0);
    } finally {
      await page.unroute(detail);
    }
  },

  async "changing a user and ending a token ask first, and say about whom"({ open }) {
    const page = await open();
    const sent = [];
    await page.route("**/v1/users/*", (route) => {
      sent.push(route.request().postDataJSON());
      return route.fulfill(json(200, { user_id: "vera" }));
    });
    await page.route("**/v1/tokens", (route) => route.fulfill(json(200, { items: [{ token_id: "t-1", scope: "ingest", source: "okx", trusted: false, created_ts: 1, waits: false }] })));
    await page.route("**/v1/tokens/t-1", (route) => {
      sent.push(route.request().method());
      return route.fulfill({ status: 204 });
    });
    await signIn(page, "administrator", "/users");
    const role = page.getByLabel("Change role: vera");
    await role.selectOption("operator");
    assert.match(await text(page, "dialog"), /Change role: vera.*viewer → operator/);
    await picture(page, "role");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog .complaint");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.equal(await role.inputValue(), "viewer");
    assert.deepEqual(sent, []);
    await role.selectOption("operator");
    await decide(page, "moves to the other desk");
    await page.locator("tr", { hasText: "vera" }).getByRole("button", { name: "Disable" }).click();
    assert.match(await text(page, "dialog h2"), /^Disable: vera$/);
    await decide(page, "has left");
    await page.click("[data-end=t-1]");
    assert.match(await text(page, "dialog"), /End: t-1.*okx/);
    await picture(page, "token");
    assert.equal(sent.length, 2);
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog", { state: "detached" });
    assert.deepEqual(sent, [{ role: "operator", reason: "moves to the other desk" }, { disabled: true, reason: "has left" }, "DELETE"]);
    await page.unroute("**/v1/tokens");
    const reasons = [];
    page.on("request", (request) => request.method() === "POST" && reasons.push(request.postDataJSON().reason));
    await page.getByLabel("Source").fill("second");
    await page.getByRole("button", { name: "New token" }).click();
    assert.match(await text(page, "dialog"), /sends \(ingest\) · second/);
    await decide(page, "the second connector");
    await page.waitForSelector("code.secret");
    await page.getByRole("button", { name: "Add a user" }).click();
    await page.fill("dialog input[name=user_id]", "nora");
    await page.fill("dialog input[name=password]", "correct horse battery");
    await picture(page, "adding");
    await decide(page, "begins today");
    await page.waitForSelector("td >> text=nora");
    assert.deepEqual(reasons, ["the second connector", "begins today"]);
  },

  async "a measure's form sends what it shows, whatever kinds were chosen before"({ analyst: page }) {
    const { items } = await get(page, "/v1/alerts?limit=1");
    const sent = await answering(page, () => json(200, { seq: 1, accepted: true }));
    try {
      await page.goto(`/alerts/${items[0].alert_id}`);
      await act(page, "propose").click();
      await page.selectOption("dialog select[name=hours]", String(90 * 24));
      await page.selectOption("dialog select[name=kind]", "terminate");
      await page.selectOption("dialog select[name=kind]", "freeze_funds");
      const shown = Number(await page.inputValue("dialog select[name=hours]"));
      await decide(page, "money leaves through one account");
      assert.equal(shown, 90 * 24);
      assert.equal(sent[0].measure.duration_s, shown * 3600);
    } finally {
      await page.unroute("**/v1/decisions");
    }
  },

  async "the gate's answer is of the action that was asked for"({ analyst: page }) {
    const { items } = await get(page, "/v1/alerts?limit=1");
    await page.goto(`/accounts/${encodeURIComponent(items[0].account_ids[0])}`);
    await page.selectOption("select[name=action]", "withdraw");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    assert.match(await text(page, ".gate"), /withdraw/);
    await page.selectOption("select[name=action]", "login");
    assert.equal(await page.locator(".gate").count(), 0);
    await page.selectOption("select[name=action]", "withdraw");
    await page.waitForSelector(".gate");
  },

  async "an amount is read as its language writes it, and said again before it is sent"({ open }) {
    const cases = {
      en: { "1.000": "1", "1,000": "1000", "1.234": "1.234", "1,234,567.50": "1234567.5", "0.5": "0.5", "1,5": "", "1.000.000": "", "0,500": "" },
      de: { "1.000": "1000", "1,000": "1", "1,234": "1.234", "1.234.567,50": "1234567.5", "0,5": "0.5", "1.5": "", "1,000,000": "", "0.500": "" },
    };
    const shown = { en: { 1000: "1,000 USDT", "1.234": "1.234 USDT (1 and 234 thousandths)", "1234567.5": "1,234,567.5 USDT" }, de: { 1000: "1.000 USDT", "1.234": "1,234 USDT (1 und 234 Tausendstel)", "1234567.5": "1.234.567,5 USDT", "0.5": "0,5 USDT" } };
    for (const language of ["en", "de"]) {
      const page = await open({ language });
      await signIn(page, "analyst");
      const { items } = await get(page, "/v1/alerts?limit=1");
      await page.goto(`/alerts/${items[0].alert_id}`);
      const sent = await answering(page, () => refusal(409, "wrong_state"));
      await act(page, "propose").click();
      await page.selectOption("dialog select[name=kind]", "limit_withdrawal");
      await page.fill("dialog input[name=asset]", "USDT");
      await page.fill("dialog textarea[name=reason]", "a limit");
      for (const [typed, amount] of Object.entries(cases[language])) {
        const before = sent.length;
        await page.fill("dialog input[name=amount]", typed);
        const said = await text(page, "dialog small [role=status]");
        if (typed === "1.000" || typed === "1,5" || typed === "1.5") await picture(page, `amount-${language}-${typed}`);
        await page.click("dialog button[type=submit]");
        if (amount) {
          await page.waitForFunction(() => document.querySelector("dialog .fault"));
          assert.equal(sent.length, before + 1, typed);
          assert.equal(sent.at(-1).measure.amount, amount, `${language} ${typed}`);
          assert.ok(said.endsWith(shown[language][amount] ?? `${amount} USDT`), `${language} ${typed}: ${said}`);
        } else {
          await page.waitForSelector("dialog p.complaint");
          assert.equal(sent.length, before, `${language} ${typed} was sent`);
          assert.match(said, /^(Not clear|Nicht eindeutig)/);
        }
      }
    }
  },

  async "alerts about others do not disturb the one that is read, however slow its story is"({ open }) {
    const page = await open();
    const tell = await toldBy(page);
    await signIn(page, "analyst");
    const { items } = await get(page, "/v1/alerts?limit=200");
    const one = items.find((each) => each.instrument_id && each.group_id).alert_id;
    const other = items.find((each) => each.alert_id !== one).alert_id;
    const [mine, theirs] = [await raw(page, `/v1/alerts/${one}`), await raw(page, `/v1/alerts/${other}`)];
    const asked = counting(page);
    await page.route(`**/v1/alerts/${one}/story`, async (route) => {
      await new Promise((done) => setTimeout(done, 2500));
      await route.continue();
    });
    await page.goto(`/alerts/${one}`);
    for (let i = 0; i < 8; i++) {
      await page.waitForTimeout(400);
      await tell("alert", theirs);
    }
    await page.waitForSelector(".steps li", { timeout: 3000 });
    const about = `/v1/alerts/${one}`;
    assert.deepEqual([asked[about], asked[`${about}/story`], asked[`${about}/market`]], [1, 1, 1]);
    // Itself, without a new revision: what it was found from is as it was.
    for (let i = 0; i < 3; i++) await tell("alert", mine);
    await page.waitForTimeout(2500);
    assert.deepEqual([asked[about], asked[`${about}/story`]], [2, 1]);
    await tell("alert", mine.replace(/"revision":(\d+)/, (_, n) => `"revision":${Number(n) + 1}`));
    await page.waitForRequest(`**/v1/alerts/${one}/story`);
  },

  async "what an approver has read is not exchanged under their eyes"({ open }) {
    const page = await open();
    const tell = await toldBy(page);
    await signIn(page, "approver");
    const id = (await get(page, "/v1/measures?waiting=adoption")).items[0].measure_id;
    const path = `/v1/measures/${id}`;
    await page.route(`**${path}`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"proposer_id":"system"', '"proposer_id":"anna"') });
    });
    let reading = 0;
    await page.route(`**${path}/preview`, async (route) => {
      const answer = await route.fetch();
      reading++;
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"preview_hash":"\w+"/, `"preview_hash":"${String(reading).repeat(64)}"`) });
    });
    await page.goto(`/measures/${id}`);
    await page.waitForSelector("text=111111");
    const detail = JSON.stringify(JSON.parse(await raw(page, path)).measure);
    await tell("measure", detail);
    await page.waitForSelector(".changed");
    await page.waitForTimeout(2500);
    assert.equal(reading, 1);
    await picture(page, "preview");
    const sent = await answering(page, () => refusal(409, "stale"));
    await act(page, "approve").click();
    await page.fill("dialog textarea[name=reason]", "seen it");
    await page.click("dialog button[type=submit]");
    await page.waitForSelector("dialog .fault");
    await page.keyboard.press("Escape");
    await page.locator(".changed button").click();
    await page.waitForSelector("text=222222");
    assert.equal(await page.locator(".changed").count(), 0);
    assert.equal(sent[0].preview_hash, "1".repeat(64));
  },

  async "until when an account is restricted can be read whole"({ open }) {
    const page = await open();
    await signIn(page, "approver");
    const id = (await get(page, "/v1/alerts?limit=1")).items[0].account_ids[0];
    const path = `/v1/accounts/${encodeURIComponent(id)}`;
    await page.route(`**${path}`, async (route) => {
      const answer = await route.fetch();
      const restrictions = ["open_position", "withdraw"].map((action) => ({ action, instrument_id: "BTC-USDT-PERP", reason: "withdrawal_hold", measure_id: "m-1234567", until_ts: 1772500000123456789n }));
      const text = JSON.stringify(restrictions, (_, value) => (typeof value === "bigint" ? `${value}` : value)).replace(/"(\d{19})"/g, "$1");
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"restrictions":\s*\[[^\]]*\]/, () => `"restrictions":${text}`) });
    });
    await page.goto(`/accounts/${encodeURIComponent(id)}`);
    await page.waitForSelector(".panel.attention table thead");
    await picture(page, "restrictions");
    const panel = page.locator(".panel.attention");
    assert.deepEqual(await panel.locator("th").allTextContents(), ["What", "Measure", "Until"]);
    assert.ok(await panel.evaluate((at) => at.scrollWidth <= at.clientWidth + 1), "nothing is cut off");
  },

  async "a measure whose amount a person must enter says so, and is not approved without it"({ open }) {
    const page = await open();
    await signIn(page, "approver");
    const id = (await get(page, "/v1/measures?waiting=adoption")).items[0].measure_id;
    const path = `/v1/measures/${id}`;
    let entered = "";
    const changed = (url, change = (body) => body) =>
      page.route(url, async (route) => {
        const answer = await route.fetch();
        const body = change(await answer.text()).replace(/"measure":\s*\{(?=[^{}]*"kind")/, `$&"amount_of":"loss_entered",${entered}`);
        await route.fulfill({ response: answer, body });
      });
    let state = "proposed";
    await changed(`**${path}`, (body) => body.replaceAll('"proposer_id":"system"', '"proposer_id":"anna"').replace('"state":"proposed"', `"state":"${state}"`));
    await changed("**/v1/measures?*");
    await page.goto("/measures?view=adoption");
    await page.waitForSelector("main tbody .warn >> text=amount not entered yet");
    await picture(page, "no_amount_in_list");
    assert.equal(await page.locator("main tbody .warn", { hasText: "amount not entered yet" }).count(), 1);
    const of = (await get(page, "/v1/measures?waiting=adoption")).items[0].case_id;
    await changed(`**/v1/cases/${of}*`);
    await page.goto(`/cases/${of}`);
    await page.waitForSelector("main td .warn >> text=amount not entered yet");
    await picture(page, "no_amount_in_case");
    const panel = page.locator(".panel", { has: page.locator("td .warn") });
    assert.ok(await panel.evaluate((at) => at.scrollWidth <= at.clientWidth + 1), "nothing is cut off");
    await page.goto(`/measures/${id}`);
    await page.waitForSelector("main .facts .warn");
    await page.waitForSelector("text=Seen as of");
    await picture(page, "no_amount");
    assert.equal(await act(page, "approve").getAttribute("aria-disabled"), "true");
    assert.match(await text(page, "[data-act=set_amount]"), /^Enter amount/);
    // An amount of what: the engine takes the currency of the case's gain.
    const currency = (await get(page, `${path}/preview`)).gain_currency;
    await act(page, "set_amount").click();
    assert.equal(await text(page, "dialog .unit"), currency);
    await page.fill("dialog input[name=amount]", "1,234.5");
    await page.waitForSelector(`dialog small >> text=Understood: 1,234.5 ${currency}`);
    await picture(page, "amount_entered");
    await page.keyboard.press("Escape");
    await page.route(`**${path}/preview`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"gain_currency":"[^"]*",/, "") });
    });
    await page.goto(`/measures/${id}`);
    await page.waitForSelector("[data-act=set_amount][aria-disabled=true]");
    assert.match(await act(page, "set_amount").getAttribute("title"), /has no currency/);
    state = "refused";
    await page.goto(`/measures/${id}`);
    await page.waitForSelector("main .facts .quiet >> text=no amount was entered");
    await picture(page, "no_amount_refused");
    assert.equal(await page.locator("main .facts .warn").count(), 0);
    state = "proposed";
    entered = '"amount":"12.5","asset":"USDT",';
    await page.goto(`/measures/${id}`);
    await page.waitForSelector("[data-act=approve]:not([aria-disabled])");
    assert.match(await text(page, "[data-act=set_amount]"), /^Change amount/);
    assert.equal(await page.locator("main .facts .warn").count(), 0);
  },

  async "a chart says hours, days where they begin, and that they are UTC"({ open }) {
    const page = await open();
    await page.addInitScript(() => {
      window.drawn = [];
      const write = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        window.drawn.push(text);
        return write.call(this, text, ...at);
      };
    });
    let rates = [];
    await page.route("**/v1/overview", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"rates":\s*\[[^\]]*\]/, () => `"rates":${JSON.stringify(rates)}`) });
    });
    await signIn(page, "approver");
    const drawnOver = async (name, ...times) => {
      rates = times.map((at, i) => ({ ts: `${Date.parse(at)}000000`, events: i, alerts: 0 }));
      await page.goto("/overview");
      await page.waitForSelector(".chart .u-legend >> text=Time (UTC)");
      await page.waitForFunction(() => window.drawn.includes("Time (UTC)"));
      await picture(page, `chart_${name}`);
      return page.evaluate(() => window.drawn);
    };
    const clocks = (drawn) => drawn.filter((mark) => mark.includes(":"));
    const moment = clocks(await drawnOver("moment", "2025-10-27T14:57:31.000Z", "2025-10-27T14:57:31.900Z"));
    assert.ok(moment.length > 1 && moment.every((mark) => /^14:57:3[12]\.\d{3}$/.test(mark)), String(moment));
    const hour = clocks(await drawnOver("hour", "2025-10-27T14:00:00Z", "2025-10-27T15:00:00Z"));
    assert.ok(hour.length > 1 && hour.every((mark) => /^1[45]:\d\d$/.test(mark)), String(hour));
    const minutes = clocks(await drawnOver("minutes", "2025-10-27T14:57:31Z", "2025-10-27T15:03:00Z"));
    assert.ok(new Set(minutes).size > 3, String(minutes));
    const days = await drawnOver("days", "2025-10-27T18:00:00Z", "2025-10-29T06:00:00Z");
    assert.ok(days.includes("2025-10-28") && clocks(days).every((mark) => /^\d\d:00$/.test(mark)), String(days));
    assert.match(await text(page, "#blind td time"), /^2025-10-27 \d\d:/);
    // Two scales: which is which.
    assert.ok(days.includes("events") && days.includes("alerts"), String(days));
  },

  async "a fact says on which side of its limit it is to be"({ analyst: page }) {
    const { items } = await get(page, "/v1/alerts?limit=500&detector=wash_trade");
    await page.goto(`/alerts/${items[0].alert_id}`);
    const facts = page.locator("table.fact-table");
    for (const [name, limit] of [["returns", "≥"], ["net", "≤"]]) {
      const row = facts.locator("tr", { has: page.locator(`th[title="${name}"]`) });
      await row.locator("td.limit", { hasText: limit }).waitFor();
      await row.locator("td", { hasText: "✓" }).waitFor();
    }
  },

  async "a share with many digits is cut in a story, and whole on hovering and on paper"({ analyst: page }) {
    const { items } = await get(page, "/v1/alerts?limit=500&detector=large_order_cancel");
    const alert = items.find((each) => each.facts.some((fact) => /\.\d{9}/.test(fact.value)));
    const shares = alert.facts.map((fact) => fact.value).filter((value) => /\.\d{5}/.test(value));
    const { context } = await get(page, `/v1/alerts/${alert.alert_id}`);
    for (const path of [`/cases/${context.case_id}`, `/alerts/${alert.alert_id}`]) {
      await page.goto(path);
      const story = page.locator("main p", { hasText: alert.text.en });
      await story.waitFor();
      assert.deepEqual(await story.locator(".num").evaluateAll((all) => all.map((each) => each.title)), shares, path);
      const shown = await story.innerText();
      for (const share of shares) {
        const cut = shown.match(/0\.\d+/g).find((each) => share.startsWith(each));
        assert.match(cut ?? share, /^0\.(?:[1-9]\d{3}|0+[1-9]\d\d)$/, path);
      }
      await picture(page, `share_${path.split("/")[1]}`);
      await page.emulateMedia({ media: "print" });
      assert.equal(await story.innerText(), alert.text.en);
      await page.emulateMedia({ media: "screen" });
    }
  },

  // Of all that is shipped, which one day does not show: the scenarios' alerts and the detectors' parts of a score.
  async "in German no number of an alert keeps its English name"() {
    const root = new URL("../../", import.meta.url);
    const texts = (folder, end) => readdirSync(new URL(folder, root), { recursive: true }).filter((name) => name.endsWith(end)).map((name) => readFileSync(new URL(`${folder}/${name}`, root), "utf8"));
    const facts = texts("scenarios", ".scn").flatMap((text) => text.match(/^ +\w+ .*; score \d+/gm) ?? []).flatMap((line) => [...line.matchAll(/[:;] ([a-z_]+) -?\d[\d.]*(?:\/-?[\d.]+)?(?=;)/g)].map(([, name]) => name));
    const parts = texts("src/detectors", ".cc").flatMap((text) => [...text.matchAll(/score_parts(?: = \{|\.push_back\()[^;]*;/g)].flatMap(([part]) => [...part.matchAll(/\{"([a-z_]+)",/g)].map(([, name]) => name)));
    const [, words] = /factsDe[^{]*\{([^}]*)\}/.exec(readFileSync(new URL("web/src/text/words.ts", root), "utf8"));
    const known = new Set([...words.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name));
    // A score's part that is named as its detector has that one's name; revisions are no fact.
    const lacking = [...new Set([...facts, ...parts])].filter((name) => !known.has(name) && !["revisions", "spoofing"].includes(name));
    assert.ok(facts.length > 100 && parts.length > 30, `${facts.length} ${parts.length}`);
    assert.deepEqual(lacking, []);
  },

  async "a backtest is asked for only while it runs"({ open }) {
    const page = await open();
    await signIn(page, "operator", "/rules");
    let asked = 0;
    await page.route("**/v1/backtests", (route) => route.fulfill(json(200, { backtest_id: "b-1" })));
    await page.route("**/v1/backtests/b-1", (route) => {
      asked++;
      return route.fulfill(json(200, { backtest_id: "b-1", progress_percent: 50, ...(asked < 3 ? { state: "running" } : { state: "failed", error: "It cannot be." }) }));
    });
    await page.click("[data-run=vary]");
    await page.waitForSelector(".complaint >> text=It cannot be.");
    await page.waitForTimeout(1600);
    assert.equal(asked, 3);
  },

  async "what waits behind the chip is in the queue once, and leaves it when it is dismissed"({ open }) {
    const page = await open();
    const tell = await toldBy(page);
    await signIn(page, "analyst");
    const [first] = (await get(page, "/v1/alerts?state=open&snoozed=false&limit=1")).items;
    const view = await raw(page, `/v1/alerts/${first.alert_id}`);
    const fresh = view.replaceAll(first.alert_id, "a-999999").replace(/"state":"\w+"/, '"state":"open"');
    await page.route("**/v1/alerts?*", async (route) => {
      await new Promise((done) => setTimeout(done, 800));
      await route.continue();
    });
    await page.goto("/alerts");
    await page.waitForFunction(() => window.sources?.at(-1)?.readyState === 1);
    await tell("alert", view); // before the list has it
    await tell("alert", fresh);
    await page.waitForSelector(".chip.new >> text=2 new");
    await page.waitForSelector(`#row-${first.alert_id}`);
    assert.match(await text(page, ".chip.new"), /1 new/);
    await tell("alert", fresh.replace('"state":"open"', '"state":"dismissed"').replace(/"revision":(\d+)/, (_, n) => `"revision":${Number(n) + 1}`));
    await page.waitForSelector(".chip.new", { state: "detached" });
    await tell("alert", fresh.replace(/"revision":(\d+)/, (_, n) => `"revision":${Number(n) + 2}`));
    await page.waitForSelector(".chip.new");
    await page.keyboard.press("n");
    await page.waitForSelector("#row-a-999999");
    const ids = await page.$$eval(".scroller .row:not(.ghost)", (all) => all.map((row) => row.id));
    assert.equal(new Set(ids).size, ids.length);
    // Of one case: what belongs to another one does not wait here.
    await page.goto("/alerts?case_id=c-1");
    await page.waitForSelector(".empty");
    await tell("alert", view);
    await tell("alert", fresh.replace(/"case_id":"[^"]*"/, '"case_id":"c-1"'));
    await page.waitForSelector(".chip.new");
    assert.match(await text(page, ".chip.new"), /1 new/);
  },

  async "a queue that missed something says so until it has asked"({ open }) {
    const page = await open();
    const tell = await toldBy(page);
    await signIn(page, "analyst");
    await page.waitForSelector(".scroller .row");
    const [first] = (await get(page, "/v1/alerts?limit=1")).items;
    let broken = true;
    let more = false;
    await page.route("**/v1/alerts?*", async (route) => {
      if (broken) {
        broken = false;
        return route.fulfill(refusal(500, "internal"));
      }
      const answer = await route.fetch();
      const body = await answer.text();
      await route.fulfill({ response: answer, body: more ? body.replace(/\}\s*$/, ',"next_cursor":"x"}') : body.replaceAll(first.alert_id, "a-999999") });
    });
    await tell("reset", "{}");
    await page.waitForSelector(".chip.incomplete");
    await page.waitForSelector(".chip.new", { timeout: 8000 });
    more = true;
    await tell("reset", "{}");
    await page.waitForSelector(".chip.incomplete");
    assert.ok(await page.locator(".chip.new").isVisible());
    await picture(page, "incomplete");
    more = false;
    await page.click(".chip.incomplete");
    await page.waitForSelector(".chip.incomplete", { state: "detached" });
    await page.waitForSelector("#row-a-999999");
    assert.equal(await page.locator(".chip.new").count(), 0);
  },

  async "a flood of alerts is counted only, and signing out forgets the queue"({ open }) {
    const page = await open();
    await toldBy(page);
    await signIn(page, "analyst");
    await page.waitForSelector(".scroller .row");
    const [first] = (await get(page, "/v1/alerts?state=open&snoozed=false&limit=1")).items;
    const view = await raw(page, `/v1/alerts/${first.alert_id}`);
    await page.evaluate(([view, id]) => {
      for (let i = 0; i < 1200; i++) window.sources.at(-1).dispatchEvent(new MessageEvent("alert", { data: view.replaceAll(id, `a-90${i}`) }));
    }, [view, first.alert_id]);
    await page.waitForSelector(".chip.new >> text=1,000+ new");
    const asked = counting(page);
    await page.keyboard.press("n");
    await page.waitForSelector(".chip.new", { state: "detached" });
    await page.waitForSelector(`#row-${first.alert_id}`);
    assert.equal(asked["/v1/alerts"], 1);
    assert.equal(await page.locator("[id^=row-a-90]").count(), 0);
    await page.locator(`#row-${first.alert_id} input[type=checkbox]`).check();
    await page.click(".you summary");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.fill("input[name=user_id]", "vera");
    await page.fill("input[name=password]", "correct horse battery");
    await page.click("button[type=submit]");
    await page.waitForSelector(`#row-${first.alert_id}`);
    assert.equal(asked["/v1/alerts"], 2);
    assert.equal(await page.locator(".row[aria-selected=true]").count(), 0);
  },

  async "signing in anew in another tab is noticed: as oneself one goes on, as somebody else this tab is over"({ open }) {
    const page = await open();
    await signIn(page, "analyst");
    const signInElsewhere = (user_id) => page.evaluate(async (body) => (await fetch("/v1/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).status, { user_id, password: "correct horse battery" });
    const { items } = await get(page, "/v1/cases?open=true&limit=200");
    await page.goto(`/cases/${items.find((each) => !each.assignee_id).case_id}`);
    await page.waitForSelector(".note-form textarea");
    assert.equal(await signInElsewhere("anna"), 200);
    const note = async (said) => {
      await page.fill(".note-form textarea", said);
      await act(page, "note").click();
    };
    await note("Seen from two tabs.");
    await page.waitForSelector(".timeline >> text=Seen from two tabs.");
    assert.equal(await signInElsewhere("boris"), 200);
    await note("Whose is this?");
    await page.waitForSelector("input[name=user_id]");
  },

  async "a session that ended while there was no connection is over here too"({ open }) {
    const page = await open();
    await toldBy(page);
    await signIn(page, "analyst");
    await page.waitForSelector(".live.live");
    await page.route("**/v1/session", (route) => route.fulfill(refusal(401, "unauthenticated")));
    await page.evaluate(() => {
      window.sources.at(-1).readyState = 2;
      window.sources.at(-1).onerror();
    });
    await page.waitForSelector("input[name=user_id]");
  },

  async "a tab that nobody looks at leaves its connection, and asks anew when one is back"({ open }) {
    const page = await open();
    await toldBy(page);
    await signIn(page, "analyst");
    await page.waitForSelector(".scroller .row");
    await page.waitForSelector(".live.live");
    const show = (hidden) => page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    const connections = () => page.evaluate(() => window.sources.filter((each) => each.readyState !== 2).length);
    await show(true);
    await show(false); // for a moment only
    await page.waitForTimeout(300);
    await show(true);
    await page.waitForTimeout(9000);
    assert.equal(await connections(), 1);
    await page.waitForTimeout(1500);
    assert.equal(await connections(), 0);
    const asked = counting(page);
    await show(false);
    await page.waitForSelector(".live.live");
    assert.equal(await connections(), 1);
    await page.waitForTimeout(300);
    assert.equal(asked["/v1/alerts"], 1);
  },

  async "one-time codes are asked for as soon as they are confirmed"({ open }) {
    const page = await open();
    let totp = false;
    await page.route("**/v1/session", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"totp":\w+/, `"totp":${totp}`) });
    });
    await page.route("**/v1/totp", (route) => route.fulfill(json(200, { secret: "ABCD", uri: "otpauth://totp/x" })));
    await page.route("**/v1/totp/confirm", (route) => {
      totp = true;
      return route.fulfill({ status: 204 });
    });
    await signIn(page, "approver", "/users");
    assert.equal(await page.locator("input[name=totp]").count(), 0);
    await page.fill("input[name=totp_password]", "answered by the test");
    await page.getByRole("button", { name: "Set up one-time codes" }).click();
    await page.fill("main input[inputmode=numeric]", "123456");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.waitForSelector("text=Approving asks for a code");
    await page.waitForSelector("input[name=totp]"); // to change the password; an approval goes by the same
  },

  async "whatever is searched for, the console stays"({ analyst: page }) {
    await page.goto("/alerts");
    for (const typed of ["a-5%", "c-1/2", "m-?x", "g-#1", "50%"]) {
      await page.fill("input[type=search]", typed);
      await page.keyboard.press("Enter");
      await page.waitForFunction((path) => location.pathname.endsWith(path), `/${encodeURIComponent(typed)}`);
      await page.waitForFunction((typed) => document.title.startsWith(`${typed} ·`), typed);
      await page.waitForSelector(".fault, main h1");
    }
    // What the service would refuse to answer: by a link from within.
    await page.evaluate(() => {
      history.pushState(null, "", "/alerts/a-6%");
      dispatchEvent(new PopStateEvent("popstate"));
    });
    await page.waitForFunction(() => document.title.startsWith("a-6% ·"));
    await page.waitForSelector(".fault");
    assert.ok(await page.locator("nav").isVisible());
  },

  async "the queue names its row to readers of screens, and a new page has the focus"({ analyst: page }) {
    await page.goto("/alerts");
    await page.waitForSelector(".scroller .row");
    const named = () => page.evaluate(() => {
      const at = document.activeElement;
      const row = document.getElementById(at.getAttribute("aria-activedescendant") ?? "");
      return { role: at.role, id: at.id, row: row?.id, current: row?.classList.contains("current") };
    });
    const seen = new Set();
    for (const key of ["j", "ArrowDown", "j", "k"]) {
      await page.keyboard.press(key);
      const now = await named();
      assert.deepEqual([now.role, now.current], ["grid", true], key);
      seen.add(now.row);
    }
    assert.equal(seen.size, 3);
    await page.locator(".scroller .row").nth(5).click({ position: { x: 600, y: 5 } });
    assert.equal((await named()).current, true);
    await page.click("nav >> text=Cases");
    await page.waitForSelector("h1 >> text=Cases");
    assert.equal((await named()).id, "main");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.waitForSelector(".scroller .row");
    assert.equal((await named()).id, "main");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/alerts/a-*");
    await page.waitForSelector("p.story");
    assert.equal((await named()).id, "main");
  },
};
