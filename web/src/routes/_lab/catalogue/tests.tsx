import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { TestList } from "@/features/catalogue/test-list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/catalogue/tests")({
  validateSearch: v.object({ q: v.optional(v.pipe(v.unknown(), v.transform(String))), test: v.optional(v.string()) }),
  component: Tests,
});

function Tests() {
  const { q, test } = Route.useSearch();
  return (
    <Allowed to="catalog:read">
      <TestList q={q} test={test} />
    </Allowed>
  );
}
