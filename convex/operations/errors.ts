/** Failures for the operations page, and the report by which pages tell of theirs. */
import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { permissionMutation, permissionQuery, userMutation } from "../identity/builders";
import { requireToken } from "../identity/limits/limits";
import { clipped } from "../lib/text";
import { deleteGroup, listGroups, recordError } from "./errorGroups";
import { VERSION } from "./version";

export { experimental_reuseContext } from "../lib/contexts";

const LISTED_MAX = 100;

/** The kinds of errors that were seen last, newest first. Times are ms since the epoch. */
export const list = permissionQuery("view_operations")({
  args: {},
  returns: v.array(
    v.object({
      id: v.string(),
      source: v.union(v.literal("server"), v.literal("browser")),
      name: v.string(),
      message: v.string(),
      /** The endpoint or page of the last one. */
      place: v.string(),
      count: v.number(),
      firstAt: v.number(),
      lastAt: v.number(),
      version: v.string(),
      sample: v.string(),
    }),
  ),
  handler: async (ctx) =>
    (await listGroups(ctx, LISTED_MAX)).map(
      ({ _id, source, name, message, place, count, firstAt, lastAt, version, sample }) => ({
        id: _id,
        source,
        name,
        message,
        place,
        count,
        firstAt,
        lastAt,
        version,
        sample,
      }),
    ),
});

/** Takes a kind off the list. `NOT_FOUND` when it is gone. */
export const dismiss = permissionMutation("view_operations")({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await deleteGroup(ctx, id);
    return null;
  },
});

const TEXT_MAX = 8_000;

/** A failure in a browser. `place` is the page's name, not its address. `RATE_LIMITED` beyond ten a minute. */
export const report = userMutation({
  args: {
    name: v.string(),
    message: v.string(),
    stack: v.optional(v.string()),
    place: v.string(),
    version: v.optional(v.string()),
  },
  returns: v.null(),
  handler: async (act, { name, message, stack = "", place, version = VERSION }) => {
    await requireToken(act, "errorReports", `user/${act.principal.user._id}`);
    await recordError(act, {
      name: clipped(name, 200),
      message: clipped(message, TEXT_MAX),
      stack: clipped(stack, TEXT_MAX),
      place: clipped(place.split(/[?#]/)[0]!, 100),
      version: clipped(version, 50),
      source: "browser",
      count: 1,
    });
    return null;
  },
});

/** Failures of REST requests, as `rest/errors/failures.ts` hands them over. */
export const save = internalMutation({
  args: {
    failures: v.array(
      v.object({ name: v.string(), message: v.string(), stack: v.string(), place: v.string(), count: v.number() }),
    ),
  },
  returns: v.null(),
  handler: async (ctx, { failures }) => {
    for (const failure of failures) await recordError(ctx, { ...failure, source: "server", version: VERSION });
    return null;
  },
});
