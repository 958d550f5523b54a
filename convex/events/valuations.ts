/** The webhook events of drafts: the summary of README §4, without the form and the result. */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { noteEvent } from "../analytics/writer";
import type { Principal } from "../identity/principal";
import { toWireTime, toWireTimeOrNull } from "../lib/time";
import { listKeys } from "../valuations/guests/owners";
import { writeEvent, type EventType } from "../webhooks/writer";

type Draft = Doc<"valuationDrafts">;
type Owner = Pick<Doc<"users">, "uuid" | "tenantId">;
type Writing = MutationCtx & { principal?: Principal };

/** The user whose draft it is; null for a guest's, which belongs to no tenant. */
async function findOwner({ db, principal }: Writing, { owner }: Draft): Promise<Owner | null> {
  if (principal?.kind === "user" && listKeys(principal.user).includes(owner)) return principal.user;
  const [kind, id = ""] = owner.split("/");
  const userId = kind === "user" ? db.normalizeId("users", id) : null;
  return userId && (await db.get("users", userId));
}

const toWire = (draft: Draft, owner: Owner) => ({
  id: draft.uuid,
  report_id: draft.reportId,
  user_id: owner.uuid,
  status: draft.status,
  current_view: draft.currentView,
  created_at: toWireTime(draft.createdAt),
  updated_at: toWireTime(draft.updatedAt),
  completed_at: toWireTimeOrNull(draft.completedAt),
});

type Told = Extract<EventType, `valuation.${string}`>;

const tell = (ctx: MutationCtx, type: Told, draft: Draft, owner: Owner): Promise<void> =>
  writeEvent(ctx, owner.tenantId, type, () => toWire(draft, owner));

export async function draftCreated(ctx: Writing, draft: Draft): Promise<void> {
  const owner = await findOwner(ctx, draft);
  if (!owner) return;
  await tell(ctx, "valuation.created", draft, owner);
  await noteEvent(ctx, owner.tenantId, "draft_started", owner.uuid);
}

/** Each change is one event: completed and deleted where it did that, else updated. */
export async function draftChanged(ctx: Writing, before: Draft, after: Draft): Promise<void> {
  const owner = await findOwner(ctx, after);
  if (!owner) return;
  const type = nameChange(before, after);
  await tell(ctx, type, after, owner);
  if (type === "valuation.completed") await noteEvent(ctx, owner.tenantId, "draft_completed", owner.uuid);
}

function nameChange(before: Draft, after: Draft): Told {
  if (after.deleted && !before.deleted) return "valuation.deleted";
  const isCompleted = after.status === "COMPLETED" && before.status !== "COMPLETED" && !before.deleted;
  return isCompleted ? "valuation.completed" : "valuation.updated";
}

/** A guest's drafts have come to an account; of deleted ones nothing is told. */
export async function draftsClaimed(ctx: MutationCtx, drafts: Draft[], userId: Id<"users">): Promise<void> {
  const visible = drafts.filter(({ deleted }) => !deleted);
  const owner = visible.length > 0 ? await ctx.db.get("users", userId) : null;
  if (owner) for (const draft of visible) await tell(ctx, "valuation.claimed", draft, owner);
}
