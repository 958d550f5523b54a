/**
 * Drafts over the live protocol (valuations/README, "Live functions"). Guests of the web application are anonymous
 * users, so every caller here is a user. JSON arguments are plain values or JSON text (drafts/liveJson).
 */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { liveCommand, userQuery } from "../identity/builders";
import { conflict } from "../lib/errors";
import { hashSha256 } from "../lib/ids";
import { pageSize } from "../lib/paging/pages";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import { createDraft, removeDraft, requireDraft, restoreDraft, updateDraft } from "./drafts/drafts";
import { draftChange, newDraft, STATUS_FILTERS, statusFilter } from "./drafts/input";
import { listMerged, queryDrafts } from "./drafts/lists";
import { liveJson } from "./drafts/liveJson";
import { showDraft, showSummary, vFull, vSummary } from "./drafts/liveShapes";
import { claimGuest } from "./guests/claim";
import { listKeys } from "./guests/owners";
import { LIST_MAX } from "./rules";

export { experimental_reuseContext } from "../lib/contexts";

const listed = z.object({ status: statusFilter });

/** The caller's drafts, last changed first. `status` as in valuations/README §4.1; `deleted` yields none. */
export const list = userQuery({
  args: { status: v.optional(v.string()), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vSummary),
  handler: async (ctx, { paginationOpts, ...filter }) => {
    const status = STATUS_FILTERS[parse(listed, filter).status];
    if (status === "DELETED") return { page: [], isDone: true, continueCursor: "" };
    const page = { ...paginationOpts, numItems: pageSize(paginationOpts.numItems, LIST_MAX) };
    const [key = "", ...settling] = listKeys(ctx.principal.user);
    const result =
      settling.length === 0
        ? await queryDrafts(ctx, key, status).paginate(page)
        : await listMerged(ctx, [key, ...settling], status, page);
    return { ...result, page: result.page.map(showSummary) };
  },
});

/** One draft, whole. */
export const get = userQuery({
  args: { reportId: v.string() },
  returns: vFull,
  handler: async (ctx, { reportId }) => showDraft(await requireDraft(ctx, reportId)),
});

const LIVE_JSON = {
  formData: liveJson("object").optional(),
  collectedData: liveJson("object").optional(),
  conversationHistory: liveJson("array").optional(),
};
const ofReport = z.strictObject({ reportId: z.string() });

/**
 * Creates a draft, or returns the caller's own of that `reportId`. A card's fields follow as soon as it has been read.
 */
export const create = liveCommand(
  { input: newDraft.extend(LIVE_JSON), run: (act, input) => createDraft(act, input, { attempt: 0 }) },
  { returns: vFull, present: showDraft },
);

/**
 * Changes a draft as PATCH does. With `expectedRevision` other than the current one it is `CONFLICT`, carrying
 * `revision` and `session` as they are, and nothing changes.
 */
export const update = liveCommand(
  {
    input: draftChange.extend({
      ...ofReport.shape,
      ...LIVE_JSON,
      valuationResult: liveJson("any").optional(),
      expectedRevision: z.number().optional(),
    }),
    run: async (act, { expectedRevision, ...change }) => {
      const revisions = expectedRevision === undefined ? undefined : [expectedRevision];
      const { stale, ...own } = await updateDraft(act, { ...change, revisions });
      if (stale) throw conflict("Version conflict", { revision: own.draft.revision, session: showDraft(own) });
      return own;
    },
  },
  { returns: vFull, present: showDraft },
);

/** Deletes a draft; repeating it changes nothing. */
export const remove = liveCommand({ input: ofReport, run: removeDraft });

/** Takes a deletion back. */
export const restore = liveCommand({ input: ofReport, run: restoreDraft });

/**
 * Moves the drafts of a guest id into the caller's account, and returns how many moved; 0 for an id that is not in
 * force.
 */
export const claim = liveCommand(
  {
    input: z.strictObject({ guestSessionId: z.string() }),
    run: async (act, { guestSessionId }) => await claimGuest(act, await hashSha256(guestSessionId)),
  },
  { returns: v.number(), present: (moved) => moved },
);
