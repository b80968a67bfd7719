import { createFileRoute } from "@tanstack/react-router";
import { SampleList } from "@/features/samples/sample-list";
import { sampleSearch } from "@/features/samples/search";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/samples/")({ validateSearch: sampleSearch, component: Samples });

function Samples() {
  const search = Route.useSearch();
  return (
    <Allowed to="sample:read">
      <SampleList search={search} />
    </Allowed>
  );
}
