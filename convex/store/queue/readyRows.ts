/** The outbox rows that a delivery may take: due, and held up by no earlier entry of their session. */
import type { Doc } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import { BACKOFF_MS, SUSPECT, SUSPECT_BATCH_SIZE } from "../rules";

type Ctx = { db: QueryCtx["db"] };
type Row = Doc<"storeOutbox">;

/** Delayed rows looked through at once; with more, a query is made for each row. */
const DELAYED_AT_ONCE = 300;
/** A session has a start, an end and a few corrections; more entries than this are judged by the first ones. */
const MAX_PER_SESSION = 50;

const queryOfKind = (ctx: Ctx, kind: "pending" | typeof SUSPECT) =>
  ctx.db.query("storeOutbox").withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", kind));

const queryDelayed = (ctx: Ctx, through: number) =>
  ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) =>
      q.eq("state.kind", "pending").gt("state.dueAt", 0).lte("state.dueAt", through),
    );

/** Entries of a session in their order, those before the sequence `before` or all. */
export const queryRows = (ctx: Ctx, sessionId: string, before?: number) =>
  ctx.db.query("storeOutbox").withIndex("by_sessionId_and_sequence", (q) => {
    const session = q.eq("sessionId", sessionId);
    return before === undefined ? session : session.lt("sequence", before);
  });

export type HeldUp = {
  row: Row;
  /** When the entry that goes first is due, in ms. */
  until: number;
};

/** At most `limit` rows that can go now, in the order in which they must be written, and due ones that must wait. */
export async function listReadyRows(ctx: Ctx, now: number, limit: number): Promise<{ rows: Row[]; heldUp: HeldUp[] }> {
  const suspects = await listSuspectRows(ctx, now, limit);
  // They may have ended their delivery themselves, so they go apart from the others.
  if (suspects.length > 0) return await splitByBlocker(ctx, suspects);
  const late = await queryDelayed(ctx, now).take(limit);
  const fresh = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", "pending").eq("state.dueAt", 0))
    .take(limit - late.length);
  return await splitByBlocker(ctx, [...late, ...fresh]);
}

async function listSuspectRows(ctx: Ctx, now: number, limit: number): Promise<Row[]> {
  const rows = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", SUSPECT).lte("state.dueAt", now))
    .take(Math.min(limit, SUSPECT_BATCH_SIZE));
  const [first] = rows;
  if (first === undefined || first.attempts > 1) return rows.slice(0, 1);
  return rows.filter(({ attempts }) => attempts <= 1);
}

/** The others wait: their entry is delivered after the earlier one, or without it once that has failed for good. */
async function splitByBlocker(ctx: Ctx, rows: Row[]): Promise<{ rows: Row[]; heldUp: HeldUp[] }> {
  const earlierOf = await findEarlierRows(ctx);
  const taken = new Set(rows.map((row) => row._id));
  const free: Row[] = [];
  const heldUp: HeldUp[] = [];
  for (const row of [...rows].sort((a, b) => a.sequence - b.sequence)) {
    const blocker = (await earlierOf(row)).find(({ _id, state }) => state.kind !== "failed" && !taken.has(_id));
    if (blocker === undefined) {
      free.push(row);
      continue;
    }
    taken.delete(row._id);
    heldUp.push({ row, until: blocker.state.kind === "failed" ? 0 : blocker.state.dueAt });
  }
  return { rows: free, heldUp };
}

/**
 * Finds the entries that may hold a row up. Rows that nothing delayed go by sequence, so only delayed ones can: mostly
 * none at all, which two reads show for the whole batch.
 */
async function findEarlierRows(ctx: Ctx): Promise<(row: Row) => Row[] | Promise<Row[]>> {
  const others = [
    ...(await queryDelayed(ctx, Infinity).take(DELAYED_AT_ONCE)),
    ...(await queryOfKind(ctx, SUSPECT).take(DELAYED_AT_ONCE)),
  ];
  if (others.length >= DELAYED_AT_ONCE)
    return (row) => queryRows(ctx, row.sessionId, row.sequence).take(MAX_PER_SESSION);
  others.sort((a, b) => a.sequence - b.sequence);
  return ({ sessionId, sequence }) =>
    others.filter((other) => other.sessionId === sessionId && other.sequence < sequence);
}

/** Rows that wait longer than any pause there is: the clock was put back after they were delayed. */
export const listRowsAhead = (ctx: Ctx, now: number): Promise<Row[]> =>
  ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) =>
      q.eq("state.kind", "pending").gt("state.dueAt", now + BACKOFF_MS.most),
    )
    .take(DELAYED_AT_ONCE);

/** When the next row is due, in ms, or null when none waits. */
export async function getNextDueAt(ctx: Ctx): Promise<number | null> {
  const at: number[] = [];
  for (const kind of ["pending", SUSPECT] as const) {
    const row = await queryOfKind(ctx, kind).first();
    if (row !== null && row.state.kind !== "failed") at.push(row.state.dueAt);
  }
  return at.length === 0 ? null : Math.min(...at);
}
