import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const document = here("../../openapi/attest.json");
const schema = here("../src/api/schema.d.ts");
const tool = here("../tools/openapi");

// Rust → OpenAPI → TypeScript cannot drift: whoever changes the document regenerates the types.
it.skipIf(!existsSync(document))(
  "the types of the client are those of openapi/attest.json",
  () => {
    expect(existsSync(schema), "run: npm ci --prefix tools/openapi && npm run --prefix tools/openapi generate").toBe(
      true,
    );
    if (!existsSync(`${tool}/node_modules`)) execFileSync("npm", ["ci"], { cwd: tool, stdio: "inherit" });
    const said = execFileSync(process.execPath, [`${tool}/generate.mjs`, "--check"], { cwd: tool, encoding: "utf8" });
    expect(said).toContain("is up to date");
  },
  120_000,
);
