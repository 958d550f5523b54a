/** Drafts written around the ledger, and a ledger held against its drafts. */
import { expect } from "vitest";
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { Move } from "./ledger";
import type { Status } from "../rules";
import { NO_DRAFTS } from "../tables";

type Draft = Doc<"valuationDrafts">;
let made = 0;

export async function insert(ctx: MutationCtx, owner: string, status: Status, updatedAt: number): Promise<Draft> {
  const row = {
    uuid: `u${made}`,
    reportId: `r${made++}`,
    owner,
    status,
    deleted: status === "DELETED",
    statusBeforeDeletion: null,
    currentView: "MANUAL" as const,
    createdAt: updatedAt,
    updatedAt,
    completedAt: null,
    formData: null,
    valuationResult: null,
    partsId: null,
    businessCardToken: null,
    prefilledFromCard: false,
    prefill: null,
    revision: 1,
  };
  const _id = await ctx.db.insert("valuationDrafts", row);
  return (await ctx.db.get("valuationDrafts", _id))!;
}

export async function change(
  ctx: MutationCtx,
  draft: Draft,
  fields: Partial<Pick<Draft, "owner" | "status" | "updatedAt">>,
): Promise<Move> {
  const after = { ...draft, ...fields };
  await ctx.db.patch("valuationDrafts", draft._id, { ...fields, deleted: after.status === "DELETED" });
  return { before: draft, after };
}

export const draftsOf = async (ctx: MutationCtx, owner: string) =>
  (await ctx.db.query("valuationDrafts").collect()).filter((draft) => draft.owner === owner);

/** Every shelf holds exactly the drafts of its time; the totals are theirs. */
export async function check(ctx: MutationCtx, owner: string): Promise<{ shelves: number }> {
  const drafts = await draftsOf(ctx, owner);
  const ledger = await ctx.db
    .query("draftLedgers")
    .withIndex("by_owner", (q) => q.eq("owner", owner))
    .unique();
  const racks = (await ctx.db.query("draftRacks").collect())
    .filter((rack) => rack.owner === owner)
    .sort((a, b) => a.from - b.from);
  for (const { from, shelves } of racks) expect(shelves[0]?.from).toBe(from);
  const shelves = racks.flatMap((rack) => rack.shelves);
  expect(shelves.map(({ from }) => from)).toEqual(shelves.map(({ from }) => from).sort((a, b) => a - b));
  if (!ledger) {
    expect([drafts.length, shelves.length]).toEqual([0, 0]);
    return { shelves: 0 };
  }
  const tally = (from: number, until: number) => {
    const counts = { ...NO_DRAFTS };
    for (const { status, updatedAt } of drafts)
      if (status !== "DELETED" && updatedAt >= from && updatedAt < until) counts[status]++;
    return counts;
  };
  shelves.forEach((shelf, i) =>
    expect(shelf.counts).toEqual(tally(shelf.from, shelves[i + 1]?.from ?? ledger.headFrom)),
  );
  expect(ledger.head).toEqual(tally(ledger.headFrom, Infinity));
  expect(ledger.counts).toEqual(tally(-Infinity, Infinity));
  expect(ledger.deleted).toBe(drafts.filter(({ status }) => status === "DELETED").length);
  return { shelves: shelves.length };
}
