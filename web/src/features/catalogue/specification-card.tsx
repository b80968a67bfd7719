import { useLingui } from "@lingui/react/macro";
import { SquarePen } from "lucide-react";
import type { Specification, Test } from "@/api/types";
import { limitText } from "@/features/results/marks";
import { IconButton } from "@/ui/button";
import { Card, ScrollX } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { alarmText, byPerson, byTest } from "./limits";
import { useCatalogueWords } from "./words";

/** A specification with all its limits, test by test. */
export function SpecificationCard({
  specification,
  testOf,
  typeName,
  clientName,
  onChange,
}: {
  specification: Specification;
  testOf: ReadonlyMap<string, Test>;
  typeName: string | undefined;
  clientName: string | undefined;
  onChange: (() => void) | undefined;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const { limits } = specification;
  const personal = byPerson(limits);
  const guarded = limits.some((each) => each.guard_band !== null);
  const none = <span className="text-faint">–</span>;
  return (
    <Card
      flush
      title={specification.name}
      actions={
        <span className="flex flex-wrap items-center gap-1.5">
          {clientName && <Pill tone="violet">{clientName}</Pill>}
          {typeName && <Pill tone="blue">{typeName}</Pill>}
          <Pill tone="grey">{words.rule(specification.decision_rule)}</Pill>
          {!specification.active && <Pill tone="amber">{t`Not in use`}</Pill>}
          {onChange && (
            <IconButton
              label={t`Change ${specification.name}`}
              icon={<SquarePen className="text-muted" />}
              className="-me-2"
              onClick={onChange}
            />
          )}
        </span>
      }
    >
      <ScrollX label={specification.name}>
        <table className="w-full min-w-[40rem] border-collapse">
          <caption className="sr-only">{specification.name}</caption>
          <thead className="text-xs text-muted">
            <tr className="border-b border-line *:px-3 *:py-2 *:text-start *:font-medium *:first:ps-4">
              <th scope="col">{t`Test`}</th>
              {personal && <th scope="col">{t({ message: "For", context: "whom" })}</th>}
              <th scope="col">{t`Limits`}</th>
              <th scope="col">{t`Warning`}</th>
              <th scope="col">{t`Critical`}</th>
              {guarded && <th scope="col">{t`Guard band`}</th>}
            </tr>
          </thead>
          {byTest(limits, (limit) => limit.test_id).map((group) => (
            <tbody key={group[0]?.test_id} className="border-b border-line last:border-0">
              {group.map((limit, index) => (
                // One test may have many limits; their order is their identity.
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={index} className="align-baseline *:px-3 *:py-1.5">
                  {index === 0 && (
                    <th scope="rowgroup" rowSpan={group.length} className="ps-4! text-start font-normal">
                      {testOf.get(limit.test_id)?.name ?? "…"}{" "}
                      <span className="text-muted">{testOf.get(limit.test_id)?.unit}</span>
                    </th>
                  )}
                  {personal && <td className="text-muted">{words.forWhom(limit)}</td>}
                  <td className="mono">{limitText(limit) ?? none}</td>
                  <td className="mono whitespace-pre text-amber">{alarmText(limit, "warn") ?? none}</td>
                  <td className="mono whitespace-pre text-red">{alarmText(limit, "critical") ?? none}</td>
                  {guarded && <td className="mono text-muted">{limit.guard_band ?? none}</td>}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </ScrollX>
      <p className="border-t border-line px-4 py-2 text-xs text-muted">{words.judge(specification.judge)}</p>
    </Card>
  );
}
