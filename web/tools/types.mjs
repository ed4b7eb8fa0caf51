// Makes src/api/types.ts from src/service/openapi.json; --check says whether it is current.
import { readFileSync, writeFileSync } from "node:fs";

const api = JSON.parse(readFileSync(new URL("../../src/service/openapi.json", import.meta.url)));
const target = new URL("../src/api/types.ts", import.meta.url);
const nameOf = (ref) => ref.split("/").at(-1);
const own = (name) => (name === "Text" ? "BothTexts" : name);

function typeOf(schema, indent = "") {
  if (schema.$ref) return own(nameOf(schema.$ref));
  if (schema.format === "ns") return "Ns";
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (schema.oneOf) return schema.oneOf.map((each) => typeOf(each, indent)).join(" | ");
  if (schema.type === "array") {
    const item = typeOf(schema.items, indent);
    return /[|{ ]/.test(item) ? `Array<${item}>` : `${item}[]`;
  }
  if (schema.type === "object") {
    const more = schema.additionalProperties;
    if (!schema.properties) {
      return `Record<string, ${more && more !== true ? typeOf(more, indent) : "unknown"}>`;
    }
    const required = new Set(schema.required ?? []);
    const deeper = indent + "  ";
    const rows = Object.entries(schema.properties).map(
      ([key, each]) => `${deeper}${key}${required.has(key) ? "" : "?"}: ${typeOf(each, deeper)};\n`,
    );
    if (more === true) rows.push(`${deeper}[more: string]: unknown;\n`);
    return `{\n${rows.join("")}${indent}}`;
  }
  return { string: "string", integer: "number", number: "number", boolean: "boolean" }[schema.type];
}

let out =
  "// Made by tools/types.mjs from src/service/openapi.json: do not edit.\n\n" +
  "/** Nanoseconds since 1970, UTC, as digits: more than a number holds exactly. */\n" +
  "export type Ns = string;\n";
for (const [name, schema] of Object.entries(api.components.schemas)) {
  out += `\nexport type ${own(name)} = ${typeOf(schema)};\n`;
}
const roles = Object.entries(api.components.schemas.DecisionKind["x-roles"]);
out +=
  "\n/** Who may decide what. */\nexport const decisionRoles: Record<DecisionKind, readonly Role[]> = {\n" +
  roles.map(([kind, list]) => `  ${kind}: ${JSON.stringify(list)},\n`).join("") +
  "};\n";
out +=
  "\n/** Who may ask for what; the others may be asked by every role. */\n" +
  "export const readRoles: Partial<Record<keyof GetAnswers, readonly Role[]>> = {\n" +
  Object.entries(api.paths)
    .filter(([, operations]) => operations.get?.["x-roles"])
    .map(([path, operations]) => `  ${JSON.stringify(path)}: ${JSON.stringify(operations.get["x-roles"])},\n`)
    .join("") +
  "};\n";
for (const method of ["get", "post", "delete"]) {
  const Method = method[0].toUpperCase() + method.slice(1);
  const bodies = [];
  out += `\nexport interface ${Method}Answers {\n`;
  for (const [path, operations] of Object.entries(api.paths)) {
    const operation = operations[method];
    if (!operation) continue;
    const done = Object.entries(operation.responses).find(([code]) => code.startsWith("2"))[1];
    const schema = done.content?.["application/json"]?.schema;
    out += `  ${JSON.stringify(path)}: ${schema ? typeOf(schema, "  ") : "void"};\n`;
    const body = operation.requestBody?.content["application/json"]?.schema;
    bodies.push(`  ${JSON.stringify(path)}: ${body ? typeOf(body, "  ") : "undefined"};\n`);
  }
  out += "}\n";
  if (method === "post") out += `\nexport interface PostBodies {\n${bodies.join("")}}\n`;
}
if (process.argv.includes("--check")) {
  let now = "";
  try {
    now = readFileSync(target, "utf8");
  } catch {}
  if (now !== out) {
    console.error("src/api/types.ts is not what openapi.json says: npm run types");
    process.exit(1);
  }
} else {
  writeFileSync(target, out);
}
