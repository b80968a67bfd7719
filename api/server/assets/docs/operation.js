// One operation on the page: what it is for, who may, what goes in, what comes out, and what can go wrong.
import { h, inline, panel, prose } from "./dom.js";

/** What may be known about an operation before it is drawn. */
export function describe(method, path, operation, schemas) {
  const permission = operation["x-permission"] ?? "";
  const body = Object.entries(operation.requestBody?.content ?? {})[0];
  return {
    method,
    path,
    operation,
    permission,
    tag: operation.tags?.[0] ?? "other",
    id: operation.operationId ?? `${method}-${path}`,
    title: operation.summary ?? path,
    stepUp: (operation.security ?? []).some((scheme) => Object.values(scheme).some((roles) => roles.includes("step-up"))),
    body: body ? { kind: body[0], ...body[1] } : null,
    words: [method, path, operation.summary, operation.description, permission, fieldNames(operation, body, schemas)].join(" ").toLowerCase(),
  };
}

function fieldNames(operation, body, schemas) {
  const fields = (schema) => {
    let it = schemas.resolve(schema ?? {});
    while (it.type === "array") it = schemas.resolve(it.items ?? {});
    return [it.name ?? "", ...Object.keys(it.properties ?? {})];
  };
  const answers = Object.values(operation.responses ?? {}).flatMap((answer) => Object.values(answer.content ?? {}));
  const good = answers.filter((content) => !/Problem$/.test(content.schema?.$ref ?? ""));
  const parameters = (operation.parameters ?? []).map((parameter) => parameter.name);
  return [...parameters, ...(body ? fields(body[1].schema) : []), ...good.flatMap((content) => fields(content.schema))].join(" ");
}

/** The whole article. */
export function article(it, schemas, common) {
  const { operation } = it;
  return h("article.operation", { id: `/${it.tag}/${it.id}`, tabindex: "-1" },
    h("div.told", {},
      h("h2", {}, h("a", { href: `#/${it.tag}/${it.id}` }, it.title)),
      h("p.path", {}, method(it.method), h("code", {}, path(it.path))),
      h("p.badges", {}, permission(it), it.stepUp ? h("span.badge.step", { title: "POST /api/v1/auth/reauthenticate first" }, "confirmed identity") : null),
      prose(operation.description),
      parameters(operation.parameters ?? [], schemas),
      it.body ? [h("h3", {}, "Body"), h("p.muted", {}, it.body.kind, operation.requestBody.required ? "" : ", optional"), schemas.tree(it.body.schema ?? {}, true)] : null,
      answers(operation.responses ?? {}, schemas, common),
    ),
    h("div.shown", {}, panel("Request", curl(it, schemas)), shown(operation.responses ?? {}, schemas)),
  );
}

/** The method as a chip. */
export function method(name) {
  return h(`span.method.${name}`, {}, name.toUpperCase());
}

/** A path with places to break at. */
function path(text) {
  return text.split(/(?<=\/)/).flatMap((part) => [/^\{/.test(part) ? h("em", {}, part) : part, h("wbr")]);
}

function permission(it) {
  if (it.permission === "public") return h("span.badge.open", {}, "no login needed");
  if (!it.permission) return h("span.badge", {}, "permission not stated");
  if (!it.permission.includes(":")) return h("span.badge", {}, "any signed-in person");
  return [h("span.muted", {}, "needs"), h("span.badge.permission", {}, it.permission)];
}

function parameters(list, schemas) {
  if (!list.length) return null;
  const places = { path: "In the path", query: "In the query", header: "Headers", cookie: "Cookies" };
  return Object.entries(places).map(([place, title]) => {
    const here = list.filter((parameter) => parameter.in === place);
    if (!here.length) return null;
    return [h("h3", {}, title), h("ul.fields", {}, here.map((parameter) => h("li", {},
      h("div.line", {}, h("code.name", {}, parameter.name), h("span.type", {}, schemas.words(parameter.schema ?? {})),
        parameter.required && place !== "path" ? h("span.needed", {}, "needed") : null),
      parameter.description ? h("p", {}, inline(parameter.description)) : null,
      values(schemas.resolve(parameter.schema ?? {})))))];
  });
}

function values(it) {
  const list = it.enum ?? it.items?.enum;
  return list ? h("p.values", {}, list.map((value) => h("code", {}, String(value)))) : null;
}

function answers(responses, schemas, common) {
  const all = Object.entries(responses);
  const good = all.filter(([status]) => status < "400");
  const bad = all.filter(([status]) => status >= "400");
  const own = bad.filter(([status, answer]) => common.get(status) !== answer.description);
  return [
    h("h3", {}, "Answers"),
    good.map(([status, answer]) => {
      const [kind, content] = Object.entries(answer.content ?? {})[0] ?? [];
      return h("div.answer", {},
        h("p.line", {}, h("span.status.good", {}, status), h("span", {}, inline(answer.description)), kind ? h("span.type", {}, kind) : null),
        content?.schema && kind.includes("json") ? h("details", {}, h("summary", {}, "Fields of ", h("b", {}, schemas.words(content.schema))), schemas.tree(content.schema)) : null);
    }),
    own.map(([status, answer]) => h("p.line", {}, h("span.status.bad", {}, status), h("span", {}, inline(answer.description)))),
    bad.length ? h("p.problems", {}, h("span.muted", {}, "Problems: "), bad.map(([status, answer]) => [h("a.status.bad", { href: "#/", title: answer.description }, status), " "])) : null,
  ];
}

function shown(responses, schemas) {
  const [status, answer] = Object.entries(responses).find(([code]) => code < "300") ?? [];
  const [kind, content] = Object.entries(answer?.content ?? {}).find(([name]) => name.includes("json")) ?? [];
  if (!kind) return null;
  const value = content.example ?? Object.values(content.examples ?? {})[0]?.value ?? schemas.example(content.schema ?? {});
  return panel(`${status} ${kind}`, JSON.stringify(value, null, 2), true);
}

/** A request to start from. ATTEST is the address, TOKEN the access token. */
function curl(it, schemas) {
  const query = (it.operation.parameters ?? []).filter((parameter) => parameter.in === "query" && parameter.required);
  const search = query.length ? `?${query.map((parameter) => `${parameter.name}=…`).join("&")}` : "";
  const lines = [`curl "$ATTEST${it.path.replaceAll(/[{}]/g, "").replace(/(?<=\/)(id|code|number|index|level|key)(?=\/|$)/g, (name) => `$${name.toUpperCase()}`)}${search}"`];
  if (it.method !== "get" && !(it.method === "post" && it.body)) lines.push(`-X ${it.method.toUpperCase()}`);
  if (it.permission !== "public") lines.push('-H "Authorization: Bearer $TOKEN"');
  if (it.method === "patch" || it.method === "delete") lines.push("-H 'If-Match: \"1\"'");
  if (it.method === "post" && it.permission !== "public" && !it.path.includes("/auth/")) lines.push('-H "Idempotency-Key: $(uuidgen)"');
  if (it.body?.kind.includes("json")) {
    const value = it.body.example ?? Object.values(it.body.examples ?? {})[0]?.value ?? schemas.example(it.body.schema ?? {});
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(value, null, 2).replaceAll("'", "'\\''")}'`);
  }
  return lines.join(" \\\n  ");
}
