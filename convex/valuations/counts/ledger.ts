/**
 * Counts an owner's drafts by status and finds the draft of a rank; drafts are never counted by reading them.
 *
 * An owner's drafts are counted in blocks that follow one another in time. Each block holds the drafts last changed
 * from its `from` until the next block begins, about a hundred, and their number by status. The newest block, the head,
 * is kept with the owner's totals in one row, so that most owners have one row in all, and a draft that is changed
 * again and again costs nothing here. Older blocks are kept a couple of dozen to a row.
 *
 * A ledger begins with its owner's first draft. Where drafts have none, those are counted from the newest to the
 * oldest, and a draft counts once its time has been reached (valuations/migrations).
 */
import type { Doc } from "../../_generated/dataModel";
import { internal } from "../../_generated/api";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Status } from "../rules";
import { NO_DRAFTS, type Counts, type Block } from "../tables";

/** A block with more is split, so that a page far down the list skips at most as many drafts. */
export const BLOCK_MAX = 128;
/** Number of the newest drafts of a full block that are split off into a block of their own. */
const SPLIT_OFF = 32;
/** A block with fewer joins a neighbor. */
const BLOCK_MIN = 16;
/** Most blocks in a row. */
const BLOCKS_PER_ROW = 24;
/** Before every time that a draft can have. */
const BEGINNING = -8.64e15;
/** After every time that a draft can have. */
const END = 8.64e15 + 1;
/** The most that one transaction counts; drafts of one time are counted together. */
const COUNTED_AT_ONCE = { drafts: 200, bytes: 4 * 1024 * 1024 };

type ReadCtx = { db: QueryCtx["db"] };
type Ledger = Doc<"draftLedgers">;
type BlockRow = Doc<"draftRacks">;
/** The fields by which a draft is counted. */
export type Place = Pick<Doc<"valuationDrafts">, "owner" | "status" | "updatedAt">;
/** A draft's place before and after a change; null where there is no draft. */
export type Move = { before: Place | null; after: Place | null };

export const countTotal = (counts: Counts): number => counts.IN_PROGRESS + counts.COMPLETED + counts.ARCHIVED;

export const getLedger = (ctx: ReadCtx, owner: string): Promise<Ledger | null> =>
  ctx.db
    .query("draftLedgers")
    .withIndex("by_owner", (q) => q.eq("owner", owner))
    .unique();

const getBlockRow = (ctx: ReadCtx, owner: string, time: number): Promise<BlockRow | null> =>
  ctx.db
    .query("draftRacks")
    .withIndex("by_owner_and_from", (q) => q.eq("owner", owner).lte("from", time))
    .order("desc")
    .first();

/** Drafts of all `owners` together, of one status, or all but the deleted ones. */
export async function countDrafts(ctx: ReadCtx, owners: readonly string[], status: Status | null): Promise<number> {
  const ledgers = await Promise.all(owners.map((owner) => getLedger(ctx, owner)));
  return ledgers.reduce((sum, ledger) => sum + (ledger === null ? 0 : countIn(ledger, status)), 0);
}

function countIn(ledger: Ledger, status: Status | null): number {
  if (status === "DELETED") return ledger.deleted;
  return status === null ? countTotal(ledger.counts) : ledger.counts[status];
}

/** Keeps the ledgers in step with drafts that have been written. */
export async function recordMoves(ctx: MutationCtx, moves: readonly Move[]): Promise<void> {
  const update = new CountUpdate(ctx, moves);
  for (const { before, after } of moves) await update.move(before, after);
  await update.save();
}

