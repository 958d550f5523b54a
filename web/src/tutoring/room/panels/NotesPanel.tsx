import { NOTES_MAX } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { ErrorState, ListSkeleton } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { Textarea } from "@/components/ui/input";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import * as Sync from "./notesSync";

/** After the last key; short enough for others to read along. */
const REST_MS = 500;
const RETRY_MS = 4_000;

/** The notes that everybody in the room writes. */
export function NotesPanel({ id }: { id: number }) {
  const notes = useQueryState(api.tutoring.notes.get, { id });
  return (
    <Card aria-label={t("room.notes")} className="space-y-2">
      {notes.kind === "loading" && <ListSkeleton rows={2} />}
      {notes.kind === "error" && <ErrorState failure={notes.failure} retry={notes.retry} />}
      {notes.kind === "ready" && <Editor id={id} present={notes.data.text} />}
    </Card>
  );
}

function Editor({ id, present }: { id: number; present: string }) {
  const apply = useMutation(api.tutoring.notes.apply);
  const [state, setState] = useState(() => Sync.startNotes(present));
  const [known, setKnown] = useState(present);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useId();
  if (known !== present) {
    setKnown(present);
    setState((before) => Sync.arrived(before, present));
  }
  const isDirty = Sync.isChanged(state);
  const isIdle = state.sent === null;

  const { base, text } = state;
  useEffect(() => {
    if (!isDirty || !isIdle) return;
    const timer = setTimeout(
      () => {
        setState(Sync.sending);
        apply({ id, base, text }).then(
          ({ text: merged }) => {
            setProblem(null);
            setState((before) => Sync.answered(before, merged));
          },
          (error: unknown) => {
            setProblem(readFailure(error).message);
            setState(Sync.failed);
          },
        );
      },
      problem === null ? REST_MS : RETRY_MS,
    );
    return () => clearTimeout(timer);
  }, [isDirty, isIdle, id, base, text, problem, apply]);

  const area = useCaretKept(text);
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <CardTitle>
          <label htmlFor={field}>{t("room.notes")}</label>
        </CardTitle>
        <span className="text-xs text-muted-foreground">
          {problem ? t("room.notSaved", { reason: problem }) : isDirty || !isIdle ? t("room.saving") : t("room.saved")}
        </span>
      </div>
      <Textarea
        id={field}
        ref={area}
        value={text}
        maxLength={NOTES_MAX}
        placeholder={t("room.notesNote")}
        className="min-h-40"
        onChange={(event) => setState((before) => Sync.edited(before, event.target.value))}
      />
    </>
  );
}

/** Keeps the caret at its words when others' changes come in. */
function useCaretKept(text: string) {
  const area = useRef<HTMLTextAreaElement | null>(null);
  const last = useRef({ text, start: 0, end: 0 });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const note = () => {
      last.current = { text: element.value, start: element.selectionStart, end: element.selectionEnd };
    };
    element.addEventListener("input", note);
    element.addEventListener("select", note);
    document.addEventListener("selectionchange", note);
    return () => {
      element.removeEventListener("input", note);
      element.removeEventListener("select", note);
      document.removeEventListener("selectionchange", note);
    };
  }, []);
  useLayoutEffect(() => {
    const element = area.current;
    const before = last.current;
    if (!element || before.text === text) return;
    const [start, end] = [before.start, before.end].map((caret) => Sync.moveCaret(before.text, text, caret));
    last.current = { text, start: start ?? 0, end: end ?? 0 };
    if (document.activeElement === element) element.setSelectionRange(start ?? 0, end ?? 0);
  }, [text]);
  return area;
}
