// Prints each sentence as it comes true or not, and ends with the line that the build reads.
export default async function* report(source) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of source) {
    if (type === "test:stderr" || type === "test:stdout") {
      yield data.message;
      continue;
    }
    // A file is reported as a test of its own only when something in it broke outside its stories.
    const story = data.skip === undefined && data.details?.type !== "suite" && !data.name?.endsWith(".test.mjs");
    if (type === "test:pass" && story) {
      passed++;
      yield `  ok      ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
    }
    if (type === "test:fail" && (story || data.details.error?.failureType !== "subtestsFailed")) {
      failed++;
      const { error } = data.details;
      yield `  FAILED  ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
      yield `${plain(error.cause?.stack ?? error.stack ?? String(error)).replace(/^/gm, "          ")}\n`;
    }
  }
  yield `browser: ${passed} passed, ${failed} failed\n`;
}

/** Without the colours that some messages carry. */
function plain(text) {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[\d+m/g, "");
}
