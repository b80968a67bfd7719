import { useRouter } from "@tanstack/react-router";
import { ErrorState } from "@/ui/states";

/** A page whose data could not be read; the frame around it stays. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    void import("@/api/queries").then(({ queryClient }) =>
      queryClient.resetQueries({ predicate: (query) => query.state.status === "error" }),
    );
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} onRetry={retry} className="min-h-[60vh]" />;
}
