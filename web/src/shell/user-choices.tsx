import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  CircleUserRound,
  Keyboard,
  Lock,
  LogOut,
  Monitor,
  Moon,
  Rows2,
  Rows3,
  Rows4,
  Sun,
  UsersRound,
} from "lucide-react";
import type { ReactElement } from "react";
import { LANGUAGES } from "@/i18n";
import { leave } from "@/session/leaving";
import { lock } from "@/session/lock";
import { setPreferences, usePreferences } from "@/session/preferences";
import { chooseLanguage, useMe } from "@/session/session";
import { Kbd } from "@/ui/button";
import { Menu, MenuChoice, MenuItem, MenuRule } from "@/ui/menu";

/** Language, theme and density of this browser, the account, and the way out. Opens as soon as it is there. */
export function UserChoices({ trigger, onHelp }: { trigger: ReactElement; onHelp: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const { theme, density, language } = usePreferences();
  const navigate = useNavigate();
  return (
    <Menu side="top" defaultOpen trigger={trigger}>
      <div className="px-2 pt-1.5 pb-1">
        <p className="font-medium">{me.name}</p>
        <p className="text-xs text-muted">{me.email}</p>
      </div>
      <MenuRule />
      <MenuChoice
        label={t`Language`}
        value={language}
        onChange={(next) => void chooseLanguage(next)}
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
      <MenuItem icon={<Lock />} onClick={lock}>
        <span className="flex items-center justify-between gap-3">
          <Trans>Lock the screen</Trans> <Kbd>Ctrl L</Kbd>
        </span>
      </MenuItem>
      <MenuItem icon={<UsersRound />} onClick={() => leave("switch")}>
        <Trans>Switch person</Trans>
      </MenuItem>
      <MenuItem icon={<LogOut />} onClick={() => leave("sign-out")}>
        <Trans>Sign out</Trans>
      </MenuItem>
    </Menu>
  );
}
