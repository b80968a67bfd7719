import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Check, CloudOff, HardDrive, Redo2, Save, Siren, TriangleAlert, Undo2 } from "lucide-react";
import type { OutboxState } from "./outbox";
import { Button, IconButton } from "@/ui/button";
import { useTime } from "@/session/time";

interface SaveBarProps {
  /** Results with something typed, in this list. */
  typed: number;
  /** Of these, what can be sent. */
  ready: number;
  trouble: number;
  critical: number;
  /** Results on their way. */
  travelling: number;
  state: OutboxState;
  durable: boolean;
  lastSaved: { count: number; at: string } | null;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onSave: () => void;
  onDiscard: () => void;
  onNextTrouble: () => void;
  onRetry: () => void;
}

/** Always there, always says where what was typed is: in this browser, on its way, or saved. */
export function SaveBar(props: SaveBarProps) {
  const { t } = useLingui();
  const time = useTime();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line-strong bg-canvas px-4 py-2.5 sm:px-6">
      <div role="status" className="flex min-w-0 flex-1 basis-60 flex-wrap items-center gap-x-4 gap-y-1">
        {props.travelling > 0 && props.state === "waiting" ? (
          <span className="flex items-center gap-1.5 text-amber">
            <CloudOff aria-hidden className="size-4 shrink-0" />
            <span>
              <Plural
                value={props.travelling}
                one="# result waits for the connection; it is kept here and sent by itself."
                other="# results wait for the connection; they are kept here and sent by themselves."
              />
            </span>
            <button type="button" onClick={props.onRetry} className="min-h-6 font-medium underline">
              <Trans>Try now</Trans>
            </button>
          </span>
        ) : props.travelling > 0 ? (
          <span className="text-muted">
            <Plural value={props.travelling} one="Saving # result…" other="Saving # results…" />
          </span>
        ) : null}
        {props.typed > 0 ? (
          <span className="flex items-center gap-1.5">
            <HardDrive aria-hidden className="size-4 shrink-0 text-muted" />
            <span>
              <Plural value={props.typed} one="# result typed" other="# results typed" />
              <span className={props.durable ? "text-muted" : "text-amber"}>
                {" "}
                · {props.durable ? t`kept in this browser` : t`kept only while this page is open`}
              </span>
            </span>
          </span>
        ) : props.travelling === 0 && props.lastSaved ? (
          <span className="flex items-center gap-1.5 text-green">
            <Check aria-hidden className="size-4 shrink-0" />
            <span>
              <Plural value={props.lastSaved.count} one="# result saved" other="# results saved" />,{" "}
              {time.dateTime(props.lastSaved.at).slice(11)}
            </span>
          </span>
        ) : props.travelling === 0 ? (
          <span className="text-muted">
            <Trans>Nothing typed yet. Type or paste into the table.</Trans>
          </span>
        ) : null}
        {props.critical > 0 && (
          <span className="flex items-center gap-1.5 font-medium text-red">
            <Siren aria-hidden className="size-4 shrink-0" />
            <Plural value={props.critical} one="# critical" other="# critical" />
          </span>
        )}
        {props.trouble > 0 && (
          <button
            type="button"
            onClick={props.onNextTrouble}
            className="flex min-h-6 items-center gap-1.5 text-red underline-offset-2 hover:underline"
          >
            <TriangleAlert aria-hidden className="size-4 shrink-0" />
            <Plural value={props.trouble} one="# needs a look" other="# need a look" />
          </button>
        )}
      </div>
      <div className="flex items-center gap-1.5">
        <IconButton
          label={t`Undo (Ctrl+Z)`}
          icon={<Undo2 />}
          onClick={props.onUndo}
          disabledReason={props.canUndo ? undefined : t`Nothing to undo`}
        />
        <IconButton
          label={t`Redo (Ctrl+Y)`}
          icon={<Redo2 />}
          onClick={props.onRedo}
          disabledReason={props.canRedo ? undefined : t`Nothing to redo`}
        />
        <Button
          tone="ghost"
          onClick={props.onDiscard}
          disabledReason={props.typed > 0 ? undefined : t`Nothing is typed.`}
        >
          <Trans>Discard…</Trans>
        </Button>
        <Button
          id="save-results"
          tone="primary"
          icon={<Save />}
          shortcut="Ctrl S"
          onClick={props.onSave}
          disabledReason={
            props.ready > 0
              ? undefined
              : props.trouble > 0
                ? t`What is typed needs a look first.`
                : t`Nothing is typed.`
          }
        >
          {props.ready > 0 ? (
            <Plural value={props.ready} one="Save # result" other="Save # results" />
          ) : (
            <Trans>Save</Trans>
          )}
        </Button>
      </div>
    </div>
  );
}
