// `node tools/i18n/fill.mjs < pairs.tsv`: puts Polish beside the English it belongs to in src/locales/pl.po. One pair a line: English,
// tab, Polish; with a context: "context|English". Says which English it did not find, and what is still missing.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../../src/locales/pl.po", import.meta.url);
const pairs = new Map(
  readFileSync(0, "utf8")
    .split("\n")
    .filter((line) => line.includes("\t"))
    .map((line) => line.split("\t")),
);
const used = new Set();
let missing = 0;
const unquote = (lines) => [...lines.matchAll(/^"(.*)"$/gm)].map((match) => match[1]).join("");
const keyOf = (block) => {
  const context = /^msgctxt "(.*)"$/m.exec(block)?.[1];
  const id = unquote(/^msgid ((?:".*"\n?)+)/m.exec(block)?.[1] ?? "");
  return context ? `${context}|${id}` : id;
};
const blocks = readFileSync(path, "utf8").split("\n\n");
const filled = blocks.map((block, index) => {
  if (index === 0) return block;
  const key = keyOf(block);
  const polish = pairs.get(key);
  if (polish !== undefined) used.add(key);
  const now =
    polish === undefined
      ? block
      : block.replace(/^msgstr (?:".*"\n?)+/m, () => `msgstr "${polish}"${block.endsWith("\n") ? "\n" : ""}`);
  if (/^msgstr ""\s*$/m.test(now)) {
    missing++;
    console.log("missing:", key);
  }
  return now;
});
writeFileSync(path, filled.join("\n\n"));
for (const key of pairs.keys()) if (!used.has(key)) console.log("not found:", key);

// What the first screens say has catalogues of its own; its Polish is the same.
const polish = new Map(filled.map((block) => [keyOf(block), /^msgstr (?:".*"\n?)+/m.exec(block)?.[0].trimEnd()]));
for (const extent of ["front", "first"]) {
  const part = new URL(`../../src/locales/${extent}/pl.po`, import.meta.url);
  const [head, ...own] = readFileSync(part, "utf8").split("\n\n");
  const translated = own.map((block) =>
    block.replace(
      /^msgstr (?:".*"\n?)+/m,
      (now) => (polish.get(keyOf(block)) ?? now.trimEnd()) + (now.endsWith("\n") ? "\n" : ""),
    ),
  );
  writeFileSync(part, [head, ...translated].join("\n\n"));
}
console.log(`${used.size} filled, ${missing} still missing`);
