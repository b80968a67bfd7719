import { Trans, useLingui } from "@lingui/react/macro";
import {
  Ban,
  Download,
  Eye,
  EyeOff,
  FileImage,
  FileLock2,
  FileSpreadsheet,
  FileText,
  MoreHorizontal,
  Users,
} from "lucide-react";
import { useState } from "react";
import { download } from "@/api/client";
import type { AttachedFile, FileHolder } from "@/api/operations-files";
import { useAct } from "@/api/queries";
import { IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import { Menu, MenuItem } from "@/ui/menu";
import { Pill } from "@/ui/pill";
import { ReasonDialog } from "@/ui/reason-dialog";
import { saveFile } from "@/ui/save-file";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { useSize } from "./size";

const icons = { pdf: FileText, text: FileText, csv: FileSpreadsheet } as const;

/** A file, who attached it and when, and what can be done with it. */
export function FileRow({
  of,
  id,
  file,
  may,
  client,
}: {
  of: FileHolder;
  id: string;
  file: AttachedFile;
  may: boolean;
  client: boolean;
}) {
  const { t } = useLingui();
  const size = useSize();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { name, withdrawn } = file;
  const save = async () => {
    if (name === null || busy) return;
    setBusy(true);
    setError(null);
    try {
      const path = { id, file: file.id };
      saveFile(await download(`GET /${of}/{id}/files/{file}/content`, { path }, { accept: "*/*" }), name);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const Icon = name === null ? FileLock2 : (icons[file.kind as keyof typeof icons] ?? FileImage);
  return (
    <li className="border-b border-line px-4 py-2 last:border-0">
      <div className="flex items-center gap-3">
        <Icon aria-hidden className={cx("size-5 shrink-0", withdrawn ? "text-faint" : "text-accent")} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {name === null ? (
              <span className="text-muted">{file.erased ? t`Erased with the person` : t`File of a patient`}</span>
            ) : (
              <button
                type="button"
                aria-busy={busy}
                onClick={() => void save()}
                className={cx(
                  "min-w-0 text-start break-all hover:underline pointer-coarse:min-h-11",
                  withdrawn ? "text-muted line-through" : "text-accent",
                )}
              >
                {name}
              </button>
            )}
            {withdrawn && (
              <Pill tone="grey" icon={<Ban />}>
                <Trans>Withdrawn</Trans>
              </Pill>
            )}
            {file.shared_with_client && client && !withdrawn && (
              <Pill tone="blue" icon={<Users />}>
                <Trans>Client sees it</Trans>
              </Pill>
            )}
          </div>
          <p className="text-xs text-muted">
            {size(file.size)} · {file.created_by?.name ?? t`The system`} · <TimeText at={file.created_at} />
          </p>
          {withdrawn && (
            <p className="mt-0.5 border-s-2 border-line-strong ps-2 text-xs text-muted">
              {withdrawn.by?.name} · <TimeText at={withdrawn.at} />
              {withdrawn.reason && `: ${withdrawn.reason}`}
            </p>
          )}
        </div>
        <Actions of={of} id={id} file={file} may={may} client={client} onSave={() => void save()} />
      </div>
      <ActError error={error} className="mt-2" />
    </li>
  );
}

function Actions({
  of,
  id,
  file,
  may,
  client,
  onSave,
}: {
  of: FileHolder;
  id: string;
  file: AttachedFile;
  may: boolean;
  client: boolean;
  onSave: () => void;
}) {
  const { t } = useLingui();
  const share = useAct(`PATCH /${of}/{id}/files/{file}`);
  const withdraw = useAct(`POST /${of}/{id}/files/{file}/withdraw`);
  const [asking, setAsking] = useState(false);
  const { name } = file;
  const [path, options] = [{ id, file: file.id }, { version: file.version }];
  const changeable = may && !file.withdrawn && !file.erased;
  if (name === null) return null;
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon={<MoreHorizontal />} label={t`What to do with ${name}`} busy={share.isPending} />}
      >
        <MenuItem icon={<Download />} onClick={onSave}>
          <Trans>Download</Trans>
        </MenuItem>
        {changeable && client && (
          <MenuItem
            icon={file.shared_with_client ? <EyeOff /> : <Eye />}
            onClick={() => share.mutate({ path, body: { shared_with_client: !file.shared_with_client }, options })}
          >
            {file.shared_with_client ? <Trans>Hide from the client</Trans> : <Trans>Show to the client</Trans>}
          </MenuItem>
        )}
        {changeable && (
          <MenuItem icon={<Ban />} onClick={() => setAsking(true)}>
            <Trans>Withdraw…</Trans>
          </MenuItem>
        )}
      </Menu>
      {asking && (
        <ReasonDialog
          danger
          title={t`Withdraw ${name}`}
          description={t`The file stays here, marked and with its content: evidence is not thrown away. Clients do not see it any more.`}
          presets={[t`Belongs somewhere else`, t`Not legible`, t`Replaced by a better one`]}
          label={t`Withdraw`}
          busy={withdraw.isPending}
          error={withdraw.error}
          onClose={() => setAsking(false)}
          onSubmit={(reason) =>
            withdraw.mutate({ path, body: { reason }, options }, { onSuccess: () => setAsking(false) })
          }
        />
      )}
      <ActError error={share.error} />
    </>
  );
}