/** Counts some of an owner's drafts that no ledger knows yet. @returns whether all are counted now */
export async function countUncounted(ctx: MutationCtx, owner: string): Promise<boolean> {
  const ledger = await getLedger(ctx, owner);
  if (ledger && ledger.countedFrom === undefined) return true;
  const parts = await Promise.all(
    [false, true].map((deleted) => listNewestBefore(ctx, owner, deleted, ledger?.countedFrom ?? END)),
  );
  const from = Math.max(...parts.map((part) => part.from));
  const drafts = parts.flatMap((part) => part.drafts).filter(({ updatedAt }) => updatedAt >= from);
  if (ledger === null && drafts.length === 0) return true;
  const update = new CountUpdate(ctx, []);
  await update.count(owner, drafts, from);
  await update.save();
  return from === BEGINNING;
}

/**
 * The owner's newest drafts, deleted or not, last changed before `until`; together with the time from which these are
 * all.
 */
async function listNewestBefore(ctx: ReadCtx, owner: string, deleted: boolean, until: number) {
  const range = ctx.db
    .query("valuationDrafts")
    .withIndex("by_owner_and_deleted_and_updatedAt", (q) =>
      q.eq("owner", owner).eq("deleted", deleted).lt("updatedAt", until),
    )
    .order("desc");
  const drafts: Place[] = [];
  let bytes = 0;
  for await (const draft of range) {
    const last = drafts.at(-1);
    const isEnough = drafts.length >= COUNTED_AT_ONCE.drafts || bytes >= COUNTED_AT_ONCE.bytes;
    if (last && isEnough && draft.updatedAt < last.updatedAt) return { drafts, from: last.updatedAt };
    drafts.push(draft);
    bytes += (draft.formData?.length ?? 0) + (draft.valuationResult?.length ?? 0);
  }
  return { drafts, from: BEGINNING };
}

/** Puts away the ledger of an owner whose last draft has gone. */
export async function closeLedger(ctx: MutationCtx, owner: string): Promise<void> {
  const ledger = await getLedger(ctx, owner);
  if (ledger === null) return;
  await ctx.db.delete("draftLedgers", ledger._id);
  const rows = ctx.db.query("draftRacks").withIndex("by_owner_and_from", (q) => q.eq("owner", owner));
  for await (const { _id } of rows) await ctx.db.delete("draftRacks", _id);
}

/** A block while it changes; `before` is how many drafts it had. */
type OpenBlock = Block & { before: number };
type OpenRow = { row: BlockRow | null; blocks: OpenBlock[]; changed: boolean };
type OpenLedger = {
  owner: string;
  row: Ledger | null;
  counts: Counts;
  deleted: number;
  head: OpenBlock;
  /** Drafts last changed before this are not counted. */
  countedFrom: number;
  changed: boolean;
  rows: Map<BlockRow["_id"] | null, OpenRow>;
};

const openBlock = ({ from, counts }: Block): OpenBlock => ({ from, counts: { ...counts }, before: countTotal(counts) });

/** The ledgers and rows that some moves touch, each written once. */
class CountUpdate {
  private readonly open = new Map<string, OpenLedger>();
  /** @param moves all that will be made, and have been written */
  constructor(
    private readonly ctx: MutationCtx,
    private readonly moves: readonly Move[],
  ) {}

  async move(before: Place | null, after: Place | null): Promise<void> {
    if (before && after && before.owner === after.owner && before.status === after.status) {
      const { head, countedFrom } = await this.openLedger(after.owner);
      const stay = (from: number) => before.updatedAt >= from && after.updatedAt >= from;
      if (stay(countedFrom) && (before.status === "DELETED" || stay(head.from))) return;
    }
    if (before) await this.add(before, -1);
    if (after) await this.add(after, 1);
  }

  /** Adds drafts that were not counted, which are all those last changed from `from` on. */
  async count(owner: string, drafts: readonly Place[], from: number): Promise<void> {
    const ledger = await this.openLedger(owner);
    ledger.countedFrom = BEGINNING;
    for (const draft of drafts) await this.add(draft, 1);
    ledger.countedFrom = from;
    ledger.changed = true;
  }

