// Writes web/src/api/schema.d.ts from openapi/attest.json, or with --check fails when the committed file is another one. A project of its own,
// because openapi-typescript needs TypeScript 5 while the screens are checked with 7. Other paths: generate.mjs [--check] INPUT OUTPUT.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const check = process.argv.includes("--check");
const [input, output] = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const source = input ? pathToFileURL(input) : new URL("../../../openapi/attest.json", import.meta.url);
const target = output ?? fileURLToPath(new URL("../../src/api/schema.d.ts", import.meta.url));

const nodes = await openapiTS(source, { alphabetize: true });
const text = `// Generated from openapi/attest.json by web/tools/openapi; do not edit.\n\n${astToString(nodes)}`;
if (!check) {
  writeFileSync(target, text);
  console.log(`wrote ${target}`);
} else if (readFileSync(target, "utf8") !== text) {
  console.error(`${target} is not what the document says; run: npm run --prefix web/tools/openapi generate`);
  process.exitCode = 1;
} else console.log(`${target} is up to date`);
