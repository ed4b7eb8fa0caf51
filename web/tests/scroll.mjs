// A hundred thousand alerts: frames a second while scrolling through them, and tasks that block.
// Against the mock. A task's own time is processor time: on a busy machine the clock tells of others. --alerts N, --seconds N.
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return Number(at < 0 ? otherwise : process.argv[at + 1]);
};
const alerts = option("alerts", 100_000);
const seconds = option("seconds", 10);
const framesMin = 30;
const taskMax = 50;
const port = 8092;
process.env.MARKTWACHT_URL = `http://127.0.0.1:${port}`;
const { newPage, openBrowser, signIn, startMock, stopMock } = await import("./browser.mjs");
await startMock("--alerts", String(alerts));
const browser = await openBrowser({ webgl: false });
let fell = true;
try {
  const page = await newPage(browser);
  await signIn(page, "analyst");
  await page.waitForSelector(".scroller .row");
  await page.reload();
  await page.waitForSelector(".scroller .row");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await page.waitForTimeout(1000);
  const debug = await page.context().newCDPSession(page);
  // The longest task of the page's main thread, in processor time.
  const traced = async (act) => {
    const events = [];
    debug.on("Tracing.dataCollected", ({ value }) => events.push(...value));
    await debug.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "blink.user_timing", "__metadata"] } });
    const told = await act();
    const complete = new Promise((done) => debug.once("Tracing.tracingComplete", done));
    await debug.send("Tracing.end");
    await complete;
    const main = new Set(events.filter((each) => each.name === "thread_name" && each.args.name === "CrRendererMain").map((each) => `${each.pid} ${each.tid}`));
    const tasks = events.filter((each) => each.tdur && main.has(`${each.pid} ${each.tid}`)).map((each) => each.tdur / 1000);
    return { ...told, own: Math.max(0, ...tasks), busy: tasks.length };
  };
  const measure = (step, seconds) =>
    traced(() => page.evaluate(
      async ([step, seconds]) => {
        const at = document.querySelector(".scroller");
        const tasks = [];
        const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
        watch.observe({ entryTypes: ["longtask"] });
        const frames = [];
        const begin = performance.now();
        let last = begin;
        await new Promise((done) => {
          const frame = (now) => {
            frames.push(now - last);
            last = now;
            at.scrollTop += step;
            if (now - begin < seconds * 1000) requestAnimationFrame(frame);
            else done();
          };
          requestAnimationFrame(frame);
        });
        await new Promise((done) => setTimeout(done, 100));
        watch.disconnect();
        frames.shift();
        frames.sort((a, b) => a - b);
        return { median: 1000 / frames[Math.floor(frames.length / 2)], slowest: frames.at(-1), tasks: tasks.length, longest: Math.max(0, ...tasks), top: at.scrollTop, shown: document.querySelector(".count").textContent };
      },
      [step, seconds],
    ));
  // As a hand scrolls, while pages are loaded; then to the end; then back through what is there.
  const reading = await measure(120, seconds);
  const last = await page.evaluate(async () => {
    const at = document.querySelector(".scroller");
    at.scrollTop = at.scrollHeight;
    for (let i = 0; i < 1200; i++) {
      await new Promise((done) => setTimeout(done, 100));
      at.scrollTop = at.scrollHeight;
      const [shown, total] = document.querySelector(".count").textContent.match(/[\d,.]+/g).map((text) => text.replace(/\D/g, ""));
      if (shown === total) return shown;
    }
    return undefined;
  });
  const loaded = await measure(-400, seconds);
  const round = (n) => Math.round(n * 10) / 10;
  for (const [name, told] of Object.entries({ "while loading": reading, "all loaded": loaded })) {
    console.log(`${name}: ${round(told.median)} frames/s median, slowest frame ${round(told.slowest)} ms, tasks over ${taskMax} ms: ${told.tasks}, longest ${round(told.longest)} ms by the clock, ${round(told.own)} ms of processor time`);
  }
  console.log(`loaded ${last} of ${alerts} (the others are in no state that the queue shows); first paint ${round(paint)} ms; faults ${page.faults.length}`);
  fell = reading.median < framesMin || loaded.median < framesMin || reading.own > taskMax || loaded.own > taskMax || last === undefined;
} finally {
  await browser.close();
  await stopMock();
}
console.log(fell ? "0 passed, 1 failed" : "1 passed, 0 failed");
process.exitCode = fell ? 1 : 0;
