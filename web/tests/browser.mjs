// Debian's Chromium by playwright-core, signed in at the service or mock that MARKTWACHT_URL names.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const base = process.env.MARKTWACHT_URL ?? "http://127.0.0.1:8091";

// Who signs in as what: {"analyst":["anna","password"],…} in MARKTWACHT_USERS, else the mock's.
const password = process.env.MARKTWACHT_PASSWORD ?? "correct horse battery";
export const users = process.env.MARKTWACHT_USERS
  ? JSON.parse(process.env.MARKTWACHT_USERS)
  : { analyst: ["anna", password], approver: ["ben", password], viewer: ["vera", password], operator: ["otto", password], administrator: ["ada", password] };

// Where no service is named the mock stands in for it.
export const isMock = process.env.MARKTWACHT_URL === undefined;
const mockPath = fileURLToPath(new URL("../mock/server.mjs", import.meta.url));
let mock;
export async function startMock(...options) {
  mock = spawn(process.execPath, [mockPath, "--port", new URL(base).port, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done, fail) => {
    mock.stdout.once("data", done);
    mock.once("exit", () => fail(new Error("the mock did not start")));
  });
}
export const stopMock = () =>
  new Promise((done) => {
    mock.removeAllListeners("exit");
    mock.once("exit", done);
    mock.kill();
  });

// WebGL by software is for the network of a group; it makes every other page draw slowly.
export async function openBrowser({ webgl = true } = {}) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM`);
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", ...(webgl ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu"])],
  });
}

export async function newPage(browser, { width = 1280, height = 800, theme = "light", language = "en" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: language === "de" ? "de-DE" : "en-US" });
  await context.addInitScript(
    (settings) => {
      if (!localStorage.getItem("marktwacht")) localStorage.setItem("marktwacht", JSON.stringify(settings));
    },
    { theme, language, density: "compact" },
  );
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (fault) => page.faults.push(String(fault)));
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
  await page.goto(base + at);
  await page.fill("input[name=user_id]", user);
  await page.fill("input[name=password]", secret);
  await page.click("button[type=submit]");
  await page.waitForSelector("nav");
}
