import { createFileRoute } from "@tanstack/react-router";
import { TwoPersonRequestList } from "@/features/two-people/list";

export const Route = createFileRoute("/_lab/two-person-requests/")({ component: TwoPersonRequestList });
