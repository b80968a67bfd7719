// An identity provider for tests: oidc-provider, certified for OpenID Connect, with one form in the place of a directory:
// whoever is typed in there is believed. `node provider.mjs REDIRECT_URI…`; prints `provider: <issuer>` once it listens, and
// ends when its standard input closes, so that it does not outlive its test.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

export const client = { id: "attest", secret: "a-secret-of-the-tests-and-nobody-else" };
const accounts = new Map();
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: process.argv.slice(2),
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [{ ...key, alg: "RS256", use: "sig", kid: "one" }] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  // What a person is called comes from userinfo, as the specification has it; how they signed in stands in the token.
  claims: {
    openid: ["sub", "acr", "amr", "auth_time"],
    email: ["email", "email_verified"],
    profile: ["name", "locale"],
    groups: ["groups"],
  },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
  // Nobody is asked whether they agree.
  async loadExistingGrant(ctx) {
    const { client: asking, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email groups");
    await grant.save();
    return grant;
  },
});

const field = (label, name, value) => `<p><label>${label} <input name="${name}" value="${value}"></label></p>`;
const page =
  () => `<!doctype html><html lang="en"><title>Test provider</title><h1>Test provider</h1><form method="post">
${field("Account", "sub", "")}${field("E-mail", "email", "")}${field("Name", "name", "")}${field("Groups", "groups", "")}
<p><label><input type="checkbox" name="verified" value="yes" checked> The address is checked</label></p>
<p><label><input type="checkbox" name="mfa" value="yes"> Several factors</label></p>
<button>Continue</button> <button name="decline" value="yes">Decline</button></form></html>`;

async function formOf(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

const serve = provider.callback();
server.on("request", async (request, response) => {
  try {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    if (!request.url.startsWith("/interaction/")) return serve(request, response);
    await provider.interactionDetails(request, response);
    if (request.method !== "POST") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      return response.end(page());
    }
    const form = await formOf(request);
    if (form.get("decline")) {
      const declined = { error: "access_denied", error_description: "the person declined" };
      return await provider.interactionFinished(request, response, declined);
    }
    const sub = form.get("sub");
    accounts.set(sub, {
      email: form.get("email") || undefined,
      email_verified: form.get("verified") === "yes",
      name: form.get("name") || undefined,
      groups: (form.get("groups") ?? "").split(",").filter(Boolean),
    });
    const amr = form.get("mfa") === "yes" ? ["pwd", "mfa"] : ["pwd"];
    return await provider.interactionFinished(request, response, { login: { accountId: sub, amr, remember: false } });
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
console.log(`provider: ${issuer}`);
