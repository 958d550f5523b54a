/**
 * Drafts: who may see one, and every way in which one changes. JSON fields are JSON text. The one module that writes
 * `valuationDrafts` and `valuationParts`. `insertDraft` alone leaves the counting to its caller, as imports count once
 * for many.
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { internal } from "../../_generated/api";
import * as Audit from "../../audit/writer";
import { draftChanged, draftCreated } from "../../events/valuations";
import type { Act } from "../../identity/act";
import { AppError, conflict, getFirstReason, forbidden, notFound } from "../../lib/errors";
import { createUuid } from "../../lib/ids";
import { recordMoves } from "../counts/ledger";
import { listOwners, type Owners, type Seeker } from "../guests/owners";
import {
  computeCompletedAt,
  fits,
  JSON_FIELDS,
  MAX_BYTES,
  selectPrefill,
  PREFILL_AGAIN_MS,
  type CardFields,
  type JsonField,
  type JsonObject,
} from "../rules";
import type { DraftChange, NewDraft } from "./input";
import { mergePatch } from "./jsonText";

type ReadCtx = { db: QueryCtx["db"] };
export type Draft = Doc<"valuationDrafts">;
export type Parts = Pick<Doc<"valuationParts">, "collectedData" | "conversationHistory">;
/** A draft, whole, as one of its owners sees it. */
export type OwnDraft = { draft: Draft; parts: Parts; owners: Owners };

const findByReportId = (ctx: ReadCtx, reportId: string) =>
  ctx.db
    .query("valuationDrafts")
    .withIndex("by_reportId", (q) => q.eq("reportId", reportId))
    .unique();

const unknownDraft = () => notFound("Session not found");
const notYours = () => forbidden("Unauthorized");

/** The seeker's draft, deleted ones included. `NOT_FOUND` when unknown, `FORBIDDEN` when someone else's. */
async function requireOwned(seeker: Seeker, reportId: string): Promise<{ draft: Draft; owners: Owners }> {
  const [owners, draft] = [await listOwners(seeker), await findByReportId(seeker, reportId)];
  if (!draft) throw unknownDraft();
  if (!owners.keys.includes(draft.owner)) throw draft.deleted ? unknownDraft() : notYours();
  return { draft, owners };
}

/** The seeker's draft, as `requireOwned`, but a deleted one is unknown. */
export async function requireDraft(seeker: Seeker, reportId: string): Promise<OwnDraft> {
  const { draft, owners } = await requireOwned(seeker, reportId);
  if (draft.deleted) throw unknownDraft();
  return { draft, parts: await getParts(seeker, draft), owners };
}

const NO_PARTS: Parts = { collectedData: null, conversationHistory: null };

async function getParts(ctx: ReadCtx, draft: Draft): Promise<Parts> {
  return (draft.partsId && (await ctx.db.get("valuationParts", draft.partsId))) || NO_PARTS;
}

/** The form as values, for comparing; what is kept stays text. */
export const parseForm = (text: string | null): JsonObject => (text === null ? {} : (JSON.parse(text) as JsonObject));

/** `TOO_LARGE` when one of the texts is over its limit. */
function checkSizes(texts: { [field in JsonField]: string | null }): void {
  const field = JSON_FIELDS.find((name) => texts[name] !== null && !fits(name, texts[name]));
  if (field === undefined) return;
  const fields = { [field]: [`Must not be larger than ${MAX_BYTES[field] / 1024} KiB.`] };
  throw new AppError("TOO_LARGE", getFirstReason(fields), { fields, about: field });
}

/**
 * A form with what a card gives it, and that alone; null when the two together are too large, for a card is no
 * obstacle.
 */
export function fillFromCard(formData: string | null, card: CardFields): { formData: string; prefill: string } | null {
  const prefill = JSON.stringify(selectPrefill(parseForm(formData), card));
  const filled = mergePatch(formData, prefill);
  return fits("formData", filled) ? { formData: filled, prefill } : null;
}

type NewRow = Omit<Draft, "_id" | "_creationTime" | "partsId"> & { parts: Parts };

