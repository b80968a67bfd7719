import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Client } from "@/api/types";
import type { ClientChange } from "@/api/types-orders";
import { ActDialog } from "@/ui/act-dialog";
import { TextAreaField, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { differing, textOrNull } from "./changes";
import { InUseField } from "./in-use";

/** A client of the laboratory, new or changed. */
export function ClientDialog({ client, onClose }: { client: Client | null; onClose: () => void }) {
  const { t } = useLingui();
  const create = useAct("POST /clients");
  const patch = useAct("PATCH /clients/{id}");
  const act = client ? patch : create;
  const [value, setValue] = useState({
    name: client?.name ?? "",
    code: client?.code ?? "",
    address: client?.address ?? "",
    email: client?.email ?? "",
    phone: client?.phone ?? "",
  });
  const [active, setActive] = useState(client?.active ?? true);
  const [tried, setTried] = useState(false);
  const set = (name: keyof typeof value) => (event: { target: { value: string } }) =>
    setValue((now) => ({ ...now, [name]: event.target.value }));
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const optional = <T,>(text: (each: string) => T) => ({
    code: text(value.code),
    address: text(value.address),
    email: text(value.email),
    phone: text(value.phone),
  });
  const submit = () => {
    setTried(true);
    if (!value.name.trim()) return;
    if (client) {
      const now = { name: value.name.trim(), active, ...optional(textOrNull) };
      const before: ClientChange = {
        name: client.name,
        active: client.active,
        code: client.code,
        address: client.address,
        email: client.email,
        phone: client.phone,
      };
      patch.mutate(
        { path: { id: client.id }, body: differing(now, before), options: { version: client.version } },
        { onSuccess: onClose },
      );
    } else
      create.mutate(
        { body: { name: value.name.trim(), ...optional((each) => each.trim() || undefined) } },
        { onSuccess: onClose },
      );
  };
  return (
    <ActDialog
      title={client ? t`Change ${client.name}` : t`New client`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={client ? t`Save` : t`Create client`}
    >
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
        <TextField
          label={t`Name`}
          required
          value={value.name}
          onChange={set("name")}
          error={(tried && !value.name.trim() ? t`The name is needed.` : undefined) ?? server("name")}
        />
        <TextField label={t`Code`} mono value={value.code} onChange={set("code")} error={server("code")} />
      </div>
      <TextAreaField
        label={t`Address`}
        rows={2}
        value={value.address}
        onChange={set("address")}
        error={server("address")}
        hint={t`Printed on reports.`}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t`E-mail address`}
          type="email"
          value={value.email}
          onChange={set("email")}
          error={server("email")}
        />
        <TextField
          label={t`Telephone`}
          type="tel"
          value={value.phone}
          onChange={set("phone")}
          error={server("phone")}
        />
      </div>
      {client && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={act.error} />
    </ActDialog>
  );
}
