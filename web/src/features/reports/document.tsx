import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Download, FileText } from "lucide-react";
import { useState } from "react";
import { download } from "@/api/client";
import type { Report } from "@/api/types-records";
import { saveFile } from "@/ui/save-file";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { PdfPages } from "@/ui/pdf-pages";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { reportNumber } from "./status";

/** The document as it will be, or as it was signed. A draft is rendered anew whenever its content changes. */
export function ReportDocument({ report }: { report: Report }) {
  const { t } = useLingui();
  // Until it is released there is no document yet, only what it will look like.
  const draft = report.status === "draft" || report.status === "authorized";
  const file = useQuery({
    queryKey: [
      "document",
      report.id,
      draft ? `${report.content_sha256}/${report.version}` : (report.document_sha256 ?? report.status),
    ],
    queryFn: ({ signal }) =>
      draft
        ? download("GET /reports/{id}/preview", { path: { id: report.id } }, { accept: "application/pdf", signal })
        : download("GET /reports/{id}/document", { path: { id: report.id } }, { accept: "application/pdf", signal }),
    // Its key names its content: it never gets old, and after a release nobody asks for the preview again.
    staleTime: "static",
    gcTime: 60_000,
  });
  const [error, setError] = useState<unknown>(null);
  return (
    <Card
      id="document"
      flush
      title={draft ? t`Preview` : t`Document`}
      actions={
        file.data && (
          <Button
            tone="ghost"
            icon={<Download />}
            onClick={() => {
              try {
                saveFile(file.data, `${reportNumber(report).replaceAll("/", "-")}${draft ? "-draft" : ""}.pdf`);
              } catch (failure) {
                setError(failure);
              }
            }}
          >
            <Trans>Download</Trans>
          </Button>
        )
      }
    >
      <div className="bg-sunken p-4 sm:p-6">
        <ActError error={error} />
        {file.isPending ? (
          <Skeleton className="mx-auto aspect-[1/1.414] w-full max-w-3xl" />
        ) : file.error ? (
          <ErrorState error={file.error} onRetry={() => void file.refetch()} />
        ) : (
          <PdfPages file={file.data} label={draft ? t`Preview of the report` : t`The signed document`} />
        )}
      </div>
      {!draft && report.document_sha256 && (
        <p className="flex items-start gap-2 border-t border-line px-4 py-2 text-xs text-muted">
          <FileText aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0">
            SHA-256 <span className="mono break-all select-all">{report.document_sha256}</span>
          </span>
        </p>
      )}
    </Card>
  );
}