  private async add({ owner, status, updatedAt }: Place, by: 1 | -1): Promise<void> {
    const ledger = await this.openLedger(owner);
    if (updatedAt < ledger.countedFrom) return;
    ledger.changed = true;
    if (status === "DELETED") {
      ledger.deleted += by;
      return;
    }
    ledger.counts[status] += by;
    (await this.findBlock(ledger, updatedAt)).counts[status] += by;
  }

  private async openLedger(owner: string): Promise<OpenLedger> {
    const known = this.open.get(owner);
    if (known) return known;
    const row = await getLedger(this.ctx, owner);
    const isLate = row === null && (await this.hadDrafts(owner));
    const ledger: OpenLedger = {
      owner,
      row,
      counts: { ...(row?.counts ?? NO_DRAFTS) },
      deleted: row?.deleted ?? 0,
      head: openBlock({ from: row?.headFrom ?? BEGINNING, counts: row?.head ?? NO_DRAFTS }),
      countedFrom: row ? (row.countedFrom ?? BEGINNING) : isLate ? END : BEGINNING,
      changed: isLate,
      rows: new Map(),
    };
    this.open.set(owner, ledger);
    return ledger;
  }

  /** Whether an owner without a ledger has drafts, or had, besides those that these moves have brought. */
  private async hadDrafts(owner: string): Promise<boolean> {
    if (this.moves.some(({ before }) => before?.owner === owner)) return true;
    const brought = this.moves.filter(({ after }) => after?.owner === owner).length;
    const drafts = await this.ctx.db
      .query("valuationDrafts")
      .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", owner))
      .take(brought + 1);
    return drafts.length > brought;
  }

  private async findBlock(ledger: OpenLedger, time: number): Promise<OpenBlock> {
    if (time >= ledger.head.from) return ledger.head;
    const blockRow = await this.openRow(ledger, time);
    blockRow.changed = true;
    const block = blockRow.blocks.findLast(({ from }) => from <= time);
    if (!block) throw new Error("a ledger has no block for a time before its head");
    return block;
  }

  /** The row with the blocks of a time before the head's; a new one where there is none. */
  private async openRow({ owner, rows }: OpenLedger, time: number): Promise<OpenRow> {
    const row = await getBlockRow(this.ctx, owner, time);
    const known = rows.get(row?._id ?? null);
    if (known) return known;
    const blockRow = { row, blocks: (row?.shelves ?? []).map(openBlock), changed: false };
    rows.set(row?._id ?? null, blockRow);
    return blockRow;
  }

  async save(): Promise<void> {
    const { db } = this.ctx;
    for (const ledger of this.open.values()) {
      if (!ledger.changed) continue;
      const { owner, row, counts, deleted } = ledger;
      const parts = await this.splitBlock(owner, ledger.head, null);
      const head = parts.pop() ?? ledger.head;
      if (parts.length > 0) {
        const blockRow = await this.openRow(ledger, head.from - 1);
        blockRow.blocks.push(...parts.map(openBlock));
        blockRow.changed = true;
      }
      for (const blockRow of ledger.rows.values()) if (blockRow.changed) await this.saveRow(owner, blockRow, head.from);
      const countedFrom = ledger.countedFrom === BEGINNING ? undefined : ledger.countedFrom;
      const fields = { counts, deleted, headFrom: head.from, head: head.counts, countedFrom };
      if (row) await db.patch("draftLedgers", row._id, fields);
      else await db.insert("draftLedgers", { owner, ...fields });
      if (!row && countedFrom === END)
        await this.ctx.scheduler.runAfter(0, internal.valuations.migrations.countOwner, { owner });
    }
  }

