import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useMay, useMe } from "@/session/session";
import { visibleSections } from "@/shell/navigation";

/** The first page of somebody whose work is not counted, such as an administrator or an auditor: where they can go. */
export function Areas() {
  const { i18n } = useLingui();
  const may = useMay();
  const { kind } = useMe().laboratory;
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">
        <Trans>No samples, results or reports wait for your roles. These are the places that are open to you.</Trans>
      </p>
      {visibleSections(may, kind).map((section) => {
        const items = section.items.filter((item) => item.to !== "/");
        if (items.length === 0) return null;
        return (
          <section key={section.id} aria-labelledby={`area-${section.id}`}>
            <h2 id={`area-${section.id}`} className="mb-2 font-semibold">
              {i18n._(section.label)}
            </h2>
            <ul className="grid gap-3 sm:grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]">
              {items.map((item) => (
                <li key={item.to}>
                  <Link
                    to={item.to}
                    className="flex items-center gap-3 rounded-lg border border-line bg-surface px-4 py-3 font-medium hover:border-accent"
                  >
                    <span aria-hidden className="grid size-9 place-items-center rounded-md bg-accent-tint text-accent">
                      <item.icon className="size-5" />
                    </span>
                    {i18n._((kind === "medical" && item.medicalLabel) || item.label)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
