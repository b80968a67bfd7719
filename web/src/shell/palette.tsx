import { Dialog as Base } from "@base-ui/react/dialog";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Building2, ClipboardList, Languages, Lock, Moon, Search, Sun, TestTubeDiagonal } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { useApi } from "@/api/queries";
import { SampleStatusPill } from "@/features/samples/status";
import { lock } from "@/session/lock";
import { setPreferences } from "@/session/preferences";
import { chooseLanguage, useMay, useMe } from "@/session/session";
import { cx } from "@/ui/cx";
import type { Destination } from "./navigation";
import { useDebounced } from "./debounced";

interface Command {
  id: string;
  group: string;
  label: string;
  note?: ReactNode;
  icon: ReactNode;
  run: () => void;
}

/** Ctrl+K: go anywhere, find a sample or client, change how things look. */
export function Palette({
  initial,
  onClose,
  destinations,
}: {
  /** What was typed while the palette was being loaded. */
  initial: () => string;
  onClose: () => void;
  destinations: readonly Destination[];
}) {
  const { t } = useLingui();
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Base.Popup
          aria-label={t`Search or go to…`}
          className="popup fixed top-[10vh] left-1/2 z-50 flex max-h-[70vh] w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden"
        >
          <PaletteBody onClose={onClose} initial={initial} destinations={destinations} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function PaletteBody({
  onClose,
  initial,
  destinations,
}: {
  initial: () => string;
  onClose: () => void;
  destinations: readonly Destination[];
}) {
  const { t } = useLingui();
  const [text, setText] = useState(initial);
  const [active, setActive] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const { commands, busy } = useCommands(text, destinations);
  useEffect(() => setActive(0), [text]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  // Enter while the search is under way opens what it finds, not what an earlier text had found.
  useEffect(() => {
    if (!waiting || busy) return;
    setWaiting(false);
    run(commands[active]);
    // What was found belongs to the very render in which the search ended.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [waiting, busy]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive((now) => Math.min(now + 1, commands.length - 1));
    else if (event.key === "ArrowUp") setActive((now) => Math.max(now - 1, 0));
    else if (event.key === "Enter" && busy && text.trim().length >= 2) setWaiting(true);
    else if (event.key === "Enter") run(commands[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 text-muted" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={commands[active] ? `${listId}-${active}` : undefined}
          aria-label={t`Search or go to…`}
          placeholder={t`Accession number, client, page…`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t`Results`}
        className="min-h-0 flex-1 overflow-y-auto p-1.5"
      >
        {commands.map((command, index) => (
          <div key={command.id}>
            {commands[index - 1]?.group !== command.group && (
              <p aria-hidden className="px-2.5 pt-2 pb-1 text-2xs font-medium text-muted">
                {command.group}
              </p>
            )}
            {/* The input keeps the focus and handles the keys; options answer the pointer. */}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onClick={() => run(command)}
              onPointerMove={() => setActive(index)}
              className={cx(
                "flex min-h-9 items-center gap-3 rounded-md px-2.5 [&_svg]:size-4 [&_svg]:text-muted",
                index === active && "bg-selected",
              )}
            >
              {command.icon}
              <span className="min-w-0 flex-1 truncate">{command.label}</span>
              {command.note}
            </div>
          </div>
        ))}
        {commands.length === 0 && (
          <p className="px-3 py-6 text-center text-muted">
            {busy ? <Trans>Searching…</Trans> : <Trans>Nothing matches.</Trans>}
          </p>
        )}
      </div>
    </>
  );
}

function useCommands(text: string, destinations: readonly Destination[]): { commands: Command[]; busy: boolean } {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const me = useMe();
  const may = useMay();
  const asked = useDebounced(text.trim(), 150);
  const samples = useApi(
    "GET /samples",
    { query: { q: asked, limit: 6 } },
    { enabled: asked.length >= 2 && may("sample:read") },
  );
  const clients = useApi(
    "GET /clients",
    { query: { q: asked, limit: 4 } },
    { enabled: asked.length >= 2 && may("client:read") },
  );

  const orders = useApi(
    "GET /orders",
    { query: { q: asked, limit: 3 } },
    { enabled: asked.length >= 3 && may("order:read") },
  );

  const fixed = useMemo<Command[]>(
    () => [
      ...destinations.map((each) => ({
        id: each.to,
        group: t`Go to`,
        label: i18n._((me.laboratory.kind === "medical" && each.medicalLabel) || each.label),
        icon: <each.icon />,
        run: () => void navigate({ to: each.to }),
      })),
      { id: "lock", group: t`Session`, label: t`Lock the screen`, icon: <Lock />, run: lock },
      {
        id: "light",
        group: t`Look`,
        label: t`Light theme`,
        icon: <Sun />,
        run: () => setPreferences({ theme: "light" }),
      },
      {
        id: "dark",
        group: t`Look`,
        label: t`Dark theme`,
        icon: <Moon />,
        run: () => setPreferences({ theme: "dark" }),
      },
      { id: "en", group: t`Look`, label: "English", icon: <Languages />, run: () => void chooseLanguage("en") },
      { id: "pl", group: t`Look`, label: "Polski", icon: <Languages />, run: () => void chooseLanguage("pl") },
    ],
    [destinations, i18n, me.laboratory.kind, navigate, t],
  );
  const needle = text.trim().toLocaleLowerCase();
  const found: Command[] =
    asked.length < 2
      ? []
      : [
          ...(samples.data?.items ?? []).map((sample) => ({
            id: sample.id,
            group: t`Samples`,
            label: [sample.accession_number, sample.client?.name ?? sample.patient?.name, sample.client_reference]
              .filter(Boolean)
              .join(" · "),
            note: <SampleStatusPill status={sample.status} />,
            icon: <TestTubeDiagonal />,
            run: () => void navigate({ to: "/samples/$id", params: { id: sample.id } }),
          })),
          ...(orders.data?.items ?? []).map((order) => ({
            id: order.id,
            group: t`Orders`,
            label: [order.number, order.client?.name ?? order.patient?.name, order.external_id]
              .filter(Boolean)
              .join(" · "),
            icon: <ClipboardList />,
            run: () => void navigate({ to: "/orders/$id", params: { id: order.id } }),
          })),
          ...(clients.data?.items ?? []).map((client) => ({
            id: client.id,
            group: t`Clients`,
            label: client.name,
            icon: <Building2 />,
            run: () => void navigate({ to: "/samples", search: { client_id: client.id } }),
          })),
        ];
  return {
    commands: [...found, ...fixed.filter((each) => each.label.toLocaleLowerCase().includes(needle))],
    busy: samples.isFetching || orders.isFetching || clients.isFetching || asked !== text.trim(),
  };
}
