import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { CircleCheckBig } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { NewSample, Priority, Sample } from "@/api/types";
import { ContainerPicker, SampleTypePicker, TestsPicker, wantedOf } from "@/features/pickers/pickers";
import { sampleLink } from "@/features/samples/whose";
import { useDraft } from "@/session/draft";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { Button } from "@/ui/button";
import type { Choice } from "@/ui/combobox";
import { ChoiceField, Field, TextAreaField, TextField } from "@/ui/field";
import { Card, Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { JudgedField } from "./judged";
import { parseWhen } from "./paste";
import { WhoseField, type WhoseValue } from "./whose-field";

interface Form extends WhoseValue {
  sampleType: Choice | null;
  container: Choice | null;
  reference: string;
  description: string;
  collectedAt: string;
  collectedBy: string;
  place: string;
  tests: Choice[];
  priority: Priority;
  remark: string;
  specification: Choice | null;
}

const blank: Form = {
  whose: "client",
  client: null,
  patient: null,
  sampleType: null,
  container: null,
  reference: "",
  description: "",
  collectedAt: "",
  collectedBy: "",
  place: "",
  tests: [],
  priority: "routine",
  remark: "",
  specification: null,
};

/** Registers one sample; "and another" keeps what the next one shares. */
export function RegisterOne() {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const time = useTime();
  const navigate = useNavigate();
  const act = useAct("POST /samples");
  const {
    value: form,
    set,
    clear,
    kept,
  } = useDraft<Form>("register.one", { ...blank, whose: medical ? "patient" : "client" });
  const [tried, setTried] = useState(false);
  const [last, setLast] = useState<Sample | null>(null);
  const element = useRef<HTMLFormElement>(null);

  const instant = time.toInstant(parseWhen(form.collectedAt) ?? "");
  const errors = {
    whose: (form.whose === "client" ? form.client : form.patient) ? undefined : t`Choose for whom it is.`,
    sampleType: form.sampleType ? undefined : t`Choose a type.`,
    tests: form.tests.length > 0 ? undefined : t`Choose at least one test.`,
    collectedAt: !form.collectedAt.trim()
      ? undefined
      : !instant
        ? t`There is no such time.`
        : Date.parse(instant) > Date.now() + 300_000
          ? t`This lies in the future.`
          : undefined,
  };
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const shown = (name: keyof typeof errors, path: string) => (tried ? errors[name] : undefined) ?? server(path);

  const send = (another: boolean) => {
    setTried(true);
    if (Object.values(errors).some(Boolean)) {
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    act.mutate(
      { body: bodyOf(form, instant) },
      {
        onSuccess: (sample) => {
          setTried(false);
          if (!another) {
            clear();
            void navigate(sampleLink(sample.id));
            return;
          }
          setLast(sample);
          clear({
            whose: form.whose,
            client: form.client,
            patient: form.patient,
            sampleType: form.sampleType,
            container: form.container,
            collectedBy: form.collectedBy,
            tests: form.tests,
            priority: form.priority,
            specification: form.specification,
          });
          document.getElementById("page-title")?.scrollIntoView();
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };

  return (
    <form ref={element} onSubmit={submit} noValidate className="flex max-w-5xl flex-col gap-4">
      {last && (
        <Notice tone="green" icon={<CircleCheckBig />}>
          <Trans>
            Registered as{" "}
            <Link {...sampleLink(last.id)} className="mono font-semibold underline">
              {last.accession_number}
            </Link>
            . What the next one shares is filled in.
          </Trans>
        </Notice>
      )}
      {kept && !last && <DraftNotice onClear={() => clear({ whose: form.whose })} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card id="what" title={t`For whom and what`}>
          <div className="flex flex-col gap-4">
            <WhoseField
              value={form}
              onChange={set}
              error={shown("whose", form.whose === "client" ? "client_id" : "patient_id")}
            />
            <Field
              label={medical ? t`Specimen type` : t`Sample type`}
              required
              error={shown("sampleType", "sample_type_id")}
            >
              {(control) => (
                <SampleTypePicker
                  control={control}
                  value={form.sampleType}
                  onChange={(sampleType) => set({ sampleType })}
                />
              )}
            </Field>
            <Field label={t`Tests and panels`} required error={shown("tests", "test_ids") ?? server("panel_ids")}>
              {(control) => <TestsPicker control={control} value={form.tests} onChange={(tests) => set({ tests })} />}
            </Field>
            <ChoiceField
              label={t`Priority`}
              value={form.priority}
              onChange={(priority) => set({ priority })}
              options={[
                { value: "routine", label: t`Routine` },
                { value: "urgent", label: t`Urgent` },
                { value: "stat", label: t`Stat` },
              ]}
            />
            <JudgedField
              value={form.specification}
              onChange={(specification) => set({ specification })}
              error={server("specification_id")}
              whole={{
                ...form,
                client: form.whose === "client" ? form.client : null,
                patient: form.whose === "patient" ? form.patient : null,
              }}
            />
          </div>
        </Card>
        <Card id="where" title={t`Where it comes from`}>
          <div className="flex flex-col gap-4">
            <TextField
              label={medical ? t`Requester's number` : t`Client's reference`}
              mono
              value={form.reference}
              error={server("client_reference")}
              onChange={(event) => set({ reference: event.target.value })}
            />
            <div className="grid gap-4 sm:grid-cols-2">
              <WhenField
                label={t`Collected`}
                value={form.collectedAt}
                error={shown("collectedAt", "collected_at")}
                onChange={(collectedAt) => set({ collectedAt })}
              />
              <TextField
                label={t`Collected by`}
                value={form.collectedBy}
                error={server("collected_by")}
                onChange={(event) => set({ collectedBy: event.target.value })}
              />
            </div>
            <TextField
              label={t`Place`}
              value={form.place}
              error={server("collection_place")}
              onChange={(event) => set({ place: event.target.value })}
            />
            <Field label={t`Container`} error={server("container_id")}>
              {(control) => (
                <ContainerPicker
                  control={control}
                  value={form.container}
                  onChange={(container) => set({ container })}
                />
              )}
            </Field>
            <TextField
              label={t`Description`}
              value={form.description}
              error={server("description")}
              onChange={(event) => set({ description: event.target.value })}
            />
            <TextAreaField
              label={t`Remark`}
              rows={2}
              value={form.remark}
              error={server("remark")}
              onChange={(event) => set({ remark: event.target.value })}
            />
          </div>
        </Card>
      </div>
      <ActError beside error={act.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button busy={act.isPending} onClick={() => send(true)}>
          <Trans>Register and another</Trans>
        </Button>
        <Button type="submit" tone="primary" busy={act.isPending}>
          <Trans>Register</Trans>
        </Button>
      </div>
    </form>
  );
}

export function DraftNotice({ onClear }: { onClear: () => void }) {
  return (
    <Notice>
      <span className="flex flex-wrap items-center gap-x-3">
        <Trans>This is what you had typed before.</Trans>
        <button type="button" onClick={onClear} className="font-medium underline">
          <Trans>Start afresh</Trans>
        </button>
      </span>
    </Notice>
  );
}

function bodyOf(form: Form, collectedAt: string | null): NewSample {
  const { test_ids, panel_ids } = wantedOf(form.tests);
  const text = (value: string) => value.trim() || undefined;
  return {
    client_id: form.whose === "client" ? form.client?.id : undefined,
    patient_id: form.whose === "patient" ? form.patient?.id : undefined,
    sample_type_id: form.sampleType?.id ?? "",
    container_id: form.container?.id,
    client_reference: text(form.reference),
    description: text(form.description),
    collected_at: collectedAt ?? undefined,
    collected_by: text(form.collectedBy),
    collection_place: text(form.place),
    test_ids: test_ids.length > 0 ? test_ids : undefined,
    panel_ids: panel_ids.length > 0 ? panel_ids : undefined,
    priority: form.priority,
    remark: text(form.remark),
    specification_id: form.specification?.id,
  };
}
