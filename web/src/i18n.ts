import { i18n } from "@lingui/core";
import { setRequestLanguage } from "./api/client";
import type { Language } from "./api/types";

const catalogs: Record<Language, () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>> = {
  en: () => import("./locales/en.po"),
  pl: () => import("./locales/pl.po"),
};

export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: "en", name: "English" },
  { id: "pl", name: "Polski" },
];

/** Loads a language's catalogue and switches every screen, the document and further requests to it. */
export async function activateLanguage(language: Language): Promise<void> {
  const { messages } = await catalogs[language]();
  i18n.load(language, messages);
  i18n.activate(language);
  setRequestLanguage(language);
  document.documentElement.lang = language;
}

export { i18n };
