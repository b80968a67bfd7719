import type { CellView } from "@/grid/types";
import { ValueCell, valueCellClass } from "./cell";
import type { Desk } from "./desk";
import { limitText } from "./marks";
import type { Field } from "./sheet";

/** One field of a result as a cell of the table. */
export function viewOf(one: Desk, field: Field["field"]): CellView {
  if (field === "unit") return { id: null, text: one.result.unit, editable: false };
  if (field === "limits")
    return { id: null, text: limitText(one.result.limits) ?? "", editable: false, className: "mono text-muted" };
  if (field === "previous")
    return {
      id: null,
      text: one.result.previous?.display ?? one.result.previous?.value ?? "",
      editable: false,
      className: "mono text-muted",
    };
  const id = `${one.result.id}/${field}`;
  if (field === "value")
    return {
      id,
      text: one.value,
      content: <ValueCell desk={one} />,
      editable: !one.travelling,
      invalid: Boolean(one.draft && one.trouble && one.trouble !== "empty"),
      className: valueCellClass(one),
      choices: one.result.test.result_type === "coded" ? (one.result.test.codes ?? []) : undefined,
    };
  return {
    id,
    text: field === "remark" ? one.remark : one.dilution,
    editable: !one.travelling,
    className: one.draft?.[field] === undefined ? "" : "font-semibold",
  };
}
