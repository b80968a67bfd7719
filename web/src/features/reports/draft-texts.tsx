import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Report } from "@/api/types-records";
import { LANGUAGES } from "@/i18n";
import { Button, IconButton } from "@/ui/button";
import { SelectField, TextAreaField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card } from "@/ui/page";
import { SaveButton } from "@/ui/save-button";
import { ActError } from "@/ui/states";

/** Remarks, opinions and language of a draft. Results are not edited here: they come from the bench. */
export function DraftTexts({ report, locked }: { report: Report; locked: string | undefined }) {
  const { t } = useLingui();
  const form = useId();
  const act = useAct("PATCH /reports/{id}");
  const [remarks, setRemarks] = useState(report.remarks ?? "");
  const [opinions, setOpinions] = useState<{ key: number; text: string }[]>(
    (report.opinions ?? []).map((each, key) => ({ key, text: each.text })),
  );
  const [language, setLanguage] = useState(report.language);
  const [next, setNext] = useState(1000);
  const texts = opinions.map((each) => each.text.trim()).filter(Boolean);
  const dirty =
    remarks.trim() !== (report.remarks ?? "") ||
    language !== report.language ||
    JSON.stringify(texts) !== JSON.stringify((report.opinions ?? []).map((each) => each.text));
  const save = () =>
    act.mutate({
      path: { id: report.id },
      body: { remarks: remarks.trim() || null, opinions: texts.map((text) => ({ text })), language },
      options: { version: report.version },
    });
  return (
    <Card id="texts" title={t`Texts of the draft`}>
      <Form id={form} className="flex flex-col gap-4" onSubmit={save}>
        <TextAreaField
          label={t`Remarks`}
          value={remarks}
          readOnly={Boolean(locked)}
          onChange={(event) => setRemarks(event.target.value)}
          error={isProblem(act.error) ? act.error.field("remarks") : undefined}
        />
        {opinions.map((each, index) => (
          <div key={each.key} className="flex items-end gap-2">
            <TextAreaField
              className="flex-1"
              label={t`Opinion or interpretation ${index + 1}`}
              rows={2}
              value={each.text}
              readOnly={Boolean(locked)}
              onChange={(event) =>
                setOpinions((now) =>
                  now.map((one) => (one.key === each.key ? { ...one, text: event.target.value } : one)),
                )
              }
            />
            <IconButton
              label={t`Remove opinion ${index + 1}`}
              icon={<Trash2 />}
              onClick={() => setOpinions((now) => now.filter((one) => one.key !== each.key))}
            />
          </div>
        ))}
        <Button
          icon={<Plus />}
          className="self-start"
          disabledReason={locked}
          onClick={() => {
            setOpinions((now) => [...now, { key: next, text: "" }]);
            setNext(next + 1);
          }}
        >
          <Trans>Add an opinion</Trans>
        </Button>
        <SelectField
          label={t`Language of the document`}
          value={language}
          onChange={(value) => value !== "" && setLanguage(value)}
          options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
        />
        <ActError error={act.error} />
        <SaveButton dirty={dirty} locked={locked} busy={act.isPending}>
          <Trans>Save the texts</Trans>
        </SaveButton>
      </Form>
    </Card>
  );
}
