import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { FilePen, MoreHorizontal, RefreshCw, Send, Signature } from "lucide-react";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Report } from "@/api/types-records";
import { useMay, useMe } from "@/session/session";
import { useKeys } from "@/shell/shortcuts";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem } from "@/ui/menu";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";
import { AuthorizeDialog } from "./authorize-dialog";
import { reportNumber } from "./status";

/** Why an act cannot be done now, in words; the server decides, this spares the attempt. */
function useReportReasons(report: Report) {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const lacks = (permission: string) =>
    may(permission) ? undefined : t`Your roles lack the permission ${permission}.`;
  const { status } = report;
  return {
    authorize: lacks("report:authorize") ?? (status === "draft" ? undefined : t`It is signed already.`),
    refresh: lacks("report:draft") ?? (status === "draft" ? undefined : t`Only a draft can be rebuilt.`),
    release:
      lacks("report:release") ??
      (status === "draft"
        ? t`It has to be signed first.`
        : status !== "authorized"
          ? t`It has been released already.`
          : me.policy.four_eyes_release && report.authorization?.by.id === me.id
            ? t`You signed this report; another person has to release it.`
            : undefined),
    amend:
      lacks("report:draft") ??
      (status !== "released"
        ? t`Only a released report can be amended.`
        : report.amended_by
          ? t`An amendment exists already.`
          : undefined),
    withdraw:
      lacks("report:withdraw") ?? (status === "released" ? undefined : t`Only a released report can be withdrawn.`),
  };
}

/** Whoever only reads reports, as clients and referring doctors do, is not shown what the laboratory does with them. */
export function ReportActions({ report }: { report: Report }) {
  const may = useMay();
  return workOnReports.some(may) ? <Acts report={report} /> : null;
}
const workOnReports = ["result:read", "report:draft", "report:authorize", "report:release", "report:withdraw"];

function Acts({ report }: { report: Report }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const why = useReportReasons(report);
  const refresh = useAct("POST /reports/{id}/refresh");
  const release = useAct("POST /reports/{id}/release");
  const amend = useAct("POST /reports/{id}/amend");
  const withdraw = useAct("POST /reports/{id}/withdraw");
  const [open, setOpen] = useState<"authorize" | "release" | "amend" | "withdraw" | null>(null);
  const close = () => setOpen(null);
  const target = { path: { id: report.id }, options: { version: report.version } };
  useKeys({
    s: () => !why.authorize && setOpen("authorize"),
    r: () => !why.release && setOpen("release"),
  });
  const draft = report.status === "draft";
  return (
    <>
      {draft && (
        <Button
          icon={<RefreshCw />}
          onClick={() => refresh.mutate({ ...target, body: {} })}
          busy={refresh.isPending}
          disabledReason={why.refresh}
        >
          <Trans>Rebuild</Trans>
        </Button>
      )}
      <Button
        tone={draft ? "primary" : "secondary"}
        icon={<Signature />}
        shortcut="S"
        onClick={() => setOpen("authorize")}
        disabledReason={why.authorize}
      >
        <Trans>Sign…</Trans>
      </Button>
      <Button
        tone={report.status === "authorized" ? "primary" : "secondary"}
        icon={<Send />}
        shortcut="R"
        onClick={() => setOpen("release")}
        disabledReason={why.release}
      >
        <Trans>Release</Trans>
      </Button>
      <Button icon={<FilePen />} onClick={() => setOpen("amend")} disabledReason={why.amend}>
        <Trans>Amend…</Trans>
      </Button>
      {why.withdraw ? (
        <IconButton tone="secondary" label={t`More`} icon={<MoreHorizontal />} disabledReason={why.withdraw} />
      ) : (
        <Menu align="end" trigger={<IconButton tone="secondary" label={t`More`} icon={<MoreHorizontal />} />}>
          <MenuItem onClick={() => setOpen("withdraw")}>
            <Trans>Withdraw the report…</Trans>
          </MenuItem>
        </Menu>
      )}
      {refresh.error && <ActError error={refresh.error} className="w-full" />}
      {open === "authorize" && <AuthorizeDialog report={report} onClose={close} />}
      <Dialog
        open={open === "release"}
        onClose={close}
        title={t`Release report ${reportNumber(report)}`}
        description={t`From then on it is valid, can be checked publicly, and never changes.`}
        footer={
          <>
            <Button onClick={close}>
              <Trans>Back</Trans>
            </Button>
            <Button
              tone="primary"
              icon={<Send />}
              busy={release.isPending}
              onClick={() => release.mutate({ ...target, body: {} }, { onSuccess: close })}
            >
              <Trans>Release</Trans>
            </Button>
          </>
        }
      >
        <p>{report.authorization && t`Signed by ${report.authorization.by.name}: ${report.authorization.meaning}`}</p>
        <ActError error={release.error} />
      </Dialog>
      {open === "amend" && (
        <ReasonDialog
          title={t`Amend report ${reportNumber(report)}`}
          description={t`A new version is drafted. This one stays valid until the new one is released, and the new one names what changed.`}
          presets={[t`Client's data corrected`, t`Result corrected`, t`Remark added`]}
          label={t`Draft the new version`}
          busy={amend.isPending}
          error={amend.error}
          onClose={close}
          onSubmit={(reason) =>
            amend.mutate(
              { ...target, body: { reason } },
              {
                onSuccess: (next) => {
                  close();
                  void navigate({ to: "/reports/$id", params: { id: next.id } });
                },
              },
            )
          }
        />
      )}
      {open === "withdraw" && (
        <ReasonDialog
          danger
          title={t`Withdraw report ${reportNumber(report)}`}
          description={t`The public check will say that it was withdrawn. This cannot be taken back.`}
          presets={[t`Issued for the wrong client`, t`Samples were mixed up`]}
          label={t`Withdraw`}
          busy={withdraw.isPending}
          error={withdraw.error}
          onClose={close}
          onSubmit={(reason) => withdraw.mutate({ ...target, body: { reason } }, { onSuccess: close })}
        />
      )}
    </>
  );
}
