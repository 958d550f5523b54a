import { v } from "convex/values";
import { liveCommand, userQuery } from "../identity/builders";
import { listActivities } from "./catalog/activities";
import * as Commands from "./catalog/commands";

export { experimental_reuseContext } from "../lib/contexts";

const fields = { name: v.string(), emoji: v.string(), category: v.string(), color: v.string() };

/** The built-in activities and those that users have added, by name. */
export const list = userQuery({
  args: {},
  returns: v.array(v.object({ id: v.string(), ...fields })),
  handler: (ctx) => listActivities(ctx),
});

/** Adds an activity for everybody and returns its id; one that is alike in everything is not added twice. */
export const create = liveCommand(Commands.createActivity, { returns: v.string(), present: (id) => id });
