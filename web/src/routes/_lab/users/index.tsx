import { createFileRoute } from "@tanstack/react-router";
import { userSearch } from "@/features/people/search";
import { UserList } from "@/features/people/user-list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/users/")({ validateSearch: userSearch, component: Users });

function Users() {
  const search = Route.useSearch();
  return (
    <Allowed to="user:read">
      <UserList search={search} />
    </Allowed>
  );
}
