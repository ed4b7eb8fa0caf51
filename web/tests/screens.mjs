// A screenshot of each page in both themes, both languages and two sizes, and what is clipped there.
// tests/screens.mjs FOLDER [page …]; of the service at MARKTWACHT_URL (tests/service.mjs), else of one started for it.
import { mkdirSync } from "node:fs";
import { newPage, openBrowser, signIn } from "./browser.mjs";
import { Service } from "./service.mjs";

const [folder = "screens", ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const role = process.env.ROLE ?? "approver";
const service = process.env.MARKTWACHT_URL ? undefined : await Service.onDay();
const base = process.env.MARKTWACHT_URL ?? service.url;

// Text that its own box cuts off without saying so (an ellipsis or a scrollbar says so).
const clipped = () =>
  [...document.querySelectorAll("button, th, td, dt, dd, h1, h2, h3, label, nav a, .tile, .tag")]
    .filter((at) => at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflow !== "visible" && getComputedStyle(at).textOverflow !== "ellipsis")
    .map((at) => at.textContent.trim().slice(0, 40));

const browser = await openBrowser({ webgl: true });
for (const [width, height] of (process.env.SIZES ?? "1280x800,1920x1080").split(",").map((size) => size.split("x").map(Number))) {
  for (const theme of (process.env.THEMES ?? "light,dark").split(",")) {
    for (const language of (process.env.LANGUAGES ?? "en,de").split(",")) {
      const page = await newPage(browser, base, { width, height, theme, language });
      const name = `${width}-${theme}-${language}`;
      if (only.length === 0 || only.includes("login")) {
        await page.goto("/alerts");
        await page.waitForSelector("input[name=user_id]");
        await page.screenshot({ path: `${folder}/login-${name}.png` });
      }
      await signIn(page, role);
      const first = (path, key) => page.evaluate(async ([path, key]) => (await (await fetch(path)).json()).items.find((each) => each[key])?.[key], [path, key]);
      const group = await first("/v1/groups", "group_id");
      const alert = process.env.ALERT ?? (await first("/v1/alerts?limit=500&detector=spoofing", "alert_id")) ?? (await first("/v1/alerts", "alert_id"));
      const pages = {
        overview: "/overview", alerts: "/alerts", alert: `/alerts/${alert}`,
        cases: "/cases", case: `/cases/${await first("/v1/cases", "case_id")}`,
        measures: "/measures?view=all", measure: `/measures/${await first("/v1/measures", "measure_id")}`,
        groups: "/groups", group: `/groups/${group}`, accounts: "/accounts",
        account: `/accounts/${await page.evaluate(async () => (await (await fetch("/v1/alerts?sort=-score")).json()).items[0].account_ids[0])}`, markets: "/markets",
        rules: "/rules", detectors: "/rules?view=detectors", reports: "/reports", audit: "/audit", users: "/users",
      };
      for (const [what, path] of Object.entries(pages)) {
        if (only.length > 0 && !only.includes(what)) continue;
        await page.goto(path);
        await page.waitForSelector("main h1");
        await page.waitForLoadState("load");
        await page.waitForTimeout(what === "group" || what === "alert" ? 1200 : 500);
        const cut = await page.evaluate(clipped);
        const wide = await page.evaluate(() => document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth);
        if (cut.length > 0 || wide > 1) console.log(`${what}-${name}: cut ${JSON.stringify(cut)} wider by ${wide}`);
        await page.screenshot({ path: `${folder}/${what}-${name}.png` });
      }
      if (page.faults.length > 0) console.log(`${name}: ${[...new Set(page.faults)].join("; ")}`);
      await page.context().close();
    }
  }
}
await browser.close();
await service?.end();
