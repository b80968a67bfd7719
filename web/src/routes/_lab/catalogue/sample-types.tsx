import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_lab/catalogue/sample-types")({ component: () => null });
