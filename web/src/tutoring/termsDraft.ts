/** What was entered about a session and not sent yet, kept as the changes alone: they apply to whatever the session says by then. */
import type { Start } from "./start";

export type Texts = Record<"title" | "subject" | "level" | "description" | "duration" | "maxParticipants", string>;
export type Terms = { texts: Texts; start: Start };

const NAMES = ["title", "subject", "level", "description", "duration", "maxParticipants"] as const;

/** The draft of `terms` where `before` stood; empty when nothing differs. */
export function draftOf({ texts, start }: Terms, before: Terms): string {
  const changed = NAMES.filter((name) => texts[name] !== before.texts[name]);
  const moved = start.local !== before.start.local || start.zone !== before.start.zone || start.later !== before.start.later;
  if (changed.length === 0 && !moved) return "";
  return JSON.stringify({ texts: Object.fromEntries(changed.map((name) => [name, texts[name]])), ...(moved && { start }) });
}

/** `before` with the draft's changes. A draft that cannot be read, as of another build, changes nothing. */
export function withDraft(draft: string, before: Terms): Terms {
  const kept = parse(draft);
  const texts = record(kept.texts);
  const start = record(kept.start);
  return {
    texts: Object.fromEntries(NAMES.map((name) => [name, typeof texts[name] === "string" ? texts[name] : before.texts[name]])) as Texts,
    start:
      typeof start.local === "string" && typeof start.zone === "string"
        ? { local: start.local, zone: start.zone, later: start.later === true }
        : before.start,
  };
}

function parse(draft: string): Record<string, unknown> {
  try {
    return record(JSON.parse(draft));
  } catch {
    return {};
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
