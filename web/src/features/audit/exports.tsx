import { Trans, useLingui } from "@lingui/react/macro";
import { FileArchive } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { AuditExportBody } from "@/api/types-records";
import { useMay, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { CopyButton } from "@/ui/copy-button";
import { ChoiceField, Field, SelectField, TextAreaField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { dayStart } from "./search";
import { objectTypes, useAuditWords } from "./words";

/** A new export: a gapless range, or a selection by filter. The server asks for a fresh proof, because it takes evidence out of the house. */
export function NewExport() {
  const { t } = useLingui();
  const me = useMe();
  const words = useAuditWords();
  const act = useAct("POST /audit/exports");
  const actions = useApi("GET /audit/actions", {});
  const [kind, setKind] = useState<AuditExportBody["kind"]>("range");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [action, setAction] = useState("");
  const [type, setType] = useState<(typeof objectTypes)[number] | "">("");
  const [held, setHeld] = useState("");
  const choices = (actions.data?.items ?? []).map((each) => ({ id: each.id, label: each.description, note: each.id }));
  const body = (): AuditExportBody => {
    const first = dayStart(from, 0, me.laboratory.timezone);
    const last = dayStart(to, 1, me.laboratory.timezone);
    return {
      kind,
      ...(first ? { from: first } : {}),
      ...(last ? { to: last } : {}),
      // A signed note ends with a line break; copying often loses it.
      ...(held.trim() ? { held_checkpoint: `${held.trim()}\n` } : {}),
      ...(kind === "selection"
        ? { filter: { ...(action ? { action } : {}), ...(type ? { object_type: type } : {}) } }
        : {}),
    };
  };
  const create = () => act.mutate({ body: body() });
  const field = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  return (
    <Card id="new-export" title={t`New export`}>
      <div className="flex flex-col gap-4">
        <ChoiceField
          label={t`What`}
          value={kind}
          onChange={setKind}
          options={[
            { value: "range", label: t`Everything of a time` },
            { value: "selection", label: t`A selection` },
          ]}
        />
        <p className="text-muted">
          {kind === "range" ? (
            <Trans>
              Every entry from the first to the last, and a proof that none between is missing. Without days: the whole
              trail.
            </Trans>
          ) : (
            <Trans>
              Only what the filter finds, each entry with its own proof. It does not show that nothing else happened.
            </Trans>
          )}
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          <WhenField dateOnly label={t`From the day`} value={from} onChange={setFrom} error={field("from")} />
          <WhenField dateOnly label={t`To the day`} value={to} onChange={setTo} error={field("to")} />
          {kind === "selection" && (
            <>
              <Field label={t`What was done`}>
                {(control) => (
                  <Combobox
                    control={control}
                    placeholder={t`Anything`}
                    choices={choices}
                    value={choices.find((each) => each.id === action) ?? null}
                    onChange={(choice) => setAction(choice?.id ?? "")}
                  />
                )}
              </Field>
              <SelectField
                label={t`On what`}
                empty={t`Anything`}
                value={type}
                onChange={setType}
                options={objectTypes.map((each) => ({ value: each, label: words.type(each) }))}
              />
            </>
          )}
        </div>
        <details className="rounded-md border border-line">
          <summary className="min-h-9 px-3 py-2 text-xs font-medium select-none hover:bg-hover">
            <Trans>The assessor holds an earlier checkpoint</Trans>
          </summary>
          <div className="border-t border-line p-3">
            <TextAreaField
              label={t`Earlier checkpoint`}
              rows={5}
              spellCheck={false}
              value={held}
              onChange={(event) => setHeld(event.target.value)}
              error={field("held_checkpoint")}
              hint={t`Paste the signed note as it was handed over. The export then proves that since that day entries were only added.`}
            />
          </div>
        </details>
        <ActError error={act.error} />
        <Button tone="primary" icon={<FileArchive />} className="self-start" busy={act.isPending} onClick={create}>
          <Trans>Create the export…</Trans>
        </Button>
      </div>
    </Card>
  );
}

/** How an assessor checks an export on their own computer, with the key to do it. */
export function HowToVerify() {
  const { t } = useLingui();
  const may = useMay();
  const key = useApi("GET /audit/keys", {}, { enabled: may("audit:read") }).data?.keys[0]?.verifier_key;
  const command = `attest-verify audit.attest.zip --key '${key ?? "…"}'`;
  return (
    <Card id="verify" title={t`How anybody can check it`}>
      <ol className="flex list-decimal flex-col gap-3 ps-5">
        <li>
          <Trans>Take the program attest-verify from the project, not from the laboratory. It needs no network.</Trans>
        </li>
        <li>
          <Trans>
            Get the log key from the laboratory by another way than the export: on paper, by telephone, from its
            certificate.
          </Trans>
          {key && (
            <div className="mt-2 flex items-start gap-2">
              <code className="mono min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
                {key}
              </code>
              <CopyButton text={key} />
            </div>
          )}
        </li>
        <li>
          <Trans>Run it over the bundle or the signed PDF:</Trans>
          <code className="mono mt-2 block rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
            {command}
          </code>
        </li>
        <li>
          <Trans>
            It prints every step and its verdict. One changed byte anywhere, and it names the file and the entry.
          </Trans>
        </li>
      </ol>
    </Card>
  );
}
