import { Skeleton } from "@/ui/states";

/** Stands in for a page whose data is on the way. */
export function PageSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-4 px-4 pt-5 sm:px-6">
      <Skeleton className="h-7 w-56" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
