import { useLingui } from "@lingui/react/macro";
import { SquarePen } from "lucide-react";
import type { Specification, SpecificationLimit, Test } from "@/api/types";
import { limitText } from "@/features/results/marks";
import { IconButton } from "@/ui/button";
import { useNarrow } from "@/ui/media";
import { Card, ScrollX } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { NotInUse } from "./in-use";
import { LimitLine } from "./limit-line";
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
  const narrow = useNarrow();
  return (
    <Card
      flush
      title={specification.name}
      marks={
        <>
          {clientName && <Pill tone="violet">{clientName}</Pill>}
          {typeName && <Pill tone="blue">{typeName}</Pill>}
          <Pill tone="grey">{words.rule(specification.decision_rule)}</Pill>
          {!specification.active && <NotInUse />}
        </>
      }
      actions={
        onChange && (
          <IconButton
            label={t`Change ${specification.name}`}
            icon={<SquarePen className="text-muted" />}
            className="-me-2"
            onClick={onChange}
          />
        )
      }
    >
      {narrow ? (
        <LimitList limits={specification.limits} testOf={testOf} />
      ) : (
        <LimitTable name={specification.name} limits={specification.limits} testOf={testOf} />
      )}
      <p className="border-t border-line px-4 py-2 text-xs text-muted">{words.judge(specification.judge)}</p>
    </Card>
  );
}

interface Limits {
  limits: readonly SpecificationLimit[];
  testOf: ReadonlyMap<string, Test>;
}

/** Only columns in which something stands. */
function LimitTable({ name, limits, testOf }: Limits & { name: string }) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const personal = byPerson(limits);
  const some = (kind: "warn" | "critical") => limits.some((each) => alarmText(each, kind) !== null);
  const [warned, critical] = [some("warn"), some("critical")];
  const guarded = limits.some((each) => each.guard_band !== null);
  const none = <span className="text-faint">–</span>;
  return (
    <ScrollX label={name}>
      <table className="w-full min-w-[36rem] border-collapse">
        <caption className="sr-only">{name}</caption>
        <thead className="text-xs text-muted">
          <tr className="border-b border-line *:px-3 *:py-2 *:text-start *:font-medium *:first:ps-4">
            <th scope="col">{t`Test`}</th>
            {personal && <th scope="col">{t({ message: "For", context: "whom" })}</th>}
            <th scope="col">{t`Limits`}</th>
            {warned && <th scope="col">{t`Warning`}</th>}
            {critical && <th scope="col">{t`Critical`}</th>}
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
                    <TestName test={testOf.get(limit.test_id)} />
                  </th>
                )}
                {personal && <td className="text-muted">{words.forWhom(limit)}</td>}
                <td className="mono">{limitText(limit) ?? none}</td>
                {warned && <td className="mono whitespace-pre text-amber">{alarmText(limit, "warn") ?? none}</td>}
                {critical && <td className="mono whitespace-pre text-red">{alarmText(limit, "critical") ?? none}</td>}
                {guarded && <td className="mono text-muted">{limit.guard_band ?? none}</td>}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </ScrollX>
  );
}

/** The same without columns, where a table would have to be pushed sideways to be read. */
function LimitList({ limits, testOf }: Limits) {
  const personal = byPerson(limits);
  return (
    <ul className="divide-y divide-line">
      {byTest(limits, (limit) => limit.test_id).map((group) => (
        <li key={group[0]?.test_id} className="flex flex-col gap-1 px-4 py-2">
          <TestName test={testOf.get(group[0]?.test_id ?? "")} />
          {group.map((limit, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <LimitLine key={index} limit={limit} personal={personal} />
          ))}
        </li>
      ))}
    </ul>
  );
}

function TestName({ test }: { test: Test | undefined }) {
  return (
    <span>
      {test?.name ?? "…"} <span className="text-muted">{test?.unit}</span>
    </span>
  );
}
