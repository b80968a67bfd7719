import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import { isProblem } from "@/api/problems";
import { LANGUAGES } from "@/i18n";
import { chooseLanguage, setMe, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Facts } from "@/ui/page";
import { ActError } from "@/ui/states";

/** One's own particulars: what one may set oneself, and what only an administrator sets. */
export function OwnPerson() {
  const { t } = useLingui();
  const me = useMe();
  const act = useAct("PATCH /me");
  const [title, setTitle] = useState(me.title ?? "");
  return (
    <Card id="person" title={t`Person`}>
      <Form
        className="flex flex-col gap-4"
        onSubmit={() => act.mutate({ body: { title: title.trim() } }, { onSuccess: (next) => setMe(next) })}
      >
        <Facts
          items={[
            [t`Name`, me.name],
            [t`E-mail`, me.email],
            [t`Roles`, me.roles.map((role) => role.name).join(", ")],
            [t`Laboratory`, me.laboratory.name],
          ]}
        />
        <TextField
          label={t`Title`}
          hint={t`Printed with your name beside a signature`}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={isProblem(act.error) ? act.error.field("title") : undefined}
        />
        <ActError error={act.error} />
        <Button
          type="submit"
          className="self-start"
          busy={act.isPending}
          disabledReason={title.trim() === (me.title ?? "") ? t`Nothing is changed.` : undefined}
        >
          <Trans>Save the title</Trans>
        </Button>
        <SelectField
          label={t`Language`}
          value={me.language}
          onChange={(next) => next !== "" && void chooseLanguage(next)}
          options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
        />
      </Form>
    </Card>
  );
}
