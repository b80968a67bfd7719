// The API's page: reads /api/v1/openapi.json of this very server and draws it, one area at a time. No other sources.
import { h, inline, prose, tell } from "./dom.js";
import { article, describe, method } from "./operation.js";
import { Schemas } from "./schema.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
// The order of a day's work; areas that are not listed follow by name.
const ORDER = ["auth", "me", "orders", "samples", "results", "critical", "work", "reports", "patients", "clients", "catalogue", "users", "people", "roles", "laboratory", "audit", "public", "operation"];
const [nav, page, search] = ["nav", "page", "search"].map((id) => document.getElementById(id));

theme();
try {
  const answer = await fetch("/api/v1/openapi.json", { credentials: "omit" });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  start(await answer.json());
} catch (error) {
  page.replaceChildren(h("h1", {}, "The document could not be read"), h("p", {}, `${error.message}. Reload the page, or open `, h("a", { href: "/api/v1/openapi.json" }, "openapi.json"), "."));
}

function start(spec) {
  const schemas = new Schemas(spec.components?.schemas);
  const operations = Object.entries(spec.paths).flatMap(([path, item]) =>
    METHODS.filter((name) => item[name]).map((name) => describe(name, path, item[name], schemas)));
  const areas = [...Map.groupBy(operations, (it) => it.tag)].sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
  const common = commonProblems(operations);
  document.getElementById("version").textContent = spec.info.version;

  const links = areas.map(([tag, list]) => {
    const items = list.map((it) => ({ it, item: h("li", {}, h("a", { href: `#/${tag}/${it.id}`, title: it.path }, method(it.method), h("span", {}, it.title))) }));
    const group = h("details", { open: true }, h("summary", {}, words(tag), h("small", {}, String(list.length))), h("ul", {}, items.map(({ item }) => item)));
    return { tag, items, group };
  });
  const nothing = h("p.muted", { hidden: true }, "Nothing fits. Try a path, a field or a permission.");
  nav.replaceChildren(nothing, h("a.home", { href: "#/" }, "Start here"), ...links.map(({ group }) => group));

  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { items, group } of links) {
      let here = 0;
      for (const { it, item } of items) {
        item.hidden = !wanted.every((word) => it.words.includes(word));
        if (!item.hidden) here += 1;
      }
      group.hidden = here === 0;
      found += here;
    }
    nothing.hidden = found > 0;
    tell(`${found} operations`);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") nav.querySelector("li:not([hidden]) a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !(event.target instanceof HTMLInputElement) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    }
  });

  let drawn = null;
  const show = () => {
    const [, tag, id] = decodeURIComponent(location.hash).split("/");
    const area = areas.find(([name]) => name === tag);
    if (drawn !== (area ? tag : "")) {
      drawn = area ? tag : "";
      const about = spec.tags?.find((one) => one.name === tag)?.description;
      const shown = area ? [h("h1", {}, words(tag)), ...prose(about), ...area[1].map((it) => article(it, schemas, common))] : home(spec, areas, common, schemas);
      page.replaceChildren(...shown);
      document.title = area ? `${words(tag)} · Attest API` : "Attest API";
    }
    for (const link of nav.querySelectorAll("a")) {
      const here = link.getAttribute("href") === `#/${area ? [tag, id].filter(Boolean).join("/") : ""}`;
      here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
      if (here) link.scrollIntoView({ block: "nearest" });
    }
    const target = id ? document.getElementById(`/${tag}/${id}`) : null;
    if (target) {
      target.scrollIntoView();
      target.focus({ preventScroll: true });
    } else scrollTo(0, 0);
  };
  addEventListener("hashchange", show);
  show();
}

/** Statuses that (nearly) every operation answers with, in the same words: told once, on the first page. */
function commonProblems(operations) {
  const counts = new Map();
  for (const { operation } of operations) {
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (status < "400") continue;
      const words = counts.get(status) ?? new Map();
      words.set(answer.description, (words.get(answer.description) ?? 0) + 1);
      counts.set(status, words);
    }
  }
  const most = ([status, words]) => [status, [...words].sort((a, b) => b[1] - a[1])[0][0]];
  return new Map([...counts].sort().map(most));
}

function home(spec, areas, common, schemas) {
  return [
    h("h1", {}, `${spec.info.title} API`),
    h("div.lead", {}, prose(spec.info.description)),
    h("h2", {}, "Areas"),
    h("ul.areas", {}, areas.map(([tag, list]) => h("li", {}, h("a", { href: `#/${tag}` }, h("b", {}, words(tag)), h("span", {}, `${list.length} operations`))))),
    h("h2", {}, "Problems"),
    h("p", {}, "Whatever goes wrong is answered as ", h("code", {}, "application/problem+json"), " (RFC 9457). ", h("code", {}, "type"), " is stable; ", h("code", {}, "request_id"), " finds the case in the server's log."),
    h("ul.fields", {}, [...common].map(([status, meaning]) => h("li", {}, h("div.line", {}, h("span.status.bad", {}, status), h("span", {}, inline(meaning)))))),
    spec.components?.schemas?.Problem ? [h("h3", {}, "Fields of a problem"), schemas.tree({ $ref: "#/components/schemas/Problem" })] : [],
  ].flat();
}

function place(tag) {
  const found = ORDER.indexOf(tag);
  return found < 0 ? ORDER.length - 1.5 : found;
}

function words(tag) {
  const text = tag.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Light, dark or the system's: the same choice that the application keeps. */
function theme() {
  const KEY = "attest.preferences";
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
    } catch {
      return {};
    }
  };
  const button = document.getElementById("theme");
  const apply = (name) => {
    document.documentElement.dataset.theme = name;
    button.textContent = `Theme: ${name}`;
  };
  const next = { system: "light", light: "dark", dark: "system" };
  apply(read().theme in next ? read().theme : "system");
  button.addEventListener("click", () => {
    const chosen = next[document.documentElement.dataset.theme];
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...read(), theme: chosen }));
    } catch {
      // Storage may be forbidden; the choice then lives as long as the page.
    }
    apply(chosen);
  });
}
