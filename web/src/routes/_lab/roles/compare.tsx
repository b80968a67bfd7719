import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight, GitCompareArrows } from "lucide-react";
import { useApi } from "@/api/queries";
import { Comparing, SidePicker } from "@/features/people/compare";
import { compareSearch } from "@/features/people/search";
import { useMay } from "@/session/session";
import { IconButton } from "@/ui/button";
import { CheckField } from "@/ui/field";
import { Card, Page } from "@/ui/page";
import { ForbiddenState, StateMessage } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/roles/compare")({ validateSearch: compareSearch, component: ComparePage });

function ComparePage() {
  const { t } = useLingui();
  const { left, right, all } = Route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const ready = may("user:read") && Boolean(left && right);
  const { data } = useApi(
    "GET /roles/compare",
    { query: { left: left ?? "", right: right ?? "" } },
    { enabled: ready },
  );
  // Before there are two sides, one's name still has to be known.
  const [kind, id = ""] = (left ?? "").split(":");
  const person = useApi("GET /users/{id}", { path: { id } }, { enabled: may("user:read") && kind === "user" });
  if (!may("user:read")) return <ForbiddenState />;
  const change = (next: { left?: string; right?: string; all?: boolean }) =>
    void navigate({
      to: "/roles/compare",
      search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <Page
      title={t`Compare`}
      lead={t`Two roles or people side by side: what one may and the other may not.`}
      above={
        <UpLink to="/roles">
          <Trans>Roles</Trans>
        </UpLink>
      }
    >
      <div className="mb-4 flex flex-col items-stretch gap-3 sm:flex-row sm:items-center">
        <SidePicker
          key={`left ${left ?? ""}`}
          label={t`On the left`}
          value={left}
          name={data?.left.name ?? person.data?.name}
          onChange={(next) => change({ left: next, right, all })}
        />
        <IconButton
          label={t`Swap the sides`}
          icon={<ArrowLeftRight />}
          className="self-center max-sm:rotate-90"
          onClick={() => change({ left: right, right: left, all })}
        />
        <SidePicker
          key={`right ${right ?? ""}`}
          label={t`On the right`}
          value={right}
          name={data?.right.name}
          onChange={(next) => change({ left, right: next, all })}
        />
      </div>
      {left && right ? (
        <>
          <div className="mb-3">
            <CheckField
              label={<Trans>Show also what both hold</Trans>}
              checked={all ?? false}
              onChange={(next) => change({ left, right, all: next })}
            />
          </div>
          <Comparing left={left} right={right} all={all ?? false} />
        </>
      ) : (
        <Card>
          <StateMessage icon={<GitCompareArrows />} title={t`Choose both sides`}>
            <Trans>A role with a role, a person with a person, or a person with a role.</Trans>
          </StateMessage>
        </Card>
      )}
    </Page>
  );
}
