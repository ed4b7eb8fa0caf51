// Checks a value against a schema of openapi.json: what differs, as text.
import { readFileSync } from "node:fs";

export const api = JSON.parse(readFileSync(new URL("../../src/service/openapi.json", import.meta.url)));

export function differences(schema, value, at = "") {
  if (schema.$ref) return differences(api.components.schemas[schema.$ref.split("/").at(-1)], value, at);
  if (schema.oneOf) {
    return schema.oneOf.some((each) => differences(each, value, at).length === 0) ? [] : [`${at}: is none of what it may be`];
  }
  const kind = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : value === null ? "null" : typeof value;
  if (schema.type && schema.type !== kind) return [`${at}: ${kind}, not ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: "${value}" is none of ${schema.enum.join(", ")}`];
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return [`${at}: "${value}" is not like ${schema.pattern}`];
  if (schema.minimum !== undefined && value < schema.minimum) return [`${at}: ${value} is below ${schema.minimum}`];
  if (kind === "array") return value.flatMap((each, i) => differences(schema.items ?? {}, each, `${at}[${i}]`));
  if (kind !== "object") return [];
  const known = schema.properties ?? {};
  const found = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${at}.${key}: is missing`);
  for (const [key, each] of Object.entries(value)) {
    const of = known[key] ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);
    if (of) found.push(...differences(of, each, `${at}.${key}`));
    else if (schema.additionalProperties === false) found.push(`${at}.${key}: is not in the schema`);
  }
  return found;
}

export function answerSchema(path, method = "get") {
  const operation = api.paths[path]?.[method];
  const done = operation && Object.entries(operation.responses).find(([code]) => code.startsWith("2"))?.[1];
  return done?.content?.["application/json"]?.schema;
}
