import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Download, FileText } from "lucide-react";
import { download } from "@/api/client";
import type { AccessReview } from "@/api/types-access";
import { useMay } from "@/session/session";
import { Button, ButtonLink } from "@/ui/button";
import { Card, Facts } from "@/ui/page";
import { PdfPages } from "@/ui/pdf-pages";
import { saveFile } from "@/ui/save-file";
import { ErrorState, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** A finished review: its figures, and the record as it was signed. */
export function ReviewRecord({ review }: { review: AccessReview }) {
  const { t } = useLingui();
  const may = useMay();
  const file = useQuery({
    queryKey: ["access-review-document", review.id, review.document_sha256],
    queryFn: ({ signal }) =>
      download("GET /access-reviews/{id}/document", { path: { id: review.id } }, { accept: "application/pdf", signal }),
    // Its key names its content: it never gets old.
    staleTime: "static",
    gcTime: 60_000,
  });
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <Card
        id="record"
        flush
        title={t`Signed record`}
        actions={
          file.data && (
            <Button tone="ghost" icon={<Download />} onClick={() => saveFile(file.data, `${review.number}.pdf`)}>
              <Trans>Download</Trans>
            </Button>
          )
        }
      >
        <div className="bg-sunken p-4 sm:p-6">
          {file.isPending ? (
            <Skeleton className="mx-auto aspect-[1.414] w-full max-w-4xl" />
          ) : file.error ? (
            <ErrorState error={file.error} onRetry={() => void file.refetch()} />
          ) : (
            <PdfPages file={file.data} label={t`The signed record`} />
          )}
        </div>
        {review.document_sha256 && (
          <p className="flex items-start gap-2 border-t border-line px-4 py-2 text-xs text-muted">
            <FileText aria-hidden className="mt-0.5 size-3.5 shrink-0" />
            <span className="min-w-0">
              SHA-256 <span className="mono break-all select-all">{review.document_sha256}</span>
            </span>
          </p>
        )}
      </Card>
      <Card id="figures" title={t`Review`}>
        <Facts
          items={[
            [t`Accounts`, review.accounts],
            [t`Kept`, review.kept],
            [t`Deactivated`, review.deactivated],
            [t`Opened`, <TimeText key="opened" at={review.opened_at} />],
            [t`Opened by`, review.opened_by?.name ?? t`by itself, because it was due`],
            review.reason !== null && [t`Reason`, review.reason],
            [t`To be finished by`, <TimeText key="due" at={review.due_at} />],
            [t`Finished`, <TimeText key="finished" at={review.finished_at} />],
            [t`Confirmed by`, review.finished_by?.name],
          ]}
        />
        {may("audit:read") && (
          <ButtonLink
            to="/audit"
            search={{ object_type: "access_review", object_id: review.id }}
            icon={<FileText />}
            className="mt-4"
          >
            <Trans>In the audit trail</Trans>
          </ButtonLink>
        )}
      </Card>
    </div>
  );
}
