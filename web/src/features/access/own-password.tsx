import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheckBig } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";
import { NewPasswordField } from "./new-password";

/** One's own password is changed by oneself only, with the old one. `onDone` is called once it is. */
export function OwnPasswordForm({ label, onDone }: { label: string; onDone: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const act = useAct("POST /auth/password");
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = isProblem(act.error, "reauthentication-failed");
  const submit = () => {
    setTried(true);
    if (current === "" || next === "") return;
    act.mutate(
      { body: { current_password: current, new_password: next } },
      {
        onSuccess: () => {
          setCurrent("");
          setNext("");
          setTried(false);
          onDone();
        },
      },
    );
  };
  return (
    <Form className="flex flex-col gap-4" onSubmit={submit}>
      <input type="email" name="username" autoComplete="username" value={me.email} readOnly hidden />
      <SecretField
        label={t`Present password`}
        required
        name="current-password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => {
          setCurrent(event.target.value);
          if (wrong) act.reset();
        }}
        error={
          wrong
            ? t`This is not your password.`
            : tried && current === ""
              ? t`Type the password you have now.`
              : undefined
        }
      />
      <NewPasswordField
        label={t`New password`}
        value={next}
        onChange={setNext}
        policy={me.policy.password}
        error={
          (isProblem(act.error) ? act.error.field("new_password") : undefined) ??
          (tried && next === "" ? t`Choose a new password.` : undefined)
        }
      />
      {!wrong && <ActError error={act.error} beside={isProblem(act.error, "validation")} />}
      <Button type="submit" tone="primary" className="self-start" busy={act.isPending}>
        {label}
      </Button>
    </Form>
  );
}

export function OwnPasswordCard() {
  const { t } = useLingui();
  const [done, setDone] = useState(false);
  return (
    <Card id="password" title={t`Password`}>
      {done && (
        <Notice tone="green" icon={<CircleCheckBig aria-hidden />} className="mb-4">
          <Trans>Your password is changed. Everywhere else you are signed out.</Trans>
        </Notice>
      )}
      <OwnPasswordForm label={t`Change the password`} onDone={() => setDone(true)} />
    </Card>
  );
}
