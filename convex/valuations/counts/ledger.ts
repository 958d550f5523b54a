/**
 * How many drafts an owner has, by status, and where in their order a rank falls. Nothing is ever counted by reading drafts.
 *
 * An owner's drafts lie on shelves, one after another in time: each holds those last changed from its `from` until the next
 * shelf begins, about a hundred, and knows how many. The newest shelf, the head, is kept with the owner's totals in one row,
 * so that most owners have one row in all and a draft that is changed again and again costs nothing here.
 *
 * A ledger begins with its owner's first draft. Where it is missing although there are drafts, from before there were ledgers,
 * a draft counts once its time has been reached, from the newest to the oldest (valuations/migrations).
 *
 * (A general ordered counter such as `@convex-dev/aggregate` would have to be written at every change, because every change
 * moves a draft to the front; totals would take it some twenty reads.)
 */
import type { Doc } from "../../_generated/dataModel";
import { internal } from "../../_generated/api";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Status } from "../rules";
import { NO_DRAFTS, type Counts, type Shelf } from "../tables";

/** A shelf with more is parted, so that a page far down the list skips at most as many drafts as this. */
export const SHELF_MAX = 128;
/** The newest drafts of a shelf, which part from it. */
const PARTED = 32;
/** A shelf with fewer joins a neighbour. */
const SHELF_MIN = 16;
/** Shelves of a rack. */
const RACK_MAX = 24;
/** Before every time that a draft can have. */
const BEGINNING = -8.64e15;
/** After every time that a draft can have. */
const END = 8.64e15 + 1;
/** What one transaction counts at most; drafts of one time are counted together. */
const COUNTED_AT_ONCE = { drafts: 200, bytes: 4 * 1024 * 1024 };

type ReadCtx = { db: QueryCtx["db"] };
type Ledger = Doc<"draftLedgers">;
type Rack = Doc<"draftRacks">;
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

const rackAt = (ctx: ReadCtx, owner: string, time: number): Promise<Rack | null> =>
  ctx.db
    .query("draftRacks")
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
export async function recordMoves(ctx: MutationCtx, moves: readonly Move[]): Promise<void> {
  const books = new Books(ctx, moves);
  for (const { before, after } of moves) await books.move(before, after);
  await books.save();
}

/** Counts some of an owner's drafts that no ledger knows yet. @returns whether all are counted now */
export async function countUncounted(ctx: MutationCtx, owner: string): Promise<boolean> {
  const ledger = await ledgerOf(ctx, owner);
  if (ledger && ledger.countedFrom === undefined) return true;
  const parts = await Promise.all(
    [false, true].map((deleted) => newestBefore(ctx, owner, deleted, ledger?.countedFrom ?? END)),
  );
  const from = Math.max(...parts.map((part) => part.from));
  const drafts = parts.flatMap((part) => part.drafts).filter(({ updatedAt }) => updatedAt >= from);
  if (ledger === null && drafts.length === 0) return true;
  const books = new Books(ctx, []);
  await books.count(owner, drafts, from);
  await books.save();
  return from === BEGINNING;
}

/** The newest drafts of a part of an owner's that were last changed before `until`, and from when on these are all. */
async function newestBefore(ctx: ReadCtx, owner: string, deleted: boolean, until: number) {
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
  const ledger = await ledgerOf(ctx, owner);
  if (ledger === null) return;
  await ctx.db.delete("draftLedgers", ledger._id);
  const racks = ctx.db.query("draftRacks").withIndex("by_owner_and_from", (q) => q.eq("owner", owner));
  for await (const { _id } of racks) await ctx.db.delete("draftRacks", _id);
}

/** A shelf while it changes; `before` is how many drafts it had. */
type Open = Shelf & { before: number };
type OpenRack = { row: Rack | null; shelves: Open[]; changed: boolean };
type OpenLedger = {
  owner: string;
  row: Ledger | null;
  counts: Counts;
  deleted: number;
  head: Open;
  /** Drafts last changed before this are not counted. */
  countedFrom: number;
  changed: boolean;
  racks: Map<Rack["_id"] | null, OpenRack>;
};

const opened = ({ from, counts }: Shelf): Open => ({ from, counts: { ...counts }, before: sizeOf(counts) });

/** The ledgers and racks that some moves touch, each written once. */
class Books {
  private readonly open = new Map<string, OpenLedger>();
  /** @param moves all that will be made, and have been written */
  constructor(
    private readonly ctx: MutationCtx,
    private readonly moves: readonly Move[],
  ) {}

  async move(before: Place | null, after: Place | null): Promise<void> {
    if (before && after && before.owner === after.owner && before.status === after.status) {
      const { head, countedFrom } = await this.ledger(after.owner);
      const stay = (from: number) => before.updatedAt >= from && after.updatedAt >= from;
      if (stay(countedFrom) && (before.status === "DELETED" || stay(head.from))) return;
    }
    if (before) await this.add(before, -1);
    if (after) await this.add(after, 1);
  }

  /** Adds drafts that were not counted, which are all those last changed from `from` on. */
  async count(owner: string, drafts: readonly Place[], from: number): Promise<void> {
    const ledger = await this.ledger(owner);
    ledger.countedFrom = BEGINNING;
    for (const draft of drafts) await this.add(draft, 1);
    ledger.countedFrom = from;
    ledger.changed = true;
  }

  private async add({ owner, status, updatedAt }: Place, by: 1 | -1): Promise<void> {
    const ledger = await this.ledger(owner);
    if (updatedAt < ledger.countedFrom) return;
    ledger.changed = true;
    if (status === "DELETED") {
      ledger.deleted += by;
      return;
    }
    ledger.counts[status] += by;
    (await this.shelf(ledger, updatedAt)).counts[status] += by;
  }

