// A picture of each page, as long as the page is, in both themes, both languages and two sizes, and what is clipped there.
// tests/screens.mjs FOLDER [page …]; of the service at MARKTWACHT_URL (tests/service.mjs), else of one started for it.
import { mkdirSync } from "node:fs";
import { newPage, openBrowser, signIn } from "./browser.mjs";
import { Service, users } from "./service.mjs";

const [folder = "screens", ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const service = process.env.MARKTWACHT_URL ? undefined : await Service.onDay();
const base = process.env.MARKTWACHT_URL ?? service.url;
const heightMax = 6000;

// Text that its own box cuts off without saying so (an ellipsis or a scrollbar says so), and texts that are none.
const clipped = () => {
  const cut = [...document.querySelectorAll("button, th, td, dt, dd, h1, h2, h3, label, nav a, .tile, .tag")]
    .filter((at) => at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflow !== "visible" && getComputedStyle(at).textOverflow !== "ellipsis")
    .map((at) => at.textContent.trim().slice(0, 40));
  const shortened = [...document.querySelectorAll("main *")]
    .filter((at) => at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).textOverflow === "ellipsis")
    .map((at) => at.textContent.trim().slice(0, 40));
  const none = /undefined|NaN|\[object|null\b|Invalid Date/.exec(document.querySelector("main, body").innerText)?.[0];
  const main = document.querySelector("main");
  const wide = main ? main.scrollWidth - main.clientWidth : 0;
  const scrolled = [...document.querySelectorAll(".scroll-x, .panel")].filter((at) => at.scrollWidth > at.clientWidth + 1).map((at) => `${at.ariaLabel ?? at.querySelector("h2")?.textContent} by ${at.scrollWidth - at.clientWidth}`);
  return [
    ...(cut.length > 0 ? [`cut ${JSON.stringify(cut)}`] : []),
    ...(shortened.length > 0 ? [`shortened ${JSON.stringify([...new Set(shortened)].slice(0, 6))}`] : []),
    ...(scrolled.length > 0 ? [`scrolls ${scrolled.join(", ")}`] : []),
    ...(wide > 1 ? [`wider by ${wide}`] : []),
    ...(none ? [`says ${none}`] : []),
  ];
};

async function newCodes(page) {
  await page.fill("input[name=totp_password]", users.viewer[1]);
  await page.getByRole("button", { name: /one-time codes|Einmalcodes/ }).first().click();
  await page.waitForSelector("code.secret");
}

// What each page is about: of the real data, the first that has what the page shows.
async function subjects(page) {
  const ask = (path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
  const alerts = (await ask("/v1/alerts?limit=500&sort=-score&state=open,ended")).items;
  const one = (...detectors) => (detectors.map((each) => alerts.find((alert) => alert.detector === each)).find(Boolean) ?? alerts[0]).alert_id;
  const measures = (await ask("/v1/measures?limit=200")).items;
  const measure = (...states) => (measures.find((each) => states.includes(each.state)) ?? measures[0]).measure_id;
  const cases = (await ask("/v1/cases?limit=200")).items;
  const groups = (await ask("/v1/groups?limit=200")).items;
  const fullest = cases.toSorted((a, b) => b.alert_ids.length - a.alert_ids.length)[0];
  const account = alerts.find((each) => each.detector === "wash_trade")?.account_ids[0] ?? alerts[0].account_ids[0];
  return {
    account,
    case: process.env.CASE ?? (cases.find((each) => each.assignee_id) ?? fullest).case_id,
    fullest: fullest.case_id,
    free: (cases.find((each) => !each.assignee_id) ?? fullest).case_id, // another's is locked
    group: (groups.find((each) => each.fragile) ?? groups[0]).group_id,
    spoofing: process.env.ALERT ?? one("spoofing", "layering"),
    wash: one("wash_trade", "self_trade"),
    linked: (alerts.find((each) => each.group_id && !["wash_trade", "spoofing"].includes(each.detector)) ?? alerts[0]).alert_id,
    rule: (alerts.find((each) => each.rulebook && !/^(wash_trade|spoofing)$/.test(each.detector) && !each.instrument_id) ?? alerts[0]).alert_id,
    proposed: measure("proposed"),
    adopted: measure("adopted"),
    applied: measure("applied", "partly_applied", "applying"),
  };
}

const shadowed = async (page) => {
  await page.getByLabel(/in steps of|in Schritten/).fill("4");
  await page.click("[data-run=vary]");
  await page.waitForSelector("[data-what-if=done] canvas", { timeout: 60_000 });
};
const dialog = (kind) => async (page) => {
  const act = page.locator(`[data-act=${kind}]:not([aria-disabled])`).first();
  if ((await act.count()) > 0) await act.click();
  else console.log(`no ${kind} at ${page.url()}`);
};
// name: [role, path, what to do first, and whether the page is taken as the screen shows it]
const pagesOf = (of) => ({
  overview: ["approver", "/overview"],
  alerts: ["approver", "/alerts", undefined, true],
  snoozing: ["approver", "/alerts", async (page) => { await page.waitForSelector(".scroller .row"); await page.keyboard.press("s"); }, true],
  keyboard: ["approver", "/alerts", async (page) => { await page.waitForSelector(".scroller .row"); await page.keyboard.press("?"); }, true],
  alert: ["approver", `/alerts/${of.spoofing}`],
  alert_wash: ["approver", `/alerts/${of.wash}`],
  alert_linked: ["approver", `/alerts/${of.linked}`],
  alert_rule: ["approver", `/alerts/${of.rule}`],
  cases: ["approver", "/cases"],
  case: ["approver", `/cases/${of.case}`],
  case_full: ["approver", `/cases/${of.fullest}`],
  closing: ["approver", `/cases/${of.free}`, dialog("close_case"), true],
  measures: ["approver", "/measures?view=all"],
  measure_proposed: ["approver", `/measures/${of.proposed}`],
  measure: ["approver", `/measures/${of.adopted}`],
  approving: ["approver", `/measures/${of.adopted}`, dialog("approve"), true],
  measure_applied: ["approver", `/measures/${of.applied}`],
  proposing: ["approver", `/alerts/${of.wash}`, dialog("propose"), true],
  groups: ["approver", "/groups"],
  group: ["approver", `/groups/${of.group}`],
  accounts: ["approver", "/accounts"],
  account: ["approver", `/accounts/${encodeURIComponent(of.account)}`],
  markets: ["approver", "/markets"],
  rules: ["operator", "/rules"],
  detectors: ["operator", "/rules?view=detectors"],
  what_if: ["operator", "/rules", shadowed],
  reports: ["approver", `/reports?stor=${of.case}`],
  audit: ["approver", "/audit"],
  users: ["administrator", "/users"],
  codes: ["viewer", "/users", newCodes],
});

const browser = await openBrowser({ webgl: true });
for (const [width, height] of (process.env.SIZES ?? "1280x800,1920x1080").split(",").map((size) => size.split("x").map(Number))) {
  for (const theme of (process.env.THEMES ?? "light,dark").split(",")) {
    for (const language of (process.env.LANGUAGES ?? "en,de").split(",")) {
      const name = `${width}-${theme}-${language}`;
      const pages = {};
      const signedIn = async (role) => {
        if (!pages[role]) {
          pages[role] = await newPage(browser, base, { width, height, theme, language });
          await signIn(pages[role], role);
        }
        return pages[role];
      };
      if (only.length === 0 || only.includes("login")) {
        const page = await newPage(browser, base, { width, height, theme, language });
        await page.goto("/alerts");
        await page.waitForSelector("input[name=user_id]");
        await page.screenshot({ path: `${folder}/login-${name}.png` });
        await page.goto("/#setup=0000");
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${folder}/setup-${name}.png` });
        await page.context().close();
      }
      const of = await subjects(await signedIn("approver"));
      for (const [what, [role, path, first, asShown]] of Object.entries(pagesOf(of))) {
        if (only.length > 0 && !only.includes(what)) continue;
        const page = await signedIn(role);
        await page.setViewportSize({ width, height });
        await page.goto(path);
        await page.waitForSelector("main h1");
        await page.waitForFunction(() => !document.querySelector("main .loading, main .chart-room"), undefined, { timeout: 20_000 }).catch(() => console.log(`${what}-${name}: still loading`));
        await first?.(page);
        await page.waitForTimeout(/group|alert/.test(what) ? 700 : 250);
        const cut = await page.evaluate(clipped);
        if (cut.length > 0) console.log(`${what}-${name}: ${cut.join("; ")}`);
        if (!asShown) {
          const inside = await page.evaluate(() => Math.max(document.documentElement.scrollHeight, ...[...document.querySelectorAll("main, main *")].filter((at) => at.tagName === "MAIN").map((at) => at.scrollHeight + at.getBoundingClientRect().top)));
          if (inside > height) {
            await page.setViewportSize({ width, height: Math.min(heightMax, Math.ceil(inside) + 8) });
            await page.waitForTimeout(200);
          }
        }
        await page.screenshot({ path: `${folder}/${what}-${name}.png` });
      }
      if (only.length === 0 || only.includes("printed")) {
        const page = await signedIn("approver");
        await page.setViewportSize({ width: 794, height: 1123 });
        await page.goto(`/cases/${of.case}`);
        await page.waitForSelector(".case-page .panel");
        await page.waitForTimeout(500);
        await page.emulateMedia({ media: "print" });
        await page.screenshot({ path: `${folder}/printed-${name}.png`, fullPage: true });
        await page.emulateMedia({ media: "screen" });
      }
      for (const page of Object.values(pages)) {
        if (page.faults.length > 0) console.log(`${name}: ${[...new Set(page.faults)].join("; ")}`);
        await page.context().close();
      }
    }
  }
}
await browser.close();
await service?.end();
