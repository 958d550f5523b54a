import type { PDFDocumentLoadingTask, PDFDocumentProxy, RenderTask } from "pdfjs-dist";
// By their addresses: neither belongs to what is kept for visits without a connection, because files need one.
// oxlint-disable-next-line import/default -- the build makes it
import libraryUrl from "pdfjs-dist/legacy/build/pdf.min.mjs?url";
// oxlint-disable-next-line import/default -- the build makes it
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { ErrorState, Loading } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { t } from "@/messages/translate";

type Library = typeof import("pdfjs-dist");

/** Pages of a document that are drawn; the rest is for downloading. */
const PAGES_MAX = 50;

async function openPdf(bytes: ArrayBuffer): Promise<PDFDocumentLoadingTask> {
  const library = (await import(/* @vite-ignore */ libraryUrl)) as Library;
  library.GlobalWorkerOptions.workerSrc = workerUrl;
  // The library takes the bytes for itself. Scripts in documents are not run: nothing here asks for it.
  return library.getDocument({ data: bytes.slice(0), isEvalSupported: false, useWasm: false });
}

type State = { kind: "loading" } | { kind: "error" } | { kind: "ready"; document: PDFDocumentProxy };

/** The pages of a PDF, drawn by the page itself: the browsers' own viewers run in no sandbox, and phones have none. */
export function PdfPages({ title, bytes }: { title: string; bytes: ArrayBuffer }) {
  const [state, setState] = useState<State>({ kind: "loading" });
  useEffect(() => {
    let isGone = false;
    let opened: PDFDocumentLoadingTask | null = null;
    openPdf(bytes)
      .then((task) => {
        opened = task;
        return isGone ? task.destroy().then(() => null) : task.promise;
      })
      .then(
        (document) => document && !isGone && setState({ kind: "ready", document }),
        () => isGone || setState({ kind: "error" }),
      );
    return () => {
      isGone = true;
      void opened?.destroy();
    };
  }, [bytes]);
  if (state.kind === "loading")
    return (
      <Loading>
        <Skeleton className="h-72" />
      </Loading>
    );
  if (state.kind === "error")
    return (
      <ErrorState
        failure={{ code: "NOT_FOUND", message: t("tutoring.pdfBroken"), fields: {}, retryAfterSeconds: null, data: {} }}
      />
    );
  const { document } = state;
  const shown = Math.min(document.numPages, PAGES_MAX);
  return (
    <div role="document" aria-label={title} tabIndex={0} className="max-h-[75dvh] space-y-3 overflow-auto">
      {Array.from({ length: shown }, (_, index) => (
        <PdfPage key={index} document={document} number={index + 1} />
      ))}
      {document.numPages > shown && (
        <p className="text-sm text-muted-foreground">{t("tutoring.pagesShown", { shown, total: document.numPages })}</p>
      )}
    </div>
  );
}

function PdfPage({ document, number }: { document: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const place = canvas.current;
    if (!place) return;
    let drawing: RenderTask | null = null;
    let isGone = false;
    const draw = async () => {
      const page = await document.getPage(number);
      const { width } = page.getViewport({ scale: 1 });
      const scale = ((place.parentElement?.clientWidth || width) / width) * window.devicePixelRatio;
      const viewport = page.getViewport({ scale });
      if (isGone) return;
      place.width = Math.floor(viewport.width);
      place.height = Math.floor(viewport.height);
      drawing = page.render({ canvas: place, viewport });
      await drawing.promise;
      const { items } = await page.getTextContent();
      setText(items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join(""));
    };
    // A page that was scrolled away or closed is not drawn to its end, which is no failure.
    draw().catch(() => undefined);
    return () => {
      isGone = true;
      drawing?.cancel();
    };
  }, [document, number]);
  return (
    <figure>
      <canvas ref={canvas} aria-hidden className="w-full border bg-white" />
      <figcaption className="sr-only">{text || t("tutoring.pageNumber", { number })}</figcaption>
    </figure>
  );
}
