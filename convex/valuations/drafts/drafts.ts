/**
 * Drafts: who may see one, and every way in which one changes. JSON fields are JSON text. The one module that writes
 * `valuationDrafts` and `valuationParts`; drafts that are written many at a time are counted by the caller.
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { AppError, conflict, forbidden, invalid, notFound } from "../../lib/errors";
import { randomUuid } from "../../lib/ids";
import { mergePatch } from "./jsonText";
import { recordMoves } from "../counts/ledger";
import type { Owners } from "../guests/owners";
import {
  completedAt,
  fits,
  MAX_BYTES,
  prefillOf,
  REPORT_ID_PATTERN,
  REPORT_ID_RULE,
  type CardFields,
  type JsonField,
  type JsonObject,
  type Status,
  type View,
} from "../rules";

type ReadCtx = { db: QueryCtx["db"] };
export type Draft = Doc<"valuationDrafts">;
export type Parts = Pick<Doc<"valuationParts">, "collectedData" | "conversationHistory">;

const byReportId = (ctx: ReadCtx, reportId: string) =>
  ctx.db
    .query("valuationDrafts")
    .withIndex("by_reportId", (q) => q.eq("reportId", reportId))
    .unique();

export const unknownDraft = () => notFound("Session not found");
const notYours = () => forbidden("Unauthorized");

/** The caller's draft, deleted ones included. `NOT_FOUND` when unknown, `FORBIDDEN` when someone else's. */
async function requireOwned(ctx: ReadCtx, owners: Owners, reportId: string): Promise<Draft> {
  const draft = await byReportId(ctx, reportId);
  if (!draft) throw unknownDraft();
  if (!owners.keys.includes(draft.owner)) throw draft.deleted ? unknownDraft() : notYours();
  return draft;
}

/** As `requireOwned`, and a deleted draft is unknown. */
export async function requireDraft(ctx: ReadCtx, owners: Owners, reportId: string): Promise<Draft> {
  const draft = await requireOwned(ctx, owners, reportId);
  if (draft.deleted) throw unknownDraft();
  return draft;
}

export const NO_PARTS: Parts = { collectedData: null, conversationHistory: null };

export async function partsOf(ctx: ReadCtx, draft: Draft): Promise<Parts> {
  return (draft.partsId && (await ctx.db.get("valuationParts", draft.partsId))) || NO_PARTS;
}

/** The form as values, for comparing; what is kept stays text. */
export const formObject = (text: string | null): JsonObject => (text === null ? {} : (JSON.parse(text) as JsonObject));

function checkSize(field: JsonField, text: string | null): void {
  if (text !== null && !fits(field, text))
    throw new AppError("TOO_LARGE", `${field} is larger than ${MAX_BYTES[field] / 1024} KiB.`, {
      fields: { [field]: [`Must not be larger than ${MAX_BYTES[field] / 1024} KiB.`] },
    });
}

export type NewDraft = {
  reportId?: string | undefined;
  currentView?: View | undefined;
  formData?: string | null | undefined;
  collectedData?: string | null | undefined;
  conversationHistory?: string | null | undefined;
  businessCardToken?: string | null | undefined;
  /** The card of that token, when it is known. */
  card?: CardFields | null | undefined;
};

/**
 * A form with what a card gives it, and that alone; null when the two together are too large, for a card is no
 * obstacle.
 */
