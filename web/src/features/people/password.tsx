import { Trans, useLingui } from "@lingui/react/macro";
import { Dices } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "@/ui/copy-button";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";

/** Letters and digits that nobody confuses when they are told over the telephone. */
const LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** About 110 bits, in groups; every group has the same chance, because rejected bytes are drawn again. */
export function makePassword(groups = 4, length = 5): string {
  const made = drawPassword(groups, length);
  // One in twenty has no digit by chance, and the server asks for one: drawn again as a whole, so that no place is special.
  return /\d/.test(made) && /[a-z]/i.test(made) ? made : makePassword(groups, length);
}

function drawPassword(groups: number, length: number): string {
  const draw = (): string => {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    return byte < LETTERS.length * Math.floor(256 / LETTERS.length) ? LETTERS.charAt(byte % LETTERS.length) : draw();
  };
  return Array.from({ length: groups }, () => Array.from({ length }, draw).join("")).join("-");
}

/** A first password: shown, because it is handed over; made here rather than thought up. */
export function FirstPassword({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: ReactNode;
}) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-2">
      <TextField
        mono
        label={t`Password`}
        required
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
        hint={t`Hand it over in person or by another way than e-mail. It is not shown again.`}
      />
      <div className="flex flex-wrap gap-2">
        <Button icon={<Dices />} onClick={() => onChange(makePassword())}>
          <Trans>Make one</Trans>
        </Button>
        {value !== "" && <CopyButton key={value} text={value} />}
      </div>
    </div>
  );
}