/** Inserts a draft with its parts. The caller records it in the counts. */
export async function insertDraft(ctx: MutationCtx, { parts, ...fields }: NewRow): Promise<Draft> {
  const isEmpty = parts.collectedData === null && parts.conversationHistory === null;
  const row = { ...fields, partsId: isEmpty ? null : await ctx.db.insert("valuationParts", parts) };
  return { ...row, _id: await ctx.db.insert("valuationDrafts", row), _creationTime: Date.now() };
}

/** Puts drafts under another owner's key, and counts them there. */
export async function moveDrafts(ctx: MutationCtx, drafts: Draft[], owner: string): Promise<void> {
  for (const { _id } of drafts) await ctx.db.patch("valuationDrafts", _id, { owner });
  await recordMoves(
    ctx,
    drafts.map((draft) => ({ before: draft, after: { ...draft, owner } })),
  );
}

/** Deletes up to `limit` drafts of an owner whom nobody can be any more; returns whether there may be more. */
export async function deleteDraftsOf(ctx: MutationCtx, owner: string, limit: number): Promise<boolean> {
  const drafts = await ctx.db
    .query("valuationDrafts")
    .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", owner))
    .take(limit);
  for (const { _id, partsId } of drafts) {
    if (partsId) await ctx.db.delete("valuationParts", partsId);
    await ctx.db.delete("valuationDrafts", _id);
  }
  await recordMoves(
    ctx,
    drafts.map((draft) => ({ before: draft, after: null })),
  );
  return drafts.length === limit;
}

/**
 * Creates a draft. A `reportId` that its owner already has comes back unchanged; anyone else's, and a deleted one, is
 * `CONFLICT`. `TOO_LARGE` when a JSON field is over its limit.
 *
 * @param card of the token, null when there is none, or which attempt is to read it later
 */
export async function createDraft(
  act: Act,
  input: NewDraft,
  card: CardFields | null | { attempt: number },
): Promise<OwnDraft & { created: boolean }> {
  const owners = await listOwners(act);
  const [owner] = owners.keys;
  if (owner === undefined) throw notYours();
  if (input.reportId !== undefined) {
    const existing = await findByReportId(act, input.reportId);
    if (existing && !existing.deleted && owners.keys.includes(existing.owner))
      return { draft: existing, parts: await getParts(act, existing), owners, created: false };
    if (existing) throw conflict("Report already exists");
  }
  const formData = orNull(input.formData);
  const parts = { collectedData: orNull(input.collectedData), conversationHistory: orNull(input.conversationHistory) };
  checkSizes({ formData, valuationResult: null, ...parts });
  const token = input.businessCardToken || null;
  const isLater = card !== null && "attempt" in card;
  const filled = card === null || isLater ? null : fillFromCard(formData, card);
  const draft = await insertDraft(act, {
    uuid: createUuid(),
    reportId: input.reportId ?? createUuid(),
    owner,
    status: "IN_PROGRESS",
    deleted: false,
    statusBeforeDeletion: null,
    currentView: input.currentView ?? "MANUAL",
    createdAt: act.now,
    updatedAt: act.now,
    completedAt: null,
    formData: filled ? filled.formData : formData,
    valuationResult: null,
    parts,
    businessCardToken: token,
    prefilledFromCard: filled !== null,
    prefill: filled && filled.prefill,
    revision: 1,
  });
  await recordMoves(act, [{ before: null, after: draft }]);
  await draftCreated(act, draft);
  if (isLater && token !== null) await readCardLater(act, { draftId: draft._id, token, attempt: card.attempt });
  return { draft, parts, owners, created: true };
}

/** Has the card of a new draft read: at once by the first attempt, which is 0, the later the more have failed. */
export async function readCardLater(
  { scheduler }: Pick<MutationCtx, "scheduler">,
  card: { draftId: Draft["_id"]; token: string; attempt: number },
): Promise<void> {
  const delay = card.attempt === 0 ? 0 : PREFILL_AGAIN_MS[card.attempt - 1];
  if (delay !== undefined) await scheduler.runAfter(delay, internal.valuations.cards.prefill, card);
}

const orNull = (text: string | undefined): string | null => (text === undefined || text === "null" ? null : text);
/** A field after a change of it, where there is one. */
const mergeField = (current: string | null, patch: string | undefined): string | null =>
  patch === undefined ? current : orNull(mergePatch(current, patch));
