import { useLingui } from "@lingui/react/macro";
import { CheckField } from "@/ui/field";
import { Pill } from "@/ui/pill";

/** Whether a record is offered any more; what was done with it stays. */
export function InUseField({ checked, onChange }: { checked: boolean; onChange: (active: boolean) => void }) {
  const { t } = useLingui();
  return (
    <CheckField
      label={t`In use`}
      hint={t`What is not in use is not offered any more; what was done with it stays.`}
      checked={checked}
      onChange={onChange}
    />
  );
}

export function NotInUse() {
  const { t } = useLingui();
  return <Pill tone="grey">{t`Not in use`}</Pill>;
}
