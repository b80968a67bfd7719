import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import { useApi } from "@/api/queries";
import { ListViews } from "@/features/list-views";
import { ClientPicker, PatientPicker, SampleTypePicker } from "@/features/pickers/pickers";
import { prune } from "@/features/search";
import { useMay, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { CheckField, Field, SelectField } from "@/ui/field";
import { FilterChip } from "@/ui/filter-chip";
import { Popover } from "@/ui/popover";
import { SearchBox } from "@/ui/search-box";
import { WhenField } from "@/ui/when-field";
import { type SampleSearch, sampleViews, statusesOf } from "./search";
import { sampleStatuses } from "./status";

/** Views, search and filters over the samples list. Everything chosen stands in the address bar. */
export function SampleFilters({ search }: { search: SampleSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const change = (next: Partial<SampleSearch>) =>
    void navigate({
      to: "/samples",
      search: (previous) => prune({ ...(previous as SampleSearch), ...next }),
      replace: true,
    });
  return (
    <>
      <SampleViews search={search} />
      <SearchBox
        value={search.q ?? ""}
        onChange={(q) => change({ q: q || undefined })}
        label={t`Search by accession number or reference`}
        placeholder={t`Accession number or reference`}
      />
      <FilterPopover search={search} change={change} />
      <Chips search={search} change={change} />
    </>
  );
}

function SampleViews({ search }: { search: SampleSearch }) {
  const { t } = useLingui();
  const names: Record<(typeof sampleViews)[number]["id"], string> = {
    all: t`All`,
    to_receive: t`To receive`,
    in_work: t`In the laboratory`,
    completed: t`Ready to report`,
    reported: t`Reported`,
    closed: t`Rejected or cancelled`,
  };
  return (
    <ListViews
      className="w-full"
      at="/samples"
      search={search}
      by="status"
      views={sampleViews.map(({ id, status }) => ({ value: status, label: names[id] }))}
    />
  );
}

interface Part {
  search: SampleSearch;
  change: (next: Partial<SampleSearch>) => void;
}

function FilterPopover({ search, change }: Part) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const may = useMay();
  const chosen = statusesOf(search);
  const toggle = (status: (typeof chosen)[number], on: boolean) => {
    const next = on ? [...chosen, status] : chosen.filter((each) => each !== status);
    change({ status: next.join(",") || undefined });
  };
  const medical = me.laboratory.kind === "medical";
  return (
    <Popover
      trigger={
        <Button icon={<ListFilter />}>
          <Trans>Filter</Trans>
        </Button>
      }
      title={t`Filter`}
    >
      <fieldset className="grid grid-cols-2 gap-x-3 gap-y-1.5">
        <legend className="mb-1 text-xs font-medium">{t`Status`}</legend>
        {(Object.keys(sampleStatuses) as (keyof typeof sampleStatuses)[]).map((status) => (
          <CheckField
            key={status}
            label={i18n._(sampleStatuses[status].label)}
            checked={chosen.includes(status)}
            onChange={(on) => toggle(status, on)}
          />
        ))}
      </fieldset>
      {medical && may("patient:read") && (
        <Field label={t`Patient`}>
          {(control) => (
            <PatientPicker control={control} value={null} onChange={(choice) => change({ patient_id: choice?.id })} />
          )}
        </Field>
      )}
      {may("client:read") && (
        <Field label={t`Client`}>
          {(control) => (
            <ClientPicker control={control} value={null} onChange={(choice) => change({ client_id: choice?.id })} />
          )}
        </Field>
      )}
      <Field label={medical ? t`Specimen type` : t`Sample type`}>
        {(control) => (
          <SampleTypePicker
            control={control}
            value={null}
            onChange={(choice) => change({ sample_type_id: choice?.id })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <WhenField
          dateOnly
          label={t`Received from`}
          value={search.received_from ?? ""}
          onChange={(day) => change({ received_from: day || undefined })}
        />
        <WhenField
          dateOnly
          label={t`Received to`}
          value={search.received_to ?? ""}
          onChange={(day) => change({ received_to: day || undefined })}
        />
      </div>
      <SelectField
        label={t`Order`}
        value={search.sort ?? "-created_at"}
        onChange={(sort) => change({ sort: sort === "" || sort === "-created_at" ? undefined : sort })}
        options={[
          { value: "-created_at", label: t`Newest registered first` },
          { value: "created_at", label: t`Oldest registered first` },
          { value: "-received_at", label: t`Newest received first` },
          { value: "accession_number", label: t`Accession number` },
        ]}
      />
    </Popover>
  );
}

function Chips({ search, change }: Part) {
  const { t, i18n } = useLingui();
  const client = useApi(
    "GET /clients/{id}",
    { path: { id: search.client_id ?? "" } },
    { enabled: Boolean(search.client_id) },
  );
  const patient = useApi(
    "GET /patients/{id}",
    { path: { id: search.patient_id ?? "" } },
    { enabled: Boolean(search.patient_id) },
  );
  const types = useApi(
    "GET /sample-types",
    { query: { active: true, limit: 200 } },
    { enabled: Boolean(search.sample_type_id) },
  );
  const isView = sampleViews.some((view) => view.status === search.status);
  const chips: { id: keyof SampleSearch; text: string }[] = [];
  if (search.status && !isView)
    chips.push({
      id: "status",
      text: statusesOf(search)
        .map((each) => i18n._(sampleStatuses[each]?.label ?? each))
        .join(", "),
    });
  if (search.client_id) chips.push({ id: "client_id", text: t`Client: ${client.data?.name ?? "…"}` });
  if (search.patient_id)
    chips.push({
      id: "patient_id",
      text: t`Patient: ${patient.data ? `${patient.data.family_name} ${patient.data.given_name}` : "…"}`,
    });
  if (search.sample_type_id)
    chips.push({
      id: "sample_type_id",
      text: t`Type: ${types.data?.items.find((each) => each.id === search.sample_type_id)?.name ?? "…"}`,
    });
  if (search.received_from) chips.push({ id: "received_from", text: t`Received from ${search.received_from}` });
  if (search.received_to) chips.push({ id: "received_to", text: t`Received to ${search.received_to}` });
  return (
    <>
      {chips.map((chip) => (
        <FilterChip key={chip.id} text={chip.text} onRemove={() => change({ [chip.id]: undefined })} />
      ))}
    </>
  );
}
