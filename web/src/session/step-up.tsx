import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId, useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { useMe } from "./session";

/** Whether an act failed only because the person has to confirm who they are. */
export const needsStepUp = (error: unknown) => isProblem(error, "step-up-required");

/** Asks for the password once more; the session is raised for five minutes, and the act is tried again by `onDone`. */
export function StepUpDialog({
  title,
  children,
  onClose,
  onDone,
}: {
  title: string;
  children: ReactNode;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useLingui();
  const form = useId();
  const me = useMe();
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrong = isProblem(error) && (error.status === 401 || error.status === 403 || error.status === 422);
  const submit = async () => {
    if (password === "") return;
    setBusy(true);
    setError(null);
    try {
      await call("POST /auth/reauthenticate", { body: { password } });
      onDone();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Back</Trans>
          </Button>
          <Button tone="primary" type="submit" form={form} busy={busy}>
            <Trans>Confirm</Trans>
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        <input type="email" name="username" autoComplete="username" value={me.email} readOnly hidden />
        <TextField
          label={t`Your password`}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={wrong ? t`This is not your password.` : undefined}
        />
        {!wrong && <ActError error={error} />}
      </form>
    </Dialog>
  );
}
