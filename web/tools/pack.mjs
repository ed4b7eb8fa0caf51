// Compresses what was built, so that the service need not, and says what the whole page weighs.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const bytesMax = 300 * 1000; // compressed, all together
const dist = fileURLToPath(new URL("../dist", import.meta.url));
let bytes = 0;
for (const name of readdirSync(dist, { recursive: true })) {
  if (![".html", ".js", ".css", ".svg"].includes(extname(name))) continue;
  const packed = gzipSync(readFileSync(join(dist, name)), { level: 9 });
  writeFileSync(join(dist, `${name}.gz`), packed);
  bytes += packed.length;
}
console.log(`web/dist: ${(bytes / 1000).toFixed(1)} kB compressed of ${bytesMax / 1000} kB allowed`);
if (bytes > bytesMax) process.exit(1);
