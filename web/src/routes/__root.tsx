import { useLingui } from "@lingui/react/macro";
import { createRootRoute, Outlet } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { ButtonLink } from "@/ui/button";
import { StateMessage } from "@/ui/states";

export const Route = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

function NotFound() {
  const { t } = useLingui();
  return (
    <StateMessage
      className="min-h-[60vh]"
      icon={<SearchX />}
      title={t`There is no such page`}
      action={<ButtonLink to="/">{t`To the first page`}</ButtonLink>}
    />
  );
}
