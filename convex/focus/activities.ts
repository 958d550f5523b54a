import { v } from "convex/values";
import { userMutation, userQuery } from "../identity/builders";
import { createActivity, listActivities } from "./catalog/activities";

const fields = { name: v.string(), emoji: v.string(), category: v.string(), color: v.string() };

/** The built-in activities and those that users have added, by name. */
export const list = userQuery({
  args: {},
  returns: v.array(v.object({ id: v.string(), ...fields })),
  handler: (ctx) => listActivities(ctx),
});

/** Adds an activity for everybody and returns its id; one that is alike in everything is not added twice. */
export const create = userMutation({
  args: fields,
  returns: v.string(),
  handler: (ctx, args) => createActivity(ctx, ctx.principal.user._id, args),
});
