// Another system that webhooks are sent to, on this machine; it checks signatures as the published specification says.
import { createServer } from "node:http";
import { createHmac } from "node:crypto";

/** Listens; `came` are the messages so far, `answer(status)` says how it answers from now on. */
export async function receiver() {
  let status = 204;
  const came = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      came.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A story that fails before it closes this must end all the same.
  server.unref();
  return {
    url: `http://127.0.0.1:${server.address().port}/attest`,
    came,
    answer: (next) => (status = next),
    close: () => server.close(),
  };
}

/** Whether one of a message's signatures was made with this secret. */
export function signedWith(secret, { headers, body }) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const code = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  return headers["webhook-signature"].split(" ").includes(code);
}
