import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Ban, ExternalLink, Replace, ShieldCheck, TriangleAlert } from "lucide-react";
import type { Report } from "@/api/types-records";
import { CopyButton } from "@/ui/copy-button";
import { Whose } from "@/features/samples/whose";
import { useMay } from "@/session/session";
import { Card, Facts, Notice } from "@/ui/page";
import { TimeText } from "@/ui/time-text";
import { Deliveries } from "./deliveries";
import { ReportDocument } from "./document";
import { DraftTexts } from "./draft-texts";
import { reportNumber } from "./status";

/** The document in the middle; beside it who signed, how it can be checked, where it went. */
export function ReportBody({ report }: { report: Report }) {
  const { t } = useLingui();
  const may = useMay();
  const draft = report.status === "draft";
  return (
    <div className="flex flex-col gap-4">
      <Warnings report={report} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <ReportDocument report={report} />
        <div className="flex min-w-0 flex-col gap-4">
          {draft && (
            <DraftTexts
              key={report.version}
              report={report}
              locked={may("report:draft") ? undefined : t`Your roles lack the permission ${"report:draft"}.`}
            />
          )}
          {report.authorization && <SignatureCard report={report} />}
          {report.verification_code && <PublicCheck report={report} />}
          <Card id="covers" title={t`What it covers`}>
            <Facts
              items={[
                [t`For`, <Whose key="whose" sample={report} />],
                [
                  t`Samples`,
                  <ul key="samples">
                    {report.samples.map((each) => (
                      <li key={each.id}>
                        <Link to="/samples/$id" params={{ id: each.id }} className="mono text-accent hover:underline">
                          {each.accession_number}
                        </Link>
                      </li>
                    ))}
                  </ul>,
                ],
                report.pending_tests.length > 0 && [t`Still pending`, report.pending_tests.join(", ")],
                [t`Version`, report.version_no],
                report.amendment_reason !== null && [t`Why amended`, report.amendment_reason],
                [t`Drafted by`, report.created_by?.name],
                [t`Drafted`, <TimeText key="drafted" at={report.created_at} />],
              ]}
            />
          </Card>
          {!draft && <Deliveries report={report} />}
        </div>
      </div>
    </div>
  );
}

function Warnings({ report }: { report: Report }) {
  return (
    <>
      {report.under_correction && (
        <Notice tone="amber" icon={<TriangleAlert />}>
          <Trans>
            Something this report says was retracted. The public check says that it is under correction; release the
            amendment soon.
          </Trans>
        </Notice>
      )}
      {report.withdrawn_reason && (
        <Notice tone="red" icon={<Ban />}>
          <Trans>Withdrawn: {report.withdrawn_reason}</Trans>
        </Notice>
      )}
      {report.amended_by && (
        <Notice icon={<Replace />}>
          {report.status === "superseded" ? <Trans>Replaced by</Trans> : <Trans>An amendment is under way:</Trans>}{" "}
          <Link to="/reports/$id" params={{ id: report.amended_by.id }} className="mono font-medium underline">
            {reportNumber(report.amended_by)}
          </Link>
        </Notice>
      )}
      {report.amends && (
        <Notice icon={<Replace />}>
          {report.status === "draft" || report.status === "authorized" ? (
            <Trans>Will replace</Trans>
          ) : (
            <Trans>Replaces</Trans>
          )}{" "}
          <Link to="/reports/$id" params={{ id: report.amends.id }} className="mono font-medium underline">
            {reportNumber(report.amends)}
          </Link>
        </Notice>
      )}
    </>
  );
}

function SignatureCard({ report }: { report: Report }) {
  const { t } = useLingui();
  const may = useMay();
  const { authorization } = report;
  if (!authorization) return null;
  return (
    <Card id="signature" title={t`Signature`}>
      <Facts
        items={[
          [t`Signed by`, [authorization.by.name, authorization.title].filter(Boolean).join(", ")],
          [t`Meaning`, authorization.meaning],
          [t`Signed`, <TimeText key="at" at={authorization.at} />],
          [
            t`Signed content`,
            <span key="hash" className="mono text-xs break-all select-all">
              {report.content_sha256}
            </span>,
          ],
          report.released_at !== null && [
            t({ message: "Released", context: "when" }),
            <TimeText key="released" at={report.released_at} />,
          ],
          report.released_by && [t`Released by`, report.released_by.name],
        ]}
      />
      {report.proof && may("audit:read") && (
        <Link
          to="/audit/$entry"
          params={{ entry: String(report.proof.index) }}
          className="mt-3 flex items-center gap-1.5 text-accent hover:underline"
        >
          <ShieldCheck aria-hidden className="size-4" />
          <Trans>Entry #{report.proof.index} of the ledger and its proof</Trans>
        </Link>
      )}
    </Card>
  );
}

function PublicCheck({ report }: { report: Report }) {
  const { t } = useLingui();
  return (
    <Card id="public" title={t`Public check`}>
      <p className="text-muted">
        <Trans>
          Whoever holds the report can see whether it is genuine and still valid, and nothing of its content.
        </Trans>
      </p>
      <p className="mono mt-3 text-xl font-semibold tracking-wide break-all select-all">{report.verification_code}</p>
      {report.public_url && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <a
            href={report.public_url}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-[var(--control)] items-center gap-1.5 text-accent hover:underline"
          >
            <ExternalLink aria-hidden className="size-4" />
            <Trans>Open the public page</Trans>
          </a>
          <CopyButton text={report.public_url} />
        </div>
      )}
    </Card>
  );
}
