import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Camera, Paperclip } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type ReactNode, useRef, useState } from "react";
import type { AttachedFile, FileHolder } from "@/api/operations-files";
import { useApi } from "@/api/queries";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import { Card } from "@/ui/page";
import { ErrorState, Skeleton } from "@/ui/states";
import { FileRow } from "./file-row";
import { Outbox } from "./outbox";
import { useOutbox } from "./use-outbox";

/** What the server takes; it looks at the content all the same. */
const KINDS = ".pdf,.png,.jpg,.jpeg,.webp,.tif,.tiff,.heic,.heif,.csv,.txt,.log,.tsv";

const permissions: Record<FileHolder, string> = { orders: "order:create", samples: "sample:register" };

/** Photographs, request forms, printouts: what belongs to a thing and is on paper or in a file. */
export function FilesCard({ of, id, client }: { of: FileHolder; id: string; client: boolean }) {
  const { t } = useLingui();
  const may = useMay()(permissions[of]);
  const files = useApi(`GET /${of}/{id}/files`, { path: { id } });
  const outbox = useOutbox(of, id);
  const items = files.data?.items ?? [];
  const add = (chosen: Iterable<File>) => outbox.add([...chosen]);
  return (
    <DropZone open={may} onFiles={add}>
      <Card
        id="files"
        flush
        title={t`Files`}
        actions={may && <AttachButtons onFiles={add} />}
        marks={
          items.length > 0 && (
            <span className="text-xs text-muted">
              <Plural value={items.length} one="# file" other="# files" />
            </span>
          )
        }
      >
        <Outbox outbox={outbox} />
        {files.error ? (
          <ErrorState error={files.error} onRetry={() => void files.refetch()} className="py-8" />
        ) : files.isPending ? (
          <div aria-busy className="flex flex-col gap-3 p-4">
            <Skeleton className="h-9" />
            <Skeleton className="h-9" />
          </div>
        ) : items.length === 0 ? (
          <Nothing may={may} />
        ) : (
          <ul aria-label={t`Attached files`}>
            {items.map((file: AttachedFile) => (
              <FileRow key={file.id} of={of} id={id} file={file} may={may} client={client} />
            ))}
          </ul>
        )}
      </Card>
    </DropZone>
  );
}

function Nothing({ may }: { may: boolean }) {
  return (
    <p className="p-4 text-muted">
      {may ? (
        <Trans>
          No files yet. Drop a photograph, the request form or an instrument's printout here, or paste a picture.
        </Trans>
      ) : (
        <Trans>No files have been attached.</Trans>
      )}
    </p>
  );
}

/** Takes what is dropped or pasted anywhere on it. */
function DropZone({
  open,
  onFiles,
  children,
}: {
  open: boolean;
  onFiles: (files: Iterable<File>) => void;
  children: ReactNode;
}) {
  // Moving over a child leaves and enters: only when as many were left as entered is the file gone.
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  if (!open) return children;
  const carries = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const move = (by: number) => (event: DragEvent) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth.current += by;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    onFiles(event.dataTransfer.files);
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    onFiles([...event.clipboardData.files].map(named));
  };
  return (
    // What it does can be done with its buttons too.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      onDragEnter={move(1)}
      onDragOver={(event) => carries(event) && event.preventDefault()}
      onDragLeave={move(-1)}
      onDrop={drop}
      onPaste={paste}
      className={cx("rounded-lg", over && "outline-2 outline-offset-2 outline-accent outline-dashed")}
    >
      {children}
    </div>
  );
}

/** A picture from the clipboard has a name that says nothing: the same for each. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const at = new Date().toISOString().slice(0, 19).replaceAll(":", ".").replace("T", " ");
  const ending = file.name.slice(file.name.lastIndexOf("."));
  return new File([file], `pasted ${at}${ending}`, { type: file.type, lastModified: file.lastModified });
}

function AttachButtons({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const { t } = useLingui();
  const chooser = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const chosen = (input: HTMLInputElement) => {
    if (input.files) onFiles(input.files);
    // The same file chosen again is a choice too.
    input.value = "";
  };
  return (
    <span className="flex gap-2">
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        accept={KINDS}
        aria-label={t`Choose files`}
        onChange={(event) => chosen(event.currentTarget)}
      />
      <input
        ref={camera}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        aria-label={t`Take a photograph`}
        onChange={(event) => chosen(event.currentTarget)}
      />
      <span className="hidden pointer-coarse:contents">
        <IconButton
          tone="secondary"
          icon={<Camera />}
          label={t`Take a photograph`}
          onClick={() => camera.current?.click()}
        />
      </span>
      <Button icon={<Paperclip />} onClick={() => chooser.current?.click()}>
        <Trans>Attach…</Trans>
      </Button>
    </span>
  );
}
