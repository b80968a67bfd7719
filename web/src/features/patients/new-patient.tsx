import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Patient, PatientDuplicate, Sex } from "@/api/types";
import { parseWhen } from "@/features/register/paste";
import { Button, ButtonLink } from "@/ui/button";
import { CheckField, ChoiceField, TextField } from "@/ui/field";
import { Card, Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { type Identifier, identifierFaults, IdentifierRows, tidy } from "./identifiers";

/** Offered before anything is typed; left out as long as it has no number. */
const usual = "PESEL";

/** Registers a patient; people who look alike are shown afterwards, before anything is ordered for the wrong one. */
export function NewPatient() {
  const { t } = useLingui();
  const act = useAct("POST /patients");
  const navigate = useNavigate();
  const [family, setFamily] = useState("");
  const [given, setGiven] = useState("");
  const [birth, setBirth] = useState("");
  const [sex, setSex] = useState<Sex>("unknown");
  const [unknown, setUnknown] = useState(false);
  const [identifiers, setIdentifiers] = useState<Identifier[]>([{ system: usual, value: "" }]);
  const [phone, setPhone] = useState("");
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const [twins, setTwins] = useState<{ made: Patient; like: PatientDuplicate[] } | null>(null);

  const typed = identifiers.filter(({ system, value }) => value.trim() || !["", usual].includes(system.trim()));
  const faults = identifierFaults(typed);
  const born = parseWhen(birth)?.slice(0, 10);
  const errors = {
    family: family.trim() || unknown ? undefined : t`The family name is needed.`,
    given: given.trim() || unknown ? undefined : t`The given name is needed.`,
    birth: !birth.trim()
      ? undefined
      : !born
        ? t`There is no such day.`
        : born > new Date().toISOString().slice(0, 10)
          ? t`This lies in the future.`
          : undefined,
  };
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).some(Boolean) || faults.some(Boolean)) return;
    setIdentifiers(typed);
    act.mutate(
      {
        body: {
          family_name: family.trim(),
          given_name: given.trim(),
          birth_date: born,
          sex,
          identifiers: tidy(typed),
          phone: phone.trim() || undefined,
          email: email.trim() || undefined,
          unknown_patient: unknown || undefined,
        },
      },
      {
        onSuccess: ({ possible_duplicates: like, ...made }) => {
          if (like && like.length > 0) setTwins({ made, like });
          else void navigate({ to: "/patients/$id", params: { id: made.id } });
        },
      },
    );
  };
  if (twins) return <Twins {...twins} />;
  return (
    <form onSubmit={submit} noValidate className="flex max-w-2xl flex-col gap-4">
      <Card id="person" title={t`Person`}>
        <div className="flex flex-col gap-4">
          <CheckField
            label={t`Unknown emergency patient`}
            hint={t`Named later; the specimen can be worked on now.`}
            checked={unknown}
            onChange={setUnknown}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t`Family name`}
              required={!unknown}
              autoComplete="off"
              value={family}
              onChange={(event) => setFamily(event.target.value)}
              error={(tried ? errors.family : undefined) ?? server("family_name")}
            />
            <TextField
              label={t`Given name`}
              required={!unknown}
              autoComplete="off"
              value={given}
              onChange={(event) => setGiven(event.target.value)}
              error={(tried ? errors.given : undefined) ?? server("given_name")}
            />
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <WhenField
              dateOnly
              noNow
              label={t`Date of birth`}
              value={birth}
              onChange={setBirth}
              error={(tried ? errors.birth : undefined) ?? server("birth_date")}
            />
            <ChoiceField
              label={t`Sex`}
              value={sex}
              onChange={setSex}
              options={[
                { value: "female", label: t`Female` },
                { value: "male", label: t`Male` },
                { value: "unknown", label: t({ message: "Unknown", context: "sex" }) },
              ]}
            />
          </div>
        </div>
      </Card>
      <Card id="identifiers" title={t`Identifiers`}>
        <IdentifierRows
          value={identifiers}
          onChange={setIdentifiers}
          faults={tried ? identifiers.map((each) => faults[typed.indexOf(each)]) : []}
          server={server}
        />
      </Card>
      <Card id="contact" title={t`Contact`}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t`Telephone`}
            type="tel"
            autoComplete="off"
            value={phone}
            onChange={(event) => setPhone(event.target.value)}
            error={server("phone")}
          />
          <TextField
            label={t`E-mail address`}
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            error={server("email")}
          />
        </div>
      </Card>
      <ActError beside error={act.error} />
      <div className="flex justify-end gap-2">
        <ButtonLink to="/patients">
          <Trans>Back</Trans>
        </ButtonLink>
        <Button type="submit" tone="primary" busy={act.isPending}>
          <Trans>Create patient</Trans>
        </Button>
      </div>
    </form>
  );
}

function Twins({ made, like }: { made: Patient; like: PatientDuplicate[] }) {
  const { t } = useLingui();
  return (
    <Card id="twins" title={t`Is it the same person?`} className="max-w-2xl">
      <Notice tone="amber" icon={<TriangleAlert />}>
        <Trans>
          The patient is created, and somebody very similar is known. Compare two identifiers before you order anything.
        </Trans>
      </Notice>
      <ul className="my-4 flex flex-col gap-2">
        {like.map((each) => (
          <li key={each.id}>
            <Link
              to="/patients/$id"
              params={{ id: each.id }}
              className="flex items-center gap-3 rounded-md border border-line px-3 py-2 hover:border-accent"
            >
              <span className="flex-1 font-medium">
                {each.family_name} {each.given_name}
              </span>
              <span className="text-muted">{each.birth_date}</span>
            </Link>
          </li>
        ))}
      </ul>
      <ButtonLink to="/patients/$id" params={{ id: made.id }} tone="primary">
        <Trans>They are different: go on with the new one</Trans>
      </ButtonLink>
    </Card>
  );
}