  private async ledger(owner: string): Promise<OpenLedger> {
    const known = this.open.get(owner);
    if (known) return known;
    const row = await ledgerOf(this.ctx, owner);
    const isLate = row === null && (await this.hadDrafts(owner));
    const ledger: OpenLedger = {
      owner,
      row,
      counts: { ...(row?.counts ?? NO_DRAFTS) },
      deleted: row?.deleted ?? 0,
      head: opened({ from: row?.headFrom ?? BEGINNING, counts: row?.head ?? NO_DRAFTS }),
      countedFrom: row ? (row.countedFrom ?? BEGINNING) : isLate ? END : BEGINNING,
      changed: isLate,
      racks: new Map(),
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

  private async shelf(ledger: OpenLedger, time: number): Promise<Open> {
    if (time >= ledger.head.from) return ledger.head;
    const rack = await this.rack(ledger, time);
    rack.changed = true;
    const shelf = rack.shelves.findLast(({ from }) => from <= time);
    if (!shelf) throw new Error("a ledger has no shelf for a time before its head");
    return shelf;
  }

  /** The rack of a time before the head's; a new one where there is none. */
  private async rack({ owner, racks }: OpenLedger, time: number): Promise<OpenRack> {
    const row = await rackAt(this.ctx, owner, time);
    const known = racks.get(row?._id ?? null);
    if (known) return known;
    const rack = { row, shelves: (row?.shelves ?? []).map(opened), changed: false };
    racks.set(row?._id ?? null, rack);
    return rack;
  }

  async save(): Promise<void> {
    const { db } = this.ctx;
    for (const ledger of this.open.values()) {
      if (!ledger.changed) continue;
      const { owner, row, counts, deleted } = ledger;
      const parts = await this.parted(owner, ledger.head, null);
      const head = parts.pop() ?? ledger.head;
      if (parts.length > 0) {
        const rack = await this.rack(ledger, head.from - 1);
        rack.shelves.push(...parts.map(opened));
        rack.changed = true;
      }
      for (const rack of ledger.racks.values()) if (rack.changed) await this.saveRack(owner, rack, head.from);
      const countedFrom = ledger.countedFrom === BEGINNING ? undefined : ledger.countedFrom;
      const fields = { counts, deleted, headFrom: head.from, head: head.counts, countedFrom };
      if (row) await db.patch("draftLedgers", row._id, fields);
      else await db.insert("draftLedgers", { owner, ...fields });
      if (!row && countedFrom === END)
        await this.ctx.scheduler.runAfter(0, internal.valuations.migrations.countOwner, { owner });
    }
  }

  private async saveRack(owner: string, rack: OpenRack, headFrom: number): Promise<void> {
    const { db } = this.ctx;
    const next = rack.shelves.some(isFull)
      ? await db
          .query("draftRacks")
          .withIndex("by_owner_and_from", (q) => q.eq("owner", owner).gt("from", rack.row?.from ?? BEGINNING))
          .first()
      : null;
    const all: Shelf[] = [];
    for (const [i, shelf] of rack.shelves.entries()) {
      const until = rack.shelves[i + 1]?.from ?? next?.from ?? headFrom;
      for (const part of await this.parted(owner, shelf, until)) {
        const last = all.at(-1);
        const together = last && sizeOf(last.counts) + sizeOf(part.counts);
        const isSmall = last && Math.min(sizeOf(last.counts), sizeOf(part.counts)) < SHELF_MIN;
        if (isSmall && together! < SHELF_MAX - SHELF_MIN) last.counts = combined(last.counts, part.counts, 1);
        else all.push(part);
      }
    }
    const first = all[0]!;
    // What came before the next rack is the rack before's from now on.
    if (rack.row && all.length === 1 && sizeOf(first.counts) === 0 && first.from > BEGINNING)
      return await db.delete("draftRacks", rack.row._id);
    const kept = all.length > RACK_MAX ? all.splice(0, RACK_MAX / 2) : all.splice(0);
    if (rack.row) await db.patch("draftRacks", rack.row._id, { shelves: kept });
    else await db.insert("draftRacks", { owner, from: first.from, shelves: kept });
    for (let more = all.splice(0, RACK_MAX / 2); more.length > 0; more = all.splice(0, RACK_MAX / 2))
      await db.insert("draftRacks", { owner, from: more[0]!.from, shelves: more });
  }

  /** What a shelf becomes, oldest first: itself, or once it is full the parts that it falls into. */
  private async parted(owner: string, shelf: Open, until: number | null): Promise<Shelf[]> {
    const { from } = shelf;
    const parts: Shelf[] = [];
    let rest = shelf.counts;
    while (isFull(shelf) && sizeOf(rest) >= SHELF_MAX) {
      const part = await this.newest(owner, from, parts[0]?.from ?? until);
      if (!part) break;
      parts.unshift(part);
      rest = combined(rest, part.counts, -1);
    }
    return [{ from, counts: rest }, ...parts];
  }

  /** The newest drafts of a shelf that can part from it: null where all have one time. */
  private async newest(owner: string, from: number, until: number | null): Promise<Shelf | null> {
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
const isFull = ({ counts, before }: Open): boolean =>
  sizeOf(counts) >= SHELF_MAX && Math.floor(sizeOf(counts) / PARTED) > Math.floor(before / PARTED);

const combined = (a: Counts, b: Counts, sign: 1 | -1): Counts => ({
  IN_PROGRESS: a.IN_PROGRESS + sign * b.IN_PROGRESS,
  COMPLETED: a.COMPLETED + sign * b.COMPLETED,
  ARCHIVED: a.ARCHIVED + sign * b.ARCHIVED,
});
