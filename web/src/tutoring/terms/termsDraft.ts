/** Unsent entries about a session. Only the changes are kept; the start is kept as a whole. */
import { changesOf, parseDraft, record, withChanges } from "@/lib/forms/formDraft";
import type { Start } from "./start";

export type Texts = Record<
  "title" | "subject" | "level" | "description" | "duration" | "maxParticipants" | "weeks",
  string
>;
export type Terms = { texts: Texts; start: Start };

/** The draft of the terms, compared with `before`; empty when nothing differs. */
export function draftOf({ texts, start }: Terms, before: Terms): string {
  const changes = changesOf(texts, before.texts);
  const moved =
    start.local !== before.start.local || start.zone !== before.start.zone || start.later !== before.start.later;
  return Object.keys(changes).length === 0 && !moved ? "" : JSON.stringify({ texts: changes, ...(moved && { start }) });
}

/** `before` with the draft's changes. */
export function withDraft(draft: string, before: Terms): Terms {
  const kept = parseDraft(draft);
  const start = record(kept.start);
  return {
    texts: withChanges(kept.texts, before.texts),
    start:
      typeof start.local === "string" && typeof start.zone === "string"
        ? { local: start.local, zone: start.zone, later: start.later === true }
        : before.start,
  };
}
