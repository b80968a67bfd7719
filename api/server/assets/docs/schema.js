// JSON Schema as OpenAPI 3.1 uses it: what a value looks like, in words, as a tree, and as an example.
import { h, inline } from "./dom.js";

/** Over the schemas of one document. */
export class Schemas {
  constructor(components) {
    this.named = components ?? {};
  }

  /** The schema behind references and "or null", with what was said about it on the way. */
  resolve(schema) {
    let { nullable = false, description, name } = schema ?? {};
    let now = schema ?? {};
    for (let steps = 0; steps < 12; steps++) {
      const choices = now.oneOf ?? now.anyOf;
      if (now.$ref) {
        name = now.$ref.split("/").pop();
        now = this.named[name] ?? {};
      } else if (now.allOf?.length === 1 && !now.properties) {
        now = now.allOf[0];
      } else if (choices?.some((one) => one.type === "null")) {
        nullable = true;
        const rest = choices.filter((one) => one.type !== "null");
        now = rest.length === 1 ? rest[0] : { ...now, oneOf: rest, anyOf: undefined };
      } else break;
      description ??= now.description;
    }
    let type = now.type;
    if (Array.isArray(type)) {
      nullable ||= type.includes("null");
      type = type.filter((one) => one !== "null");
      type = type.length === 1 ? type[0] : type;
    }
    if (now.allOf?.length) now = this.#merged(now);
    return { ...now, type, nullable, name, description: description ?? now.description };
  }

  #merged(schema) {
    const parts = schema.allOf.map((part) => this.resolve(part));
    return {
      ...schema,
      allOf: undefined,
      type: "object",
      properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties),
      required: [...parts.flatMap((part) => part.required ?? []), ...(schema.required ?? [])],
    };
  }

  /** The type in words: "list of Result", "text (uuid)", "number, 1 to 200". */
  words(schema) {
    const it = this.resolve(schema);
    const nullable = it.nullable ? " or null" : "";
    if (it.type === "array") return `list of ${this.words(it.items ?? {})}${nullable}`;
    if (it.enum) return `${it.name ?? "one of"}${nullable}`;
    if (it.oneOf ?? it.anyOf) return (it.name ?? (it.oneOf ?? it.anyOf).map((one) => this.words(one)).join(" or ")) + nullable;
    if (it.type === "object" || it.properties) {
      if (it.name) return it.name + nullable;
      return (typeof it.additionalProperties === "object" ? `object of ${this.words(it.additionalProperties)}` : "object") + nullable;
    }
    const kinds = { string: "text", integer: "integer", number: "number", boolean: "true or false" };
    const kind = Array.isArray(it.type) ? it.type.join(" or ") : (kinds[it.type] ?? "anything");
    const formats = { uuid: "UUID", "date-time": "moment", date: "day", email: "e-mail", binary: "bytes", uri: "link" };
    const named = formats[it.format] ?? kind;
    return named + this.#bounds(it) + nullable;
  }

  #bounds(it) {
    const [low, high] = [it.minimum ?? it.minLength ?? it.minItems, it.maximum ?? it.maxLength ?? it.maxItems];
    const unit = it.minLength !== undefined || it.maxLength !== undefined ? " characters" : "";
    if (low !== undefined && high !== undefined) return `, ${low} to ${high}${unit}`;
    if (high !== undefined) return `, at most ${high}${unit}`;
    return low ? `, at least ${low}${unit}` : "";
  }

  /** The fields of an object (or of what a list holds), as a tree that opens on demand. In requests it says what is needed. */
  tree(schema, request = false, way = []) {
    let it = this.resolve(schema);
    while (it.type === "array") it = this.resolve(it.items ?? {});
    const choices = it.oneOf ?? it.anyOf;
    if (choices && !it.properties) {
      return h("div.choices", {}, choices.map((one) => h("div", {}, h("p.muted", {}, this.words(one)), this.tree(one, request, way))));
    }
    const fields = Object.entries(it.properties ?? {});
    if (!fields.length) return h("p.muted", {}, it.description && way.length === 0 ? inline(it.description) : this.words(schema));
    const needed = new Set(it.required ?? []);
    return h("ul.fields", {}, fields.map(([name, field]) => h("li", {}, this.#field(name, field, request && needed.has(name), request, [...way, it.name]))));
  }

  #field(name, schema, needed, request, way) {
    const it = this.resolve(schema);
    let inner = it;
    while (inner.type === "array") inner = this.resolve(inner.items ?? {});
    const head = [
      h("code.name", {}, name),
      h("span.type", {}, this.words(schema)),
      needed ? h("span.needed", {}, "needed") : null,
    ];
    const said = schema.description ?? it.description;
    const about = [
      said ? h("p", {}, inline(said)) : null,
      inner.enum ? h("p.values", {}, inner.enum.filter((value) => value !== null).map((value) => h("code", {}, String(value)))) : null,
    ];
    const deeper = inner.properties || (inner.oneOf ?? inner.anyOf)?.some((one) => this.resolve(one).properties);
    if (!deeper || way.includes(inner.name ?? NaN)) return [h("div.line", {}, head), about];
    const details = h("details", {}, h("summary.line", {}, head));
    details.addEventListener("toggle", () => details.children.length === 1 && details.append(this.tree(inner, request, way)));
    return [details, about];
  }

  /** A value that fits. */
  example(schema, depth = 0, field = "") {
    if (schema?.example !== undefined) return schema.example;
    const it = this.resolve(schema);
    if (it.example !== undefined) return it.example;
    if (it.examples?.length) return it.examples[0];
    if (it.const !== undefined) return it.const;
    if (it.enum) return it.enum.find((value) => value !== null);
    const choices = it.oneOf ?? it.anyOf;
    if (choices && !it.properties) return this.example(choices[0], depth, field);
    if (it.type === "array") return depth > 4 ? [] : [this.example(it.items ?? {}, depth + 1, field)];
    if (it.properties) {
      if (depth > 5) return {};
      return Object.fromEntries(Object.entries(it.properties).map(([name, inner]) => [name, this.example(inner, depth + 1, name)]));
    }
    if (it.type === "boolean") return false;
    if (it.type === "integer") return it.minimum ?? 1;
    if (it.type === "number") return 1.5;
    if (it.type === "object" || it.type === undefined || Array.isArray(it.type)) return it.nullable ? null : {};
    const texts = { uuid: "0197a2c4-5b1e-7c3a-9d40-2f1b6a8e7c05", "date-time": "2026-11-21T21:18:00Z", date: "2026-11-21", email: "anna.nowak@lab.example" };
    return texts[it.format] ?? (it.nullable ? null : `${field || "text"}`);
  }
}
