import { useLingui } from "@lingui/react/macro";
import type { Language } from "@/api/types";
import { activateLanguage, LANGUAGES } from "@/i18n";
import { setPreferences, usePreferences } from "@/session/preferences";
import { cx } from "@/ui/cx";

function choose(language: Language): void {
  setPreferences({ language });
  void activateLanguage(language);
}

/** Language choice for screens before sign-in. */
export function LocaleSwitch() {
  const { t } = useLingui();
  const { language } = usePreferences();
  return (
    <div role="group" aria-label={t`Language`} className="flex gap-1">
      {LANGUAGES.map((each) => (
        <button
          key={each.id}
          type="button"
          lang={each.id}
          aria-pressed={language === each.id}
          onClick={() => choose(each.id)}
          className={cx(
            "min-h-[var(--control)] rounded-md px-2.5 text-xs",
            language === each.id ? "bg-selected font-medium text-accent" : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          {each.name}
        </button>
      ))}
    </div>
  );
}
