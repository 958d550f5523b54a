/**
 * How many drafts an owner has, by status, and where in their order a rank falls. Nothing is ever counted by reading drafts.
 *
 * An owner's drafts lie on shelves, one after another in time: each holds those last changed from its `from` until the next
 * shelf begins, about a hundred, and knows how many. The newest shelf, the head, is kept with the owner's totals in one row,
 * so that most owners have one row in all and a draft that is changed again and again costs nothing here.
 *
 * (A general ordered counter such as `@convex-dev/aggregate` would have to be written at every change, because every change
 * moves a draft to the front; totals would take it some twenty reads.)
 */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Status } from "./rules";
import { NO_DRAFTS, type Counts } from "./tables";

/** A shelf with more is parted, so that a page far down the list skips at most as many drafts as this. */
export const SHELF_MAX = 128;
/** The newest drafts of a shelf, which part from it. */
const PARTED = 32;
/** A shelf with fewer joins the one before it. */
const SHELF_MIN = 16;
/** Before every time that a draft can have. */
const BEGINNING = -8.64e15;

type ReadCtx = { db: QueryCtx["db"] };
type Ledger = Doc<"draftLedgers">;
type Shelf = Doc<"draftShelves">;
/** What of a draft counts here. */
export type Place = Pick<Doc<"valuationDrafts">, "owner" | "status" | "updatedAt">;
/** A draft's place before and after a change; null where there is no draft. */
export type Move = { before: Place | null; after: Place | null };

export const sizeOf = (counts: Counts): number => counts.IN_PROGRESS + counts.COMPLETED + counts.ARCHIVED;

export const ledgerOf = (ctx: ReadCtx, owner: string): Promise<Ledger | null> =>
  ctx.db
    .query("draftLedgers")
    .withIndex("by_owner", (q) => q.eq("owner", owner))
    .unique();

const shelfAt = (ctx: ReadCtx, owner: string, time: number): Promise<Shelf | null> =>
  ctx.db
    .query("draftShelves")
    .withIndex("by_owner_and_from", (q) => q.eq("owner", owner).lte("from", time))
    .order("desc")
    .first();

/** Drafts of all `owners` together, of one status, or all but the deleted ones. */
export async function countDrafts(ctx: ReadCtx, owners: readonly string[], status: Status | null): Promise<number> {
  const ledgers = await Promise.all(owners.map((owner) => ledgerOf(ctx, owner)));
  return ledgers.reduce((sum, ledger) => sum + (ledger === null ? 0 : countIn(ledger, status)), 0);
}

function countIn(ledger: Ledger, status: Status | null): number {
  if (status === "DELETED") return ledger.deleted;
  return status === null ? sizeOf(ledger.counts) : ledger.counts[status];
}

/** Keeps the ledgers in step with drafts that have been written. */
export async function record(ctx: MutationCtx, moves: readonly Move[]): Promise<void> {
  const books = new Books(ctx);
  for (const { before, after } of moves) await books.move(before, after);
  await books.save();
}

/** Puts away the ledger of an owner whose last draft has gone. */
export async function closeLedger(ctx: MutationCtx, owner: string): Promise<void> {
  const ledger = await ledgerOf(ctx, owner);
  if (ledger === null) return;
  await ctx.db.delete("draftLedgers", ledger._id);
  const shelves = ctx.db.query("draftShelves").withIndex("by_owner_and_from", (q) => q.eq("owner", owner));
  for await (const { _id } of shelves) await ctx.db.delete("draftShelves", _id);
}

type Part = { from: number; counts: Counts };
type Counted = { counts: Counts; before: number; changed: boolean };
type Open = {
  owner: string;
  row: Ledger | null;
  total: Counts;
  deleted: number;
  headFrom: number;
  head: Counted;
  changed: boolean;
  shelves: Map<Shelf["_id"], Counted & { row: Shelf }>;
};

/** The ledgers and shelves that some moves touch, each read once and written once. */
class Books {
  private readonly open = new Map<string, Open>();
  constructor(private readonly ctx: MutationCtx) {}

  async move(before: Place | null, after: Place | null): Promise<void> {
    if (before && after && before.owner === after.owner && before.status === after.status) {
      if (before.status === "DELETED") return;
      const { headFrom } = await this.ledger(after.owner);
      if (before.updatedAt >= headFrom && after.updatedAt >= headFrom) return;
    }
    if (before) await this.add(before, -1);
    if (after) await this.add(after, 1);
  }

  private async add({ owner, status, updatedAt }: Place, by: 1 | -1): Promise<void> {
    const ledger = await this.ledger(owner);
    ledger.changed = true;
    if (status === "DELETED") {
      ledger.deleted += by;
      return;
    }
    ledger.total[status] += by;
    const shelf = updatedAt >= ledger.headFrom ? ledger.head : await this.shelf(ledger, updatedAt);
    shelf.counts[status] += by;
    shelf.changed = true;
  }

