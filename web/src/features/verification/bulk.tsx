import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Result } from "@/api/types";
import { limitText } from "@/features/results/marks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/page";
import { ScrollRegion } from "@/ui/scroll-region";
import { ActError } from "@/ui/states";

/** Accepts results without any difference together; each is listed, and each is recorded by itself. */
export function BulkDialog({ results, onClose }: { results: readonly Result[]; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /results/verify");
  // The list as it was when the dialog opened; the queue behind it may grow meanwhile.
  const [these] = useState(results);
  const refused = act.data?.items.filter((item) => item.status >= 400) ?? [];
  const nameOf = (id: string) => {
    const result = these.find((each) => each.id === id);
    return result ? `${result.sample.accession_number} ${result.test.name}` : id;
  };
  const submit = () =>
    act.mutate(
      {
        query: { partial: true },
        body: { items: these.map((each) => ({ result_id: each.id, version: each.version })) },
      },
      { onSuccess: (answer) => answer.items.every((item) => item.status < 400) && onClose() },
    );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={<Plural value={these.length} one="Accept # clean result" other="Accept # clean results" />}
      description={t`Within limits, close to the previous result, nothing corrected, nothing late, and not entered by you.`}
      footer={
        <>
          <Button onClick={onClose}>{act.data ? <Trans>Close</Trans> : <Trans>Back</Trans>}</Button>
          {!act.data && (
            <Button tone="primary" busy={act.isPending} onClick={submit}>
              <Plural value={these.length} one="Accept # result" other="Accept # results" />
            </Button>
          )}
        </>
      }
    >
      <ActError error={act.error} />
      {refused.length > 0 && (
        <Notice tone="red">
          <p>
            <Plural value={refused.length} one="# was not accepted:" other="# were not accepted:" />
          </p>
          <ul className="mt-1 list-disc ps-4">
            {refused.map((item) => (
              <li key={item.result_id}>
                {nameOf(item.result_id)}: {item.problem?.detail ?? item.problem?.title}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <ScrollRegion label={t`Results`} className="max-h-[45vh] overflow-y-auto rounded-md border border-line">
        <table className="w-full text-start">
          <caption className="sr-only">{t`Results`}</caption>
          <thead className="sticky top-0 bg-canvas text-xs text-muted">
            <tr className="*:px-3 *:py-1.5 *:text-start *:font-medium">
              <th scope="col" className="max-sm:hidden">
                {t`Sample`}
              </th>
              <th scope="col">{t`Test`}</th>
              <th scope="col">{t`Result`}</th>
              <th scope="col">{t`Limits`}</th>
              <th scope="col" className="max-sm:hidden">
                {t`Previous`}
              </th>
            </tr>
          </thead>
          <tbody>
            {these.map((each) => (
              <tr key={each.id} className="border-t border-line *:px-3 *:py-1.5">
                <td className="mono whitespace-nowrap max-sm:hidden">{each.sample.accession_number}</td>
                <td>
                  {each.test.name}
                  <span className="mono block text-2xs text-muted sm:hidden">{each.sample.accession_number}</span>
                </td>
                <td className="sm:whitespace-nowrap">
                  <span className="mono font-semibold">{each.display ?? each.value}</span>{" "}
                  <span className="text-muted">{each.unit}</span>
                </td>
                <td className="mono whitespace-nowrap text-muted">{limitText(each.limits) ?? "–"}</td>
                <td className="mono whitespace-nowrap text-muted max-sm:hidden">
                  {each.previous?.display ?? each.previous?.value ?? "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Dialog>
  );
}
