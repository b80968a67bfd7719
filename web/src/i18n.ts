import { i18n } from "@lingui/core";
import { setRequestLanguage } from "./api/client";
import type { Language } from "./api/types";

type Catalogue = () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>;
/** What has to be sayable: the screens before sign-in, the first page behind it, or everything. */
const extents = ["front", "first", "whole"] as const;
type Extent = (typeof extents)[number];
const catalogues: Record<Extent, Record<Language, Catalogue>> = {
  front: { en: () => import("./locales/front/en.po"), pl: () => import("./locales/front/pl.po") },
  first: { en: () => import("./locales/first/en.po"), pl: () => import("./locales/first/pl.po") },
  whole: { en: () => import("./locales/en.po"), pl: () => import("./locales/pl.po") },
};
let extent: Extent = "front";

/** Makes sure that this much can be said, in the language of the screens. Costs nothing when it can already. */
export async function loadWords(wanted: Extent): Promise<void> {
  if (extents.indexOf(wanted) <= extents.indexOf(extent)) return;
  const language = i18n.locale === "pl" ? "pl" : "en";
  const { messages } = await catalogues[wanted][language]();
  extent = wanted;
  i18n.load(language, messages);
}

export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: "en", name: "English" },
  { id: "pl", name: "Polski" },
];

/** Loads a language's catalogue and switches every screen, the document and further requests to it. */
export async function activateLanguage(language: Language): Promise<void> {
  const { messages } = await catalogues[extent][language]();
  i18n.load(language, messages);
  i18n.activate(language);
  setRequestLanguage(language);
  document.documentElement.lang = language;
}

export { i18n };
