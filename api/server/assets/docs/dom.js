// Building the page without innerHTML: nothing that stands in the document can become markup.

/** An element: h("p.muted", {id: "x"}, "text", child, …). Empty children are left out. */
export function h(what, attributes = {}, ...children) {
  const [name, ...classes] = what.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** The little Markdown that descriptions use: paragraphs, lists, `code` and **weight**. */
export function prose(text) {
  if (!text) return [];
  return text.trim().split(/\n\s*\n/).map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => /^\s*[-*] /.test(line))) {
      return h("ul", {}, lines.map((line) => h("li", {}, inline(line.replace(/^\s*[-*] /, "")))));
    }
    return h("p", {}, inline(block));
  });
}

/** One line of it. */
export function inline(text) {
  return (text ?? "").split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`") && part.length > 1) return h("code", {}, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 4) return h("b", {}, part.slice(2, -2));
    return part;
  });
}

/** A panel of text to copy, JSON coloured. */
export function panel(title, text, json = false) {
  const copy = h("button.copy", { type: "button", "aria-label": `Copy: ${title}` }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      tell("Copied");
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Select it by hand";
    }
    setTimeout(() => (copy.textContent = "Copy"), 1600);
  });
  const code = h("code", {}, json ? coloured(text) : text);
  return h("div.panel", {}, h("header", {}, h("span", {}, title), copy), h("pre", { tabindex: "0", role: "group", "aria-label": title }, code));
}

/** Says something to people who do not see the page. */
export function tell(text) {
  document.getElementById("told").textContent = text;
}

function coloured(text) {
  return text.split(/("(?:\\.|[^"\\])*"(?:\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b)/).map((part, place) => {
    if (place % 2 === 0) return part;
    if (part.endsWith(":")) return [h("span.key", {}, part.slice(0, -1)), ":"];
    return h(part.startsWith('"') ? "span.text" : "span.atom", {}, part);
  });
}
