import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";

/** An event in words; by its own name until they are there. */
export function useEventName(): (name: string) => string {
  const { t } = useLingui();
  const events = useApi("GET /webhooks/events", { query: {} });
  return (name) =>
    name === "ping" ? t`Test` : (events.data?.items.find((event) => event.name === name)?.description ?? name);
}
