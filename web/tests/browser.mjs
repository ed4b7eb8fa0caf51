// Debian's Chromium by playwright-core, signed in at a service.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { users } from "./service.mjs";

// WebGL by software is for the network of a group; it makes every other page draw slowly.
export async function openBrowser({ webgl = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...(webgl ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu"])],
  });
}

export async function newPage(browser, base, { width = 1280, height = 800, theme = "light", language = "en" } = {}) {
  const context = await browser.newContext({ baseURL: base, viewport: { width, height }, locale: language === "de" ? "de-DE" : "en-US" });
  await context.addInitScript(
    (settings) => {
      if (!localStorage.getItem("marktwacht")) localStorage.setItem("marktwacht", JSON.stringify(settings));
    },
    { theme, language, density: "compact" },
  );
  // A build that is not in the program yet.
  const dist = process.env.CONSOLE_DIST;
  if (dist) {
    await context.route(/^[^?]*:\d+\/(?!v1\/|metrics)/, (route) => {
      const path = join(dist, new URL(route.request().url()).pathname);
      return route.fulfill({ path: /\.\w+$/.test(path) && existsSync(path) ? path : join(dist, "index.html") });
    });
  }
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (fault) => page.faults.push(String(fault.stack ?? fault)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) page.faults.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:") && !url.startsWith("blob:")) page.faults.push(`asked outside: ${url}`);
  });
  return page;
}

export async function signIn(page, role, at = "/alerts") {
  const [user, secret] = users[role];
  await page.goto(at);
  await page.fill("input[name=user_id]", user);
  await page.fill("input[name=password]", secret);
  await page.click("button[type=submit]");
  await page.waitForSelector("nav");
}
