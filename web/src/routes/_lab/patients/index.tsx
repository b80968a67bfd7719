import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_lab/patients/")({ component: () => null });
