// The service on a simulated day, with a user of each role, in a folder and on a port of its own.
// tests/service.mjs [PROGRAM]: starts one to try the console on, and says who may sign in.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const password = "correct horse battery";
// `codes` is a second approver, for one-time codes.
const names = { analyst: "anna", approver: "boris", viewer: "vera", operator: "otto", administrator: "ada", codes: "tom" };
export const users = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, [name, password]]));

const built = fileURLToPath(new URL("../../build/dev/marktwacht", import.meta.url));
const program = () => process.env.MARKTWACHT ?? built;

function run(args, input = "") {
  const { status, stderr } = spawnSync(program(), args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`marktwacht ${args.join(" ")}: ${stderr}`);
}

export class Service {
  folder = mkdtempSync(join(tmpdir(), "marktwacht-console-"));
  url = "";
  said = "";

  // What `marktwacht demo` does, with more people.
  static async onDay() {
    const service = new Service();
    const day = join(service.folder, "day.mwj");
    run(["simulate", "--seed", "1", "--events", "100000", "--accounts", "1000", "--instruments", "8", "--abuse", "all", "--severity", "0.7", "--analysts", "--out", day]);
    run(["run", day, "--trust", "--no-close", "--data", service.folder, "--alerts", "/dev/null"]);
    for (const [role, [name, secret]] of Object.entries(users)) run(["user", "add", name, "--role", role === "codes" ? "approver" : role, "--data", service.folder], `${secret}\n`);
    await service.start();
    return service;
  }

  // Nothing is in it yet, not even a user.
  static async fresh() {
    const service = new Service();
    await service.start();
    return service;
  }

  // Again at the same address, where it has had one.
  async start() {
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    this.process = spawn(program(), ["serve", "--data", this.folder, "--listen", listen], { stdio: ["ignore", "pipe", "inherit"] });
    this.said = "";
    this.process.stdout.on("data", (text) => (this.said += text));
    this.url = (await this.hears(/^http:\/\/\S+?(?=\/?\s)/m)).match(/^http:\/\/\S+?(?=\/?\s)/m)[0];
  }

  // All that it has said, once that is in it.
  async hears(what) {
    await new Promise((done, fail) => {
      const look = () => what.test(this.said) && done();
      this.process.once("exit", (code) => fail(new Error(`marktwacht serve ended with ${code}`)));
      this.process.stdout.on("data", look);
      look();
    });
    return this.said;
  }

  async stop() {
    this.process.removeAllListeners("exit");
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    await ended;
  }

  async end() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2]) process.env.MARKTWACHT = process.argv[2];
  const service = await Service.onDay();
  console.log(`${service.url}\n${Object.entries(names).map(([role, name]) => `  ${name} (${role === "codes" ? "approver" : role})`).join("\n")}\npassword: ${password}\nCtrl-C ends it.`);
  process.on("SIGINT", () => service.end().then(() => process.exit(0)));
}
