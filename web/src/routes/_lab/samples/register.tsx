import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_lab/samples/register")({ component: () => null });
