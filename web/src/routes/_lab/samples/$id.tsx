import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_lab/samples/$id")({ component: () => null });
