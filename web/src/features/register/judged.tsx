import { Trans, useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import type { Specification } from "@/api/types";
import { SpecificationPicker } from "@/features/pickers/pickers";
import { useMe } from "@/session/session";
import type { Choice } from "@/ui/combobox";
import { Field } from "@/ui/field";

interface Judged {
  sampleType: Choice | null;
  client: Choice | null;
  patient: Choice | null;
  tests: readonly Choice[];
}

/**
 * What a sample will be judged by when nothing is chosen, as the server decides it: one's own specification of the client or
 * the type; for a patient the reference ranges. A specification that names neither is only there to be chosen.
 */
export function followingFrom(all: readonly Specification[], { sampleType, client, patient }: Judged): Specification[] {
  const rank = (one: Specification): number => {
    if (!one.active) return 0;
    if (one.sample_type_id !== null && one.sample_type_id !== sampleType?.id) return 0;
    if (one.client_id !== null && one.client_id !== client?.id) return 0;
    if (one.kind === "reference_range") return patient ? (one.sample_type_id ? 3 : 4) : 0;
    if (one.client_id) return one.sample_type_id ? 1 : 2;
    return one.sample_type_id ? 5 : 0;
  };
  return all.filter((one) => rank(one) > 0).toSorted((a, b) => rank(a) - rank(b));
}

/** The field "judged by": what is chosen, or else what will happen, in words, with what could be chosen one click away. */
export function JudgedField({
  value,
  onChange,
  error,
  whole,
}: {
  value: Choice | null;
  onChange: (value: Choice | null) => void;
  error?: string;
  whole: Judged;
}) {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const found = useApi("GET /specifications", { query: { active: true, limit: 200 } });
  const panels = useApi("GET /panels", { query: { active: true, limit: 200 } });
  const all = found.data?.items ?? [];
  const tests = new Set(
    whole.tests.flatMap(({ id }) =>
      id.startsWith("test:")
        ? [id.slice(5)]
        : (panels.data?.items.find((panel) => `panel:${panel.id}` === id)?.tests.map((each) => each.id) ?? []),
    ),
  );
  const covered = (one: Specification) =>
    [...tests].filter((test) => one.limits.some((limit) => limit.test_id === test)).length;
  const chosen = all.find((one) => one.id === value?.id);
  const following = followingFrom(all, whole);
  const ready = found.isSuccess && whole.sampleType !== null;
  const offers = all.filter((one) => one.kind === "specification" && covered(one) > 0).slice(0, 3);

  const hint = chosen ? (
    tests.size > 0 ? (
      covered(chosen) === tests.size ? (
        <Trans>It has limits for every test chosen.</Trans>
      ) : (
        <Trans>
          It has limits for {covered(chosen)} of {tests.size} tests.
        </Trans>
      )
    ) : undefined
  ) : !ready ? (
    t`Left empty, it follows from type and client.`
  ) : following.length > 0 ? (
    <Trans>Left empty: {following.map((one) => one.name).join(", ")}.</Trans>
  ) : undefined;
  return (
    <div className="flex flex-col gap-2">
      <Field label={medical ? t`Reference ranges` : t`Judged by`} hint={hint} error={error}>
        {(control) => (
          <SpecificationPicker
            control={control}
            value={value}
            onChange={onChange}
            {...(ready && following.length === 0 ? { placeholder: t`None` } : {})}
          />
        )}
      </Field>
      {!chosen && ready && following.length === 0 && (
        <div role="status" className="rounded-md bg-amber-tint px-3 py-2 text-xs text-amber">
          <Trans>No specification belongs to this type and client, so the results will have no limits.</Trans>
          {offers.length > 0 && (
            <ul className="mt-1 flex flex-col items-start gap-1">
              {offers.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    className="min-h-6 text-start font-medium underline"
                    onClick={() => onChange({ id: one.id, label: one.name })}
                  >
                    {covered(one) === tests.size ? (
                      <Trans>Judge by “{one.name}”</Trans>
                    ) : (
                      <Trans>
                        Judge by “{one.name}” ({covered(one)} of {tests.size} tests)
                      </Trans>
                    )}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
