/**
 * Ended sessions, newest first: by start, and among equal starts by id in byte order, as the permanent store has them.
 */
import type { Doc } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import { invalid } from "../../lib/errors";
import type { StoredSession } from "../../store/shapes";
import { isEnded, getPublicId, type EndedSession } from "../sessionRows";
import { totalOf } from "../../xp/amounts";
import type { HistoryItem, Place } from "../shapes";
import { type CompletedReason } from "../../xp/shapes";

type Ctx = { db: QueryCtx["db"] };

export const toHistoryItem = (session: EndedSession): HistoryItem => ({
  id: getPublicId(session),
  startedAt: session.startedAt,
  endedAt: session.state.endedAt,
  totalDurationSeconds: session.state.totalSeconds,
  focusedDurationSeconds: session.state.focusedSeconds,
  xpTotal: totalOf(session.state.xp),
  xp: session.state.xp,
  completedReason: session.state.reason,
  activity: session.activity,
});

export const toStoredItem = (row: StoredSession): HistoryItem => ({
  id: row.sessionId,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  totalDurationSeconds: row.totalDurationSeconds,
  focusedDurationSeconds: row.focusedDurationSeconds,
  xpTotal: totalOf(row.xp),
  xp: row.xp,
  completedReason: row.completedReason as CompletedReason,
  activity: row.activity,
});

const toPlace = ({ startedAt, id }: HistoryItem): Place => ({ startedAt, sessionId: id });

/** Negative when `a` comes first. */
const comparePlaces = (a: Place, b: Place): number =>
  b.startedAt - a.startedAt || (a.sessionId === b.sessionId ? 0 : isAfterInBytes(a.sessionId, b.sessionId) ? -1 : 1);

/** Whether `a` is after `b` in the order of their UTF-8 bytes, which is that of their code points. */
function isAfterInBytes(a: string, b: string): boolean {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i++)
    if (left[i] !== right[i]) return left[i]!.codePointAt(0)! > right[i]!.codePointAt(0)!;
  return left.length > right.length;
}

export type Page = { items: HistoryItem[]; next: Place | null };

/**
 * Ended sessions of the goal in the live database, at most `limit`, after `after`. `next` is null at the end. Reads as
 * many rows as it returns, one more, and those that started in the same millisecond as the last.
 */
export async function listEndedHere(ctx: Ctx, goal: Doc<"goals">, after: Place | null, limit: number): Promise<Page> {
  const rows = ctx.db
    .query("focusSessions")
    .withIndex("by_goalId_and_state_and_startedAt", (q) => {
      const ended = q.eq("goalId", goal._id).eq("state.kind", "ended");
      return after === null ? ended : ended.lte("startedAt", after.startedAt);
    })
    .order("desc");
  const found: HistoryItem[] = [];
  for await (const row of rows) {
    if (found.length > limit && row.startedAt < found[found.length - 1]!.startedAt) break;
    if (!isEnded(row)) continue;
    const item = toHistoryItem(row);
    if (after === null || comparePlaces(after, toPlace(item)) < 0) found.push(item);
  }
  return takePage(found, limit);
}

function takePage(found: HistoryItem[], limit: number): Page {
  const sorted = [...found].sort((a, b) => comparePlaces(toPlace(a), toPlace(b)));
  const items = sorted.slice(0, limit);
  const last = items[items.length - 1];
  return { items, next: sorted.length > limit && last ? toPlace(last) : null };
}

/**
 * Whether sessions that have left the live database belong to this page: the page reaches back beyond the start of the
 * latest that left.
 */
export function needsStore(goal: Pick<Doc<"goals">, "archivedThrough">, after: Place | null, page: Page): boolean {
  const through = goal.archivedThrough;
  if (through === undefined) return false;
  return page.next === null || page.next.startedAt <= through;
}

/**
 * One page of both: what the live database and the store hold after the same place. The live row stands where both have
 * one, because it may hold a correction that is still on its way.
 *
 * @param storedLimit how many rows the store was asked for; as many as that means there may be more
 */
export function mergePages(live: Page, stored: HistoryItem[], limit: number, storedLimit: number): Page {
  const known = new Set(live.items.map(({ id }) => id));
  // Rows beyond the last one that either side gave completely belong to a later page.
  const ends = [live.next, stored.length >= storedLimit ? toPlace(stored[stored.length - 1]!) : null].filter(
    (end) => end !== null,
  );
  const all = [...live.items, ...stored.filter(({ id }) => !known.has(id))].filter((item) =>
    ends.every((end) => comparePlaces(toPlace(item), end) <= 0),
  );
  const page = takePage(all, limit);
  const last = page.items[page.items.length - 1];
  return { items: page.items, next: page.next ?? (ends.length > 0 && last ? toPlace(last) : null) };
}

/** A place as the opaque text of `?cursor` and `next`. */
export const encodePlace = ({ startedAt, sessionId }: Place): string =>
  encodeBase64Url(new TextEncoder().encode(JSON.stringify([startedAt, sessionId])));

/** The place a cursor names; `VALIDATION` on `cursor` when it names none. */
export function decodePlace(cursor: string): Place {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decodeBase64Url(cursor)));
    if (Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && typeof value[1] === "string")
      return { startedAt: value[0] as number, sessionId: value[1] };
  } catch {
    // Told below.
  }
  throw invalid({ cursor: ["Is not a cursor that this endpoint has given."] });
}

const encodeBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const decodeBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
