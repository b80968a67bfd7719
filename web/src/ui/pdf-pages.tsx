import { Trans, useLingui } from "@lingui/react/macro";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { Skeleton } from "./states";

interface Page {
  number: number;
  width: number;
  height: number;
  text: string;
}

/**
 * A PDF drawn on canvases: the same everywhere, also on phones, and within the Content-Security-Policy, where the browsers' own
 * viewers are not. Each page carries its text for screen readers. The drawing program is loaded only here.
 */
export function PdfPages({ file, label }: { file: Blob; label: string }) {
  const [opened, setOpened] = useState<{ document: PDFDocumentProxy; pages: Page[] } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    let close: (() => void) | undefined;
    void open(file).then(
      (result) => {
        close = () => void result.document.loadingTask.destroy();
        if (gone) close();
        else setOpened(result);
        return undefined;
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
      close?.();
    };
  }, [file]);
  if (failed)
    return (
      <p className="p-6 text-center text-muted">
        <Trans>The document cannot be shown here. Download it instead.</Trans>
      </p>
    );
  if (!opened) return <Skeleton className="mx-auto aspect-[1/1.414] w-full max-w-3xl" />;
  return (
    <div role="group" aria-label={label} className="flex flex-col items-center gap-4">
      {opened.pages.map((page) => (
        <PdfPage key={page.number} document={opened.document} page={page} of={opened.pages.length} />
      ))}
    </div>
  );
}

async function open(file: Blob): Promise<{ document: PDFDocumentProxy; pages: Page[] }> {
  const [pdfjs, worker] = await Promise.all([import("pdfjs-dist"), import("pdfjs-dist/build/pdf.worker.min.mjs?url")]);
  pdfjs.GlobalWorkerOptions.workerSrc = worker.default;
  // No WebAssembly and no generated code: the policy of the page allows neither.
  const document = await pdfjs.getDocument({
    data: await file.arrayBuffer(),
    useWasm: false,
    enableXfa: false,
    isImageDecoderSupported: false,
  }).promise;
  const pages: Page[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const text = await page.getTextContent();
    pages.push({
      number,
      width,
      height,
      text: text.items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join(""),
    });
  }
  return { document, pages };
}

function PdfPage({ document, page, of }: { document: PDFDocumentProxy; page: Page; of: number }) {
  const { t } = useLingui();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let gone = false;
    let cancel: (() => void) | undefined;
    void (async () => {
      const proxy = await document.getPage(page.number);
      if (gone) return;
      const scale = (Math.max(element.clientWidth, 320) / page.width) * Math.min(window.devicePixelRatio || 1, 2);
      const viewport = proxy.getViewport({ scale });
      element.width = Math.floor(viewport.width);
      element.height = Math.floor(viewport.height);
      const task = proxy.render({ canvas: element, viewport });
      cancel = () => task.cancel();
      await task.promise.catch(() => undefined);
    })();
    return () => {
      gone = true;
      cancel?.();
    };
  }, [document, page]);
  return (
    <div className="relative w-full max-w-3xl">
      <canvas
        ref={canvas}
        aria-hidden
        className="w-full rounded-sm bg-white shadow-[0_1px_8px_rgb(0_0_0/25%)]"
        style={{ aspectRatio: `${page.width} / ${page.height}` }}
      />
      <section aria-label={t`Page ${page.number} of ${of}`} className="sr-only whitespace-pre-line">
        {page.text}
      </section>
    </div>
  );
}