  private async ledger(owner: string): Promise<Open> {
    const known = this.open.get(owner);
    if (known) return known;
    const row = await ledgerOf(this.ctx, owner);
    const head = row?.head ?? NO_DRAFTS;
    const opened: Open = {
      owner,
      row,
      total: { ...(row?.counts ?? NO_DRAFTS) },
      deleted: row?.deleted ?? 0,
      headFrom: row?.headFrom ?? BEGINNING,
      head: { counts: { ...head }, before: sizeOf(head), changed: false },
      changed: false,
      shelves: new Map(),
    };
    this.open.set(owner, opened);
    return opened;
  }

  private async shelf(ledger: Open, time: number): Promise<Counted> {
    const row = await shelfAt(this.ctx, ledger.owner, time);
    if (row === null) throw new Error("a ledger has no shelf for a time before its head");
    const known = ledger.shelves.get(row._id);
    if (known) return known;
    const opened = { row, counts: { ...row.counts }, before: sizeOf(row.counts), changed: false };
    ledger.shelves.set(row._id, opened);
    return opened;
  }

  async save(): Promise<void> {
    for (const ledger of this.open.values()) {
      // From the oldest on: a small shelf joins the one before it, which must be written by then.
      const shelves = [...ledger.shelves.values()].sort((a, b) => a.row.from - b.row.from);
      for (const shelf of shelves) if (shelf.changed) await this.saveShelf(ledger, shelf);
      if (!ledger.changed) continue;
      const [head, ...older] = await this.parted(ledger.owner, { from: ledger.headFrom, until: null, ...ledger.head });
      for (const shelf of older) await this.ctx.db.insert("draftShelves", { owner: ledger.owner, ...shelf });
      const fields = { counts: ledger.total, deleted: ledger.deleted, headFrom: head.from, head: head.counts };
      if (ledger.row) await this.ctx.db.patch("draftLedgers", ledger.row._id, fields);
      else await this.ctx.db.insert("draftLedgers", { owner: ledger.owner, ...fields });
    }
  }

  private async saveShelf({ owner, headFrom }: Open, { row, ...shelf }: Counted & { row: Shelf }): Promise<void> {
    const { db } = this.ctx;
    if (sizeOf(shelf.counts) < SHELF_MIN && row.from > BEGINNING) {
      const previous = await shelfAt(this.ctx, owner, row.from - 1);
      if (previous && sizeOf(previous.counts) < SHELF_MAX - SHELF_MIN) {
        await db.patch("draftShelves", previous._id, { counts: combined(previous.counts, shelf.counts, 1) });
        return await db.delete("draftShelves", row._id);
      }
    }
    const next = isFull(shelf)
      ? await db
          .query("draftShelves")
          .withIndex("by_owner_and_from", (q) => q.eq("owner", owner).gt("from", row.from))
          .first()
      : null;
    const parts = await this.parted(owner, { from: row.from, until: next?.from ?? headFrom, ...shelf });
    for (const { from, counts } of parts)
      if (from === row.from) await db.patch("draftShelves", row._id, { counts });
      else await db.insert("draftShelves", { owner, from, counts });
  }

  /** What a shelf becomes, newest first: itself, or once it is full the parts that it falls into. */
  private async parted(owner: string, { from, until, ...shelf }: Counted & { from: number; until: number | null }): Promise<[Part, ...Part[]]> {
    if (!isFull(shelf)) return [{ from, counts: shelf.counts }];
    const parts: Part[] = [];
    let rest = shelf.counts;
    while (sizeOf(rest) >= SHELF_MAX) {
      const part = await this.newest(owner, from, parts.at(-1)?.from ?? until);
      if (!part) break;
      parts.push(part);
      rest = combined(rest, part.counts, -1);
    }
    const [newest, ...older] = [...parts, { from, counts: rest }];
    return [newest, ...older];
  }

  /** The newest drafts of a shelf that can part from it: null where all have one time. */
  private async newest(owner: string, from: number, until: number | null): Promise<Part | null> {
    const drafts = await this.ctx.db
      .query("valuationDrafts")
      .withIndex("by_owner_and_deleted_and_updatedAt", (q) => {
        const range = q.eq("owner", owner).eq("deleted", false).gte("updatedAt", from);
        return until === null ? range : range.lt("updatedAt", until);
      })
      .order("desc")
      .take(PARTED + 1);
    // Drafts of one time stay together, for a shelf begins at a time.
    const last = drafts[PARTED];
    const parted = last ? drafts.filter(({ updatedAt }) => updatedAt > last.updatedAt) : [];
    const oldest = parted.at(-1);
    if (!oldest) return null;
    const counts = { ...NO_DRAFTS };
    for (const { status } of parted) if (status !== "DELETED") counts[status]++;
    return { from: oldest.updatedAt, counts };
  }
}

/** A shelf that cannot be parted is tried again once it has grown by as much as would part. */
const isFull = ({ counts, before }: Omit<Counted, "changed">): boolean =>
  sizeOf(counts) >= SHELF_MAX && Math.floor(sizeOf(counts) / PARTED) > Math.floor(before / PARTED);

const combined = (a: Counts, b: Counts, sign: 1 | -1): Counts => ({
  IN_PROGRESS: a.IN_PROGRESS + sign * b.IN_PROGRESS,
  COMPLETED: a.COMPLETED + sign * b.COMPLETED,
  ARCHIVED: a.ARCHIVED + sign * b.ARCHIVED,
});
