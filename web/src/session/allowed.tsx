import type { ReactNode } from "react";
import { ForbiddenState } from "@/ui/states";
import { useMay } from "./session";

/**
 * What stands behind a permission, or behind any one of several: without it nothing is asked of the server either, which would record
 * a refusal.
 */
export function Allowed({ to, children }: { to: string | readonly string[]; children: ReactNode }) {
  return [to].flat().some(useMay()) ? children : <ForbiddenState />;
}
