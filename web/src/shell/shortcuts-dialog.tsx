import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { setPreferences, usePreferences } from "@/session/preferences";
import { Kbd } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { CheckField } from "@/ui/field";
import type { Destination } from "./navigation";

/** Every shortcut in one place; opened with "?". */
export function ShortcutsDialog({
  onClose,
  destinations,
}: {
  onClose: () => void;
  destinations: readonly Destination[];
}) {
  const { t, i18n } = useLingui();
  const { letterKeys, scanSound } = usePreferences();
  return (
    <Dialog open onClose={onClose} title={t`Keyboard shortcuts`} wide>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <Group title={t`Everywhere`}>
          <Row keys={["Ctrl", "K"]}>{t`Search or go to…`}</Row>
          <Row keys={["Ctrl", "L"]}>{t`Lock the screen`}</Row>
          <Row keys={["/"]}>{t`Search in this list`}</Row>
          <Row keys={["?"]}>{t`This overview`}</Row>
          <Row keys={["Esc"]}>{t`Close what is open`}</Row>
          <Row keys={[t`scan`]}>{t`Open the scanned sample`}</Row>
        </Group>
        <Group title={t`In lists`}>
          <Row keys={["J"]}>{t`Next row`}</Row>
          <Row keys={["K"]}>{t`Previous row`}</Row>
          <Row keys={["Enter"]}>{t`Open the row`}</Row>
        </Group>
        <Group title={t`Go to`}>
          {destinations
            .filter((each) => each.key)
            .map((each) => (
              <Row key={each.to} keys={["G", (each.key ?? "").toUpperCase()]}>
                {i18n._(each.label)}
              </Row>
            ))}
        </Group>
        <Group title={t`On a sample`}>
          <Row keys={["R"]}>{t`Receive`}</Row>
          <Row keys={["A"]}>{t`Add tests`}</Row>
          <Row keys={["["]}>{t`Previous sample of the list`}</Row>
          <Row keys={["]"]}>{t`Next sample of the list`}</Row>
        </Group>
        <Group title={t`In the result table`}>
          <Row keys={["Enter"]}>{t`Down`}</Row>
          <Row keys={["Tab"]}>{t`To the next field`}</Row>
          <Row keys={["F2"]}>{t`Change the value`}</Row>
          <Row keys={["Ctrl", "D"]}>{t`Fill down`}</Row>
          <Row keys={["Ctrl", "Z"]}>{t`Take back`}</Row>
          <Row keys={["Ctrl", "S"]}>{t`Save`}</Row>
        </Group>
        <Group title={t`While verifying`}>
          <Row keys={["A"]}>{t`Accept`}</Row>
          <Row keys={["R"]}>{t`Return…`}</Row>
          <Row keys={["⇧", "A"]}>{t`Accept the clean ones`}</Row>
        </Group>
      </div>
      <div className="flex flex-col gap-2 border-t border-line pt-4">
        <CheckField
          label={<Trans>Single-letter shortcuts</Trans>}
          hint={<Trans>Switch off if you use speech input or press keys by accident.</Trans>}
          checked={letterKeys}
          onChange={(next) => setPreferences({ letterKeys: next })}
        />
        <CheckField
          label={<Trans>A tone answers each scan</Trans>}
          checked={scanSound}
          onChange={(next) => setPreferences({ scanSound: next })}
        />
      </div>
    </Dialog>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Row({ keys, children }: { keys: readonly string[]; children: ReactNode }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-3">
      <dt>{children}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