export function filledFrom(formData: string | null, card: CardFields): { formData: string; prefill: string } | null {
  const prefill = JSON.stringify(prefillOf(formObject(formData), card));
  const filled = mergePatch(formData, prefill);
  return fits("form_data", filled) ? { formData: filled, prefill } : null;
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
 * Creates a draft of `owner`. A `reportId` that the caller already has comes back unchanged; anyone else's, and a
 * deleted one, is `CONFLICT`. `TOO_LARGE` when a JSON field is over its limit.
 */
export async function createDraft(
  ctx: MutationCtx,
  owners: Owners,
  input: NewDraft,
  now: number,
): Promise<{ draft: Draft; created: boolean }> {
  const [owner] = owners.keys;
  if (owner === undefined) throw notYours();
  if (input.reportId !== undefined) {
    if (!REPORT_ID_PATTERN.test(input.reportId)) throw invalid({ report_id: [`Must be ${REPORT_ID_RULE}`] });
    const existing = await byReportId(ctx, input.reportId);
    if (existing && !existing.deleted && owners.keys.includes(existing.owner))
      return { draft: existing, created: false };
    if (existing) throw conflict("Report already exists");
  }
  const { formData = null, collectedData = null, conversationHistory = null, card = null } = input;
  checkSize("form_data", formData);
  checkSize("collected_data", collectedData);
  checkSize("conversation_history", conversationHistory);
  const filled = card && filledFrom(formData, card);
  const draft = await insertDraft(ctx, {
    uuid: randomUuid(),
    reportId: input.reportId ?? randomUuid(),
    owner,
    status: "IN_PROGRESS",
    deleted: false,
    statusBeforeDeletion: null,
    currentView: input.currentView ?? "MANUAL",
    createdAt: now,
    updatedAt: now,
    completedAt: null,
    formData: filled ? filled.formData : formData,
    valuationResult: null,
    parts: { collectedData, conversationHistory },
    businessCardToken: input.businessCardToken ?? null,
    prefilledFromCard: filled !== null,
    prefill: filled && filled.prefill,
    revision: 1,
  });
  await recordMoves(ctx, [{ before: null, after: draft }]);
  return { draft, created: true };
}

export type DraftChange = {
  currentView?: View | undefined;
  /** Merge patches. */
  formData?: string | undefined;
  collectedData?: string | undefined;
  /** These replace. */
  conversationHistory?: string | undefined;
  valuationResult?: string | undefined;
  status?: Exclude<Status, "DELETED"> | undefined;
};

const patched = (current: string | null, patch: string): string | null => orNull(mergePatch(current, patch));
const orNull = (text: string): string | null => (text === "null" ? null : text);

/** Applies a change; every change is one revision. `TOO_LARGE`, with nothing saved, when a field outgrows its limit. */
export async function updateDraft(
  ctx: MutationCtx,
  draft: Draft,
  change: DraftChange,
  now: number,
): Promise<{ draft: Draft; parts: Parts }> {
  const before = await partsOf(ctx, draft);
  const formData = change.formData === undefined ? draft.formData : patched(draft.formData, change.formData);
  const valuationResult = change.valuationResult === undefined ? draft.valuationResult : orNull(change.valuationResult);
  const parts: Parts = {
    collectedData:
      change.collectedData === undefined ? before.collectedData : patched(before.collectedData, change.collectedData),
    conversationHistory:
      change.conversationHistory === undefined ? before.conversationHistory : orNull(change.conversationHistory),
  };
  checkSize("form_data", formData);
  checkSize("valuation_result", valuationResult);
  checkSize("collected_data", parts.collectedData);
  checkSize("conversation_history", parts.conversationHistory);
  const status = change.status ?? draft.status;
  const fields = {
    status,
    currentView: change.currentView ?? draft.currentView,
    updatedAt: now,
    completedAt: completedAt(draft, status, now),
    formData,
    valuationResult,
    partsId: await writeParts(ctx, draft, before, parts),
    revision: draft.revision + 1,
  };
  return { draft: await writeDraft(ctx, draft, fields), parts };
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
  return after;
}

/** Deletes softly; a draft that is deleted already stays as it is. Returns whether anything changed. */
export async function removeDraft(ctx: MutationCtx, owners: Owners, reportId: string, now: number): Promise<boolean> {
  const draft = await requireOwned(ctx, owners, reportId);
  if (draft.deleted) return false;
  await writeDraft(ctx, draft, {
    status: "DELETED",
    deleted: true,
    statusBeforeDeletion: draft.status,
    updatedAt: now,
    revision: draft.revision + 1,
  });
  return true;
}

/** Takes a deletion back; a draft that is not deleted stays as it is. */
export async function undoRemoval(ctx: MutationCtx, owners: Owners, reportId: string, now: number): Promise<Draft> {
  const draft = await requireOwned(ctx, owners, reportId);
  if (!draft.deleted) return draft;
  return await writeDraft(ctx, draft, {
    status: draft.statusBeforeDeletion ?? "IN_PROGRESS",
    deleted: false,
    statusBeforeDeletion: null,
    updatedAt: now,
    revision: draft.revision + 1,
  });
}
