// What the tests of the console do again and again.
import { createHmac } from "node:crypto";

export const get = (page, path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
export const text = async (page, selector) => (await page.locator(selector).first().textContent()).trim();
export async function decide(page, reason = "seen in a test") {
  await page.fill("dialog textarea[name=reason]", reason);
  await page.click("dialog button[type=submit]");
  await page.waitForSelector("dialog", { state: "detached" });
}
// RFC 6238, of now or of a later half minute.
export function oneTimeCode(secret, later = 0) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
// Whatever the page asks for is there.
export const settled = (page) => page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("main .loading, main .chart-room"), undefined, { polling: 50 });
export const act = (page, kind) => page.locator(`[data-act=${kind}]`).first();
