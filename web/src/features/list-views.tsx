import { View, Views } from "@/ui/views";
import { prune } from "./search";

/** The views of a list by one of its filters, as links: each keeps the other filters. */
export function ListViews<S extends object, K extends keyof S>({
  at,
  search,
  by,
  views,
  className,
}: {
  at: "/orders" | "/reports" | "/results" | "/results/critical" | "/samples" | "/users";
  /** What the address says now. */
  search: S;
  by: K;
  views: readonly { value: S[K]; label: string }[];
  className?: string;
}) {
  return (
    <Views className={className}>
      {views.map(({ value, label }) => (
        <View key={label} to={at} search={prune({ ...search, [by]: value })} current={search[by] === value}>
          {label}
        </View>
      ))}
    </Views>
  );
}
