// What must not go wrong at the console when an answer is late, refused, or not what one thinks. The answers to
// acts are made up here, so that nothing is really decided.
import assert from "node:assert/strict";
import { act, get, settled, text } from "./steps.mjs";

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
      if (process.env.SCREENS) for (const theme of ["dark", "light"]) {
        await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
        await page.screenshot({ path: `${process.env.SCREENS}/refused-${theme}.png` });
      }
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
};
