import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CircleCheckBig, CircleX, Download, FileText, LoaderCircle, PackageOpen } from "lucide-react";
import { useState } from "react";
import { call, download } from "@/api/client";
import type { AuditExport } from "@/api/types-records";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { saveFile } from "@/ui/save-file";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** Exports made so far; those under way are read again until they are ready. */
export function ExportList() {
  const { t } = useLingui();
  const exports = useQuery({
    queryKey: ["GET /audit/exports", { query: { limit: 50 } }],
    queryFn: () => call("GET /audit/exports", { query: { limit: 50 } }),
    refetchInterval: (query) =>
      query.state.data?.items.some((each) => each.status === "queued" || each.status === "running") ? 1500 : false,
  });
  return (
    <Card id="exports" flush title={t`Exports`}>
      {exports.error ? (
        <ErrorState error={exports.error} onRetry={() => void exports.refetch()} className="py-8" />
      ) : exports.isPending ? (
        <Skeleton className="m-4 h-16" />
      ) : exports.data.items.length === 0 ? (
        <StateMessage className="py-10" icon={<PackageOpen />} title={t`No exports yet`} />
      ) : (
        <ul>
          {exports.data.items.map((each) => (
            <ExportRow key={each.id} item={each} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ExportRow({ item }: { item: AuditExport }) {
  const { t } = useLingui();
  const underWay = item.status === "queued" || item.status === "running";
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 basis-52">
          <span className="font-medium">
            {item.kind === "range" ? t`Range` : t`Selection`}
            {item.first !== null && item.last !== null && (
              <span className="mono">
                {" "}
                #{item.first} – #{item.last}
              </span>
            )}
          </span>
          <span className="block text-xs text-muted">
            {item.count !== null && (
              <>
                <Plural value={item.count} one="# entry" other="# entries" /> ·{" "}
              </>
            )}
            <TimeText at={item.created_at} /> {item.created_by?.name && `· ${item.created_by.name}`}
          </span>
        </p>
        {item.status === "ready" ? (
          <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
            <Trans>Ready</Trans>
          </Pill>
        ) : item.status === "failed" ? (
          <Pill tone="red" icon={<CircleX aria-hidden />}>
            <Trans>Failed</Trans>
          </Pill>
        ) : (
          <Pill tone="blue" icon={<LoaderCircle aria-hidden className="animate-spin" />}>
            {item.progress} %
          </Pill>
        )}
      </div>
      {underWay && (
        <progress
          value={item.progress}
          max={100}
          aria-label={t`Progress`}
          className="h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
        />
      )}
      {item.error && <p className="text-red">{item.error}</p>}
      {item.status === "ready" && <Downloads item={item} />}
    </li>
  );
}

function Downloads({ item }: { item: AuditExport }) {
  const { t } = useLingui();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async (name: string, get: () => Promise<Blob>) => {
    setBusy(name);
    setError(null);
    try {
      saveFile(await get(), name);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(null);
    }
  };
  const base = `audit-${item.first ?? 0}-${item.last ?? 0}`;
  const bundle = `${base}.attest.zip`;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button
          icon={<Download />}
          busy={busy === bundle}
          onClick={() =>
            void save(bundle, () =>
              download("GET /audit/exports/{id}/bundle", { path: { id: item.id } }, { accept: "application/zip" }),
            )
          }
        >
          <Trans>Bundle (zip)</Trans>
        </Button>
        {Array.from({ length: item.parts ?? 1 }, (_, index) => {
          const part = index + 1;
          const name = (item.parts ?? 1) > 1 ? `${base}-${part}.pdf` : `${base}.pdf`;
          return (
            <Button
              key={part}
              icon={<FileText />}
              busy={busy === name}
              onClick={() =>
                void save(name, () =>
                  download(
                    "GET /audit/exports/{id}/document",
                    { path: { id: item.id }, query: { part } },
                    { accept: "application/pdf" },
                  ),
                )
              }
            >
              {(item.parts ?? 1) > 1 ? t`Signed PDF, part ${part}` : t`Signed PDF`}
            </Button>
          );
        })}
      </div>
      <ActError error={error} />
    </>
  );
}
