import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Lock } from "lucide-react";
import { useApi } from "@/api/queries";
import type { Role } from "@/api/types-records";
import { Notice } from "@/ui/page";
import { useAreas } from "./areas";

/** Why a copy is not whole: what its maker cannot give, and who could. */
export function LeftOut({ copyOf, permissions: missing }: { copyOf: Role; permissions: readonly string[] }) {
  const { t } = useLingui();
  const permissions = useApi("GET /permissions", {});
  const roles = useApi("GET /roles", { query: { limit: 200 } });
  const areas = useAreas((permissions.data?.items ?? []).filter((each) => missing.includes(each.id)));
  const able = (roles.data?.items ?? []).filter(
    (role) =>
      role.permissions.includes("role:manage") && copyOf.permissions.every((each) => role.permissions.includes(each)),
  );
  return (
    <Notice tone="amber" icon={<Lock aria-hidden />}>
      <p className="font-medium">
        <Plural
          value={missing.length}
          one="# permission of this role is left out, because you do not hold it yourself."
          other="# permissions of this role are left out, because you do not hold them yourself."
        />
      </p>
      <ul className="mt-1 text-xs">
        {areas.map((area) => (
          <li key={area.id}>
            <span className="font-medium">{area.name}:</span>{" "}
            {area.permissions.map((each) => each.description).join(" · ")}
          </li>
        ))}
      </ul>
      <p className="mt-1">
        {able.length > 0 ? (
          <Trans>A whole copy can be made by somebody who is {able.map((role) => role.name).join(t` or `)}.</Trans>
        ) : (
          <Trans>A whole copy can only be made by somebody who holds all of them and may manage roles.</Trans>
        )}
      </p>
    </Notice>
  );
}
