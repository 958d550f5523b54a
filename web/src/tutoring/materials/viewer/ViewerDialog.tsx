import { Suspense, useEffect, useRef, useState } from "react";
import { ErrorState, Loading } from "@/components/states";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { lazyPart } from "@/lib/lazyPart";
import { useLatest } from "@/lib/hooks/useLatest";
import { useRest } from "@/lib/server/useRest";
import { t } from "@/messages/translate";
import type { Viewing } from "../fileRules";

const PdfPages = lazyPart(() => import("./PdfPages"), "PdfPages");

type Props = {
  title: string;
  /** The link to the file. */
  file: string;
  viewing: Viewing;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Shows a picture, a PDF or a text without leaving the page. */
export function ViewerDialog({ title, file, viewing, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} className="sm:max-w-4xl">
        <Content title={title} file={file} viewing={viewing} />
      </DialogContent>
    </Dialog>
  );
}

type Fetched = { bytes: ArrayBuffer; contentType: string };
type State = { kind: "loading" } | { kind: "error" } | { kind: "ready"; fetched: Fetched };

function Content({ title, file, viewing }: Omit<Props, "open" | "onOpenChange">) {
  const call = useLatest(useRest().call);
  const [state, setState] = useState<State>({ kind: "loading" });
  const [round, setRound] = useState(0);
  // A link is written anew each hour; what is shown stays.
  const [link] = useState(file);
  useEffect(() => {
    const { pathname, search } = new URL(link);
    const ended = new AbortController();
    call
      .current(`${pathname}${search}`, { signal: ended.signal })
      .then(async (response) => ({
        bytes: await response.arrayBuffer(),
        contentType: response.headers.get("content-type") ?? "",
      }))
      .then(
        (fetched) => setState({ kind: "ready", fetched }),
        () => ended.signal.aborted || setState({ kind: "error" }),
      );
    return () => ended.abort();
  }, [call, link, round]);
  if (state.kind === "loading") return <Waiting />;
  if (state.kind === "error")
    return (
      <ErrorState
        failure={{
          code: "UNAVAILABLE",
          message: t("common.notFetched"),
          fields: {},
          retryAfterSeconds: null,
          data: {},
        }}
        retry={() => {
          setState({ kind: "loading" });
          setRound(round + 1);
        }}
      />
    );
  const { fetched } = state;
  if (viewing === "picture") return <Picture title={title} fetched={fetched} />;
  if (viewing === "text") return <Text fetched={fetched} />;
  return (
    <Suspense fallback={<Waiting />}>
      <PdfPages title={title} bytes={fetched.bytes} />
    </Suspense>
  );
}

const Waiting = () => (
  <Loading>
    <Skeleton className="h-72" />
  </Loading>
);

function Picture({ title, fetched: { bytes, contentType } }: { title: string; fetched: Fetched }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    if (image.current) image.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [bytes, contentType]);
  return <img ref={image} alt={title} className="mx-auto max-h-[75dvh] max-w-full" />;
}

/** The text in the encoding that the server found in it. */
function Text({ fetched: { bytes, contentType } }: { fetched: Fetched }) {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  return (
    <pre tabIndex={0} className="max-h-[75dvh] overflow-auto text-sm break-words whitespace-pre-wrap">
      {decode(bytes, charset)}
    </pre>
  );
}

function decode(bytes: ArrayBuffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