const replaceField = (current: string | null, text: string | undefined): string | null =>
  text === undefined ? current : orNull(text);

/**
 * Applies a change; every change is one revision. `TOO_LARGE`, with nothing saved, when a field outgrows its limit.
 *
 * @param input.revisions those that are to be changed: any other is `stale` and stays as it is
 */
export async function updateDraft(
  act: Act,
  { reportId, revisions, ...change }: DraftChange & { reportId: string; revisions?: number[] | undefined },
): Promise<OwnDraft & { stale: boolean }> {
  const current = await requireDraft(act, reportId);
  const { draft, parts: before, owners } = current;
  if (revisions && !revisions.includes(draft.revision)) return { ...current, stale: true };
  const parts: Parts = {
    collectedData: mergeField(before.collectedData, change.collectedData),
    conversationHistory: replaceField(before.conversationHistory, change.conversationHistory),
  };
  const texts = {
    formData: mergeField(draft.formData, change.formData),
    valuationResult: replaceField(draft.valuationResult, change.valuationResult),
  };
  checkSizes({ ...texts, ...parts });
  const status = change.status ?? draft.status;
  const changed = await writeDraft(act, draft, {
    ...texts,
    status,
    currentView: change.currentView ?? draft.currentView,
    updatedAt: act.now,
    completedAt: computeCompletedAt(draft, status, act.now),
    partsId: await writeParts(act, draft, before, parts),
    revision: draft.revision + 1,
  });
  return { draft: changed, parts, owners, stale: false };
}

async function writeParts(ctx: MutationCtx, draft: Draft, before: Parts, after: Parts): Promise<Draft["partsId"]> {
  if (before.collectedData === after.collectedData && before.conversationHistory === after.conversationHistory)
    return draft.partsId;
  const { collectedData, conversationHistory } = after;
  if (draft.partsId === null) return await ctx.db.insert("valuationParts", { collectedData, conversationHistory });
  await ctx.db.patch("valuationParts", draft.partsId, { collectedData, conversationHistory });
  return draft.partsId;
}

/**
 * Writes a change of a draft and of the counts together. No change is dated before the draft's beginning, not even
 * where the clock was put back.
 */
export async function writeDraft(
  ctx: MutationCtx,
  draft: Draft,
  change: Partial<Omit<Draft, "_id" | "_creationTime">>,
): Promise<Draft> {
  const dated = (at: number) => Math.max(at, draft.createdAt);
  const fields = {
    ...change,
    ...(change.updatedAt !== undefined && { updatedAt: dated(change.updatedAt) }),
    ...(change.completedAt != null && { completedAt: dated(change.completedAt) }),
  };
  const after = { ...draft, ...fields };
  await ctx.db.patch("valuationDrafts", draft._id, fields);
  await recordMoves(ctx, [{ before: draft, after }]);
  await draftChanged(ctx, draft, after);
  return after;
}

/** Deletes softly; a draft that is deleted already stays as it is. */
export async function removeDraft(act: Act, { reportId }: { reportId: string }): Promise<void> {
  const { draft } = await requireOwned(act, reportId);
  if (draft.deleted) return;
  await writeDraft(act, draft, {
    status: "DELETED",
    deleted: true,
    statusBeforeDeletion: draft.status,
    updatedAt: act.now,
    revision: draft.revision + 1,
  });
  await Audit.append(act, {
    action: "deleted",
    target: `report ${reportId}`,
    actor: act.principal?.kind === "user" ? { user: act.principal.user } : { name: "guest" },
    client: act.client,
  });
}

/** Takes a deletion back; a draft that is not deleted stays as it is. */
export async function restoreDraft(act: Act, { reportId }: { reportId: string }): Promise<void> {
  const { draft } = await requireOwned(act, reportId);
  if (!draft.deleted) return;
  await writeDraft(act, draft, {
    status: draft.statusBeforeDeletion ?? "IN_PROGRESS",
    deleted: false,
    statusBeforeDeletion: null,
    updatedAt: act.now,
    revision: draft.revision + 1,
  });
}
