import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  ChevronsUpDown,
  CircleUserRound,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Rows2,
  Rows3,
  Rows4,
  Sun,
} from "lucide-react";
import { LANGUAGES } from "@/i18n";
import { setPreferences, usePreferences } from "@/session/preferences";
import { chooseLanguage, signOut, useMe } from "@/session/session";
import { cx } from "@/ui/cx";
import { Menu, MenuChoice, MenuItem, MenuRule } from "@/ui/menu";

/** Who is signed in, and how this browser shows things to them. */
export function UserMenu({ narrow, onHelp }: { narrow: boolean; onHelp: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const { theme, density, language } = usePreferences();
  const navigate = useNavigate();
  const initials = me.name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={narrow ? me.name : undefined}
          className={cx(
            "flex w-full min-h-11 items-center gap-2.5 rounded-md text-start hover:bg-hover",
            narrow ? "justify-center" : "px-2",
          )}
        >
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-tint text-2xs font-semibold text-accent"
          >
            {initials}
          </span>
          {!narrow && (
            <>
              <span className="min-w-0 flex-1 leading-tight">
                <span className="block truncate font-medium">{me.name}</span>
                <span className="block truncate text-2xs text-muted">
                  {me.roles.map((role) => role.name).join(", ")}
                </span>
              </span>
              <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
            </>
          )}
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-1">
        <p className="font-medium">{me.name}</p>
        <p className="text-xs text-muted">{me.email}</p>
      </div>
      <MenuRule />
      <MenuChoice
        label={t`Language`}
        value={language}
        onChange={(next) => void chooseLanguage(next, true)}
        options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
      />
      <MenuChoice
        label={t`Theme`}
        value={theme}
        onChange={(next) => setPreferences({ theme: next })}
        options={[
          { value: "system", label: t`As the system`, icon: <Monitor /> },
          { value: "light", label: t`Light`, icon: <Sun /> },
          { value: "dark", label: t`Dark`, icon: <Moon /> },
        ]}
      />
      <MenuChoice
        label={t`Density`}
        value={density}
        onChange={(next) => setPreferences({ density: next })}
        options={[
          { value: "compact", label: t`Compact`, icon: <Rows4 /> },
          { value: "regular", label: t`Regular`, icon: <Rows3 /> },
          { value: "roomy", label: t`Roomy`, icon: <Rows2 /> },
        ]}
      />
      <MenuRule />
      <MenuItem icon={<CircleUserRound />} onClick={() => void navigate({ to: "/account" })}>
        <Trans>Your account</Trans>
      </MenuItem>
      <MenuItem icon={<Keyboard />} onClick={onHelp}>
        <Trans>Keyboard shortcuts</Trans>
      </MenuItem>
      <MenuItem icon={<LogOut />} onClick={() => void signOut(() => navigate({ to: "/sign-in", search: {} }))}>
        <Trans>Sign out</Trans>
      </MenuItem>
    </Menu>
  );
}
