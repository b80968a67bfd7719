import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { PanelLeft, Search } from "lucide-react";
import { setPreferences, usePreferences } from "@/session/preferences";
import { useMay, useMe } from "@/session/session";
import { IconButton, Kbd } from "@/ui/button";
import { cx } from "@/ui/cx";
import { useMedia } from "@/ui/media";
import { Tooltip } from "@/ui/tooltip";
import { Mark } from "./mark";
import { visibleSections } from "./navigation";
import { UserMenu } from "./user-menu";

/** Whose laboratory it is, where one can go, and who is here; on a narrow screen it comes as a drawer. */
export function SideBar({ onSearch, onHelp, drawer }: { onSearch: () => void; onHelp: () => void; drawer?: boolean }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const may = useMay();
  const { sidebar } = usePreferences();
  const tight = useMedia("(max-width: 79.99rem)");
  const narrow = !drawer && (sidebar === "narrow" || (sidebar === "auto" && tight));
  return (
    <aside
      aria-label={t`Side bar`}
      className={cx(
        "flex min-h-0 shrink-0 flex-col border-line",
        drawer ? "w-full flex-1" : "border-e",
        !drawer && (narrow ? "w-14" : "w-60"),
      )}
    >
      <div className={cx("flex min-h-14 items-center gap-2.5 py-2", narrow ? "justify-center" : "ps-4 pe-2")}>
        {!narrow && (
          <>
            <Mark className="size-7 shrink-0" />
            <div className="min-w-0 flex-1 leading-tight">
              <p className="line-clamp-2 font-semibold" title={me.laboratory.name}>
                {me.laboratory.name}
              </p>
              <p className="truncate text-2xs text-muted">
                {me.laboratory.realm === "platform" ? (
                  <Trans>Those who run it</Trans>
                ) : me.laboratory.kind === "medical" ? (
                  <Trans>Medical laboratory</Trans>
                ) : (
                  <Trans>Testing laboratory</Trans>
                )}
              </p>
            </div>
          </>
        )}
        {!drawer && (
          <IconButton
            label={narrow ? t`Widen navigation` : t`Narrow navigation`}
            icon={<PanelLeft className="text-muted" />}
            onClick={() => setPreferences({ sidebar: narrow ? "wide" : "narrow" })}
          />
        )}
      </div>
      <div className={narrow ? "px-2" : "px-3"}>
        <Tooltip text={narrow ? t`Search or go to…` : null} side="right">
          <button
            type="button"
            onClick={onSearch}
            aria-label={narrow ? t`Search or go to…` : undefined}
            className={cx(
              "flex min-h-[var(--control)] w-full items-center gap-2 rounded-md border border-line-strong bg-surface text-muted hover:border-control hover:text-ink",
              narrow ? "justify-center" : "px-2.5",
            )}
          >
            <Search aria-hidden className="size-4 shrink-0" />
            {!narrow && (
              <>
                <span className="flex-1 truncate text-start">
                  <Trans>Search or go to…</Trans>
                </span>
                <Kbd>Ctrl K</Kbd>
              </>
            )}
          </button>
        </Tooltip>
      </div>
      <nav aria-label={t`Main`} className={cx("min-h-0 flex-1 overflow-y-auto py-2", narrow ? "px-2" : "px-3")}>
        {visibleSections(may, me.laboratory.kind).map((section) => (
          <div key={section.id} className="mb-2">
            {narrow ? (
              <div className="mx-2 mb-2 h-px bg-line first:hidden" />
            ) : (
              <p className="px-2.5 pb-0.5 text-2xs font-medium text-muted">{i18n._(section.label)}</p>
            )}
            <ul>
              {section.items.map((item) => {
                const label = i18n._((me.laboratory.kind === "medical" && item.medicalLabel) || item.label);
                return (
                  <li key={item.to}>
                    <Tooltip text={narrow ? label : null} side="right">
                      <Link
                        to={item.to}
                        activeOptions={{ exact: item.exact ?? false, includeSearch: false }}
                        aria-label={narrow ? label : undefined}
                        className={cx(
                          "flex min-h-[calc(var(--control)-2px)] items-center gap-2.5 rounded-md text-muted pointer-coarse:min-h-[var(--control)] hover:bg-hover hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0",
                          narrow ? "justify-center" : "px-2.5",
                        )}
                        activeProps={{ className: "bg-selected! text-accent! font-medium", "aria-current": "page" }}
                      >
                        <item.icon aria-hidden />
                        {!narrow && <span className="truncate">{label}</span>}
                      </Link>
                    </Tooltip>
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
      </nav>
      <div className={cx("border-t border-line py-2", narrow ? "px-2" : "px-3")}>
        <UserMenu narrow={narrow} onHelp={onHelp} />
      </div>
    </aside>
  );
}
