/**
 * Backfilling drafts from elsewhere, a batch at a time; called with the deployment's admin key by `npm run
 * import:valuations`.
 */
import { v, type Infer } from "convex/values";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { getUserByUuid } from "../identity/users";
import { createUuid, hashSha256, UUID_PATTERN } from "../lib/ids";
import { toWireName } from "../rest/schemas/names";
import { insertDraft } from "./drafts/drafts";
import { findGuestInForce, issueGuest } from "./guests/guestIds";
import { recordMoves, type Move } from "./counts/ledger";
import { getFirstKey, toGuestOwner } from "./guests/owners";
import { fits, JSON_FIELDS, MAX_BYTES, REPORT_ID_PATTERN, REPORT_ID_RULE } from "./rules";
import { vJsonText, vStatus, vView } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

const vDraft = v.object({
  id: v.optional(v.string()),
  reportId: v.string(),
  /** A user's uuid; with it, `guestSessionId` is ignored, for a row has one owner. */
  userId: v.union(v.string(), v.null()),
  guestSessionId: v.union(v.string(), v.null()),
  status: vStatus,
  currentView: vView,
  createdAt: v.number(),
  updatedAt: v.number(),
  completedAt: v.union(v.number(), v.null()),
  formData: vJsonText,
  collectedData: vJsonText,
  conversationHistory: vJsonText,
  valuationResult: vJsonText,
  businessCardToken: v.union(v.string(), v.null()),
  prefilledFromCard: v.boolean(),
});

/** The outcome of a row: `created`, `exists` (left as it is), or why it was refused. */
const vOutcome = v.union(v.literal("created"), v.literal("exists"), v.object({ refused: v.string() }));

/**
 * Adds the drafts whose `reportId` is new; one outcome a draft, in order. A refused one does not keep the others out.
 */
export const importDrafts = internalMutation({
  args: { drafts: v.array(vDraft) },
  returns: v.array(vOutcome),
  handler: async (ctx, { drafts }) => {
    const owners = new Map<string, string | null>();
    const outcomes: Infer<typeof vOutcome>[] = [];
    const moves: Move[] = [];
    for (const draft of drafts) outcomes.push(await importDraft(ctx, draft, owners, moves));
    await recordMoves(ctx, moves);
    return outcomes;
  },
});

async function importDraft(
  ctx: MutationCtx,
  draft: Infer<typeof vDraft>,
  owners: Map<string, string | null>,
  moves: Move[],
): Promise<Infer<typeof vOutcome>> {
  const { reportId } = draft;
  if (!REPORT_ID_PATTERN.test(reportId)) return { refused: `report_id: must be ${REPORT_ID_RULE}` };
  const existing = await ctx.db
    .query("valuationDrafts")
    .withIndex("by_reportId", (q) => q.eq("reportId", reportId))
    .unique();
  if (existing) return "exists";
  const tooLarge = JSON_FIELDS.find((field) => draft[field] !== null && !fits(field, draft[field]));
  if (tooLarge) return { refused: `${toWireName(tooLarge)}: is larger than ${MAX_BYTES[tooLarge] / 1024} KiB` };
  const name = draft.userId ?? draft.guestSessionId;
  if (name === null) return { refused: "user_id: this or guest_session_id is required" };
  const key = `${draft.userId === null ? "guest" : "user"} ${name}`;
  let owner = owners.get(key);
  if (owner === undefined) {
    owner = draft.userId === null ? await ensureGuestOwner(ctx, name) : await findUserOwner(ctx, name);
    owners.set(key, owner);
  }
  if (owner === null) return { refused: "user_id: no user has this id" };
  moves.push({ before: null, after: await insert(ctx, draft, owner) });
  return "created";
}

async function findUserOwner(ctx: MutationCtx, uuid: string): Promise<string | null> {
  if (!UUID_PATTERN.test(uuid)) return null;
  const user = await getUserByUuid(ctx, uuid);
  return user && getFirstKey(user);
}

/** A guest of the other system keeps the id they hold; it is good for 90 days from now. */
async function ensureGuestOwner(ctx: MutationCtx, id: string): Promise<string> {
  const hash = await hashSha256(id);
  if (!(await findGuestInForce(ctx, hash))) await issueGuest(ctx, hash);
  return toGuestOwner(hash);
}

const insert = (
  ctx: MutationCtx,
  { id, userId: _user, guestSessionId: _guest, collectedData, conversationHistory, ...fields }: Infer<typeof vDraft>,
  owner: string,
) =>
  insertDraft(ctx, {
    ...fields,
    uuid: id ?? createUuid(),
    owner,
    deleted: fields.status === "DELETED",
    statusBeforeDeletion: null,
    parts: { collectedData, conversationHistory },
    prefill: null,
    revision: 1,
  });
