// A server of the story's own, without the demonstration: for stories about a laboratory's rules, which everybody else in
// the demonstration would feel. It listens at localhost, because a passkey is bound to a name and never to numbers.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually } from "./story.mjs";

/** The server, and its command line. */
export const program = process.env.ATTEST ?? fileURLToPath(new URL("../../../target/release/attest", import.meta.url));
/** Of the administrator of every house. */
export const owner = {
  email: "olga@meadow-lab.example",
  name: "Olga Sowa",
  password: "Seven-grey-herons-at-9",
};

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

/** An empty server that becomes a laboratory with one administrator. `rules` are more members of the bootstrap request. */
export async function house(rules = {}) {
  const folder = mkdtempSync(join(tmpdir(), "attest-house."));
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const server = spawn(program, ["serve", "--data-dir", folder, "--listen", `127.0.0.1:${port}`], {
    // An identity provider of a story listens on this machine.
    env: { ...process.env, DATABASE_URL: undefined, ATTEST_PUBLIC_URL: base, ATTEST_SIGN_ON_PRIVATE_NETWORKS: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  after(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (said += text));
  const token = await eventually(() => {
    const found = /bootstrap#token=(\S+)/.exec(said)?.[1];
    if (!found) throw new Error(`the server printed no link: ${said}`);
    return found;
  });
  const post = (path, body) =>
    fetch(`${base}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const made = await eventually(async () => {
    const answer = await post("/bootstrap", {
      token,
      laboratory: {
        name: "Meadow Laboratory",
        slug: "meadow",
        kind: "testing",
        timezone: "Europe/Warsaw",
        language: "en",
        address: "Meadow Lane 1",
      },
      administrator: owner,
      ...rules,
    });
    if (!answer.ok) throw new Error(`bootstrap: ${answer.status} ${await answer.text()}`);
    return answer;
  });
  await made.body?.cancel();
  return { base, folder, post };
}

/** The newest link of a letter to this address, from the folder that stands in for a mail server. */
export function linkOf(folder, address) {
  return eventually(() => {
    const letters = readdirSync(join(folder, "mail"))
      .filter((name) => name.endsWith(".eml"))
      .toSorted()
      .map((name) => readFileSync(join(folder, "mail", name), "utf8"))
      .filter((letter) => letter.includes(address));
    const text = plain(letters.at(-1) ?? "");
    const link = /\S+\/password#token=[\w.~-]+/.exec(text)?.[0];
    if (!link) throw new Error(`no letter to ${address} has a link`);
    return link;
  });
}

/** The folder of the demonstration's letters. */
export const demonstrationMail = () => dirname(process.env.DEMO_CREDENTIALS);

/** Quoted-printable (RFC 2045) as it was written. */
const plain = (letter) =>
  letter.replaceAll(/=\r?\n/g, "").replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
