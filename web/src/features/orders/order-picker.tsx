import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { useTyped } from "@/features/pickers/typed";
import { type Choice, Combobox } from "@/ui/combobox";
import type { ControlProps } from "@/ui/field";

/** An open order, looked up by its number, the orderer's number or the requester. */
export function OrderPicker({
  value,
  onChange,
  control,
  without,
}: {
  value: Choice | null;
  onChange: (value: Choice | null) => void;
  control?: ControlProps;
  /** The order that is not offered: the one it belongs to already. */
  without?: string;
}) {
  const { t } = useLingui();
  const { q, typing, setText } = useTyped(200);
  const found = useApi("GET /orders", { query: { q: q || undefined, status: "open", limit: 20 } });
  const choices = (typing ? [] : (found.data?.items ?? []))
    .filter((each) => each.id !== without)
    .map((each) => ({
      id: each.id,
      label: each.number,
      note: [each.client?.name ?? each.patient?.name, each.external_id, each.requester].filter(Boolean).join(" · "),
    }));
  return (
    <Combobox
      control={control}
      value={value}
      onChange={onChange}
      choices={choices}
      onSearch={setText}
      busy={typing || found.isPending}
      placeholder={t`Number of the order`}
      emptyText={t`No open order of that number.`}
    />
  );
}