  private async saveRow(owner: string, blockRow: OpenRow, headFrom: number): Promise<void> {
    const { db } = this.ctx;
    const next = blockRow.blocks.some(isFull)
      ? await db
          .query("draftRacks")
          .withIndex("by_owner_and_from", (q) => q.eq("owner", owner).gt("from", blockRow.row?.from ?? BEGINNING))
          .first()
      : null;
    const all: Block[] = [];
    for (const [i, block] of blockRow.blocks.entries()) {
      const until = blockRow.blocks[i + 1]?.from ?? next?.from ?? headFrom;
      for (const part of await this.splitBlock(owner, block, until)) {
        const last = all.at(-1);
        const together = last && countTotal(last.counts) + countTotal(part.counts);
        const isSmall = last && Math.min(countTotal(last.counts), countTotal(part.counts)) < BLOCK_MIN;
        if (isSmall && together! < BLOCK_MAX - BLOCK_MIN) last.counts = addCounts(last.counts, part.counts, 1);
        else all.push(part);
      }
    }
    const first = all[0]!;
    // The last block of the row before covers this time from now on.
    if (blockRow.row && all.length === 1 && countTotal(first.counts) === 0 && first.from > BEGINNING)
      return await db.delete("draftRacks", blockRow.row._id);
    const kept = all.length > BLOCKS_PER_ROW ? all.splice(0, BLOCKS_PER_ROW / 2) : all.splice(0);
    if (blockRow.row) await db.patch("draftRacks", blockRow.row._id, { shelves: kept });
    else await db.insert("draftRacks", { owner, from: first.from, shelves: kept });
    for (let more = all.splice(0, BLOCKS_PER_ROW / 2); more.length > 0; more = all.splice(0, BLOCKS_PER_ROW / 2))
      await db.insert("draftRacks", { owner, from: more[0]!.from, shelves: more });
  }

  /** Returns the block, or the blocks into which it is split once it is full, oldest first. */
  private async splitBlock(owner: string, block: OpenBlock, until: number | null): Promise<Block[]> {
    const { from } = block;
    const parts: Block[] = [];
    let rest = block.counts;
    while (isFull(block) && countTotal(rest) >= BLOCK_MAX) {
      const part = await this.splitOff(owner, from, parts[0]?.from ?? until);
      if (!part) break;
      parts.unshift(part);
      rest = addCounts(rest, part.counts, -1);
    }
    return [{ from, counts: rest }, ...parts];
  }

  /** Returns the newest drafts of a block as a block of their own; null where all have one time. */
  private async splitOff(owner: string, from: number, until: number | null): Promise<Block | null> {
    const drafts = await this.ctx.db
      .query("valuationDrafts")
      .withIndex("by_owner_and_deleted_and_updatedAt", (q) => {
        const range = q.eq("owner", owner).eq("deleted", false).gte("updatedAt", from);
        return until === null ? range : range.lt("updatedAt", until);
      })
      .order("desc")
      .take(SPLIT_OFF + 1);
    // Drafts of one time stay in one block, because a block begins at a time.
    const last = drafts[SPLIT_OFF];
    const newest = last ? drafts.filter(({ updatedAt }) => updatedAt > last.updatedAt) : [];
    const oldest = newest.at(-1);
    if (!oldest) return null;
    const counts = { ...NO_DRAFTS };
    for (const { status } of newest) if (status !== "DELETED") counts[status]++;
    return { from: oldest.updatedAt, counts };
  }
}

/**
 * Whether to split a block. One that could not be split is tried again once it has grown by as much as would be split
 * off.
 */
const isFull = ({ counts, before }: OpenBlock): boolean =>
  countTotal(counts) >= BLOCK_MAX && Math.floor(countTotal(counts) / SPLIT_OFF) > Math.floor(before / SPLIT_OFF);

const addCounts = (a: Counts, b: Counts, sign: 1 | -1): Counts => ({
  IN_PROGRESS: a.IN_PROGRESS + sign * b.IN_PROGRESS,
  COMPLETED: a.COMPLETED + sign * b.COMPLETED,
  ARCHIVED: a.ARCHIVED + sign * b.ARCHIVED,
});
