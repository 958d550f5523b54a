/**
 * The notes that everybody in a room writes together, live. Changes are merged, not overwritten: a page sends what it
 * started from and what it has, and gets what both came to.
 */
import { v } from "convex/values";
import { liveCommand, userQuery } from "../identity/builders";
import { requireSession } from "./booking/sessionRows";
import * as Commands from "./commands";
import { requireRoomPart } from "./rooms/access";
import { getNotes } from "./rooms/notes";

export { experimental_reuseContext } from "../lib/contexts";

const vNotes = v.object({ text: v.string(), revision: v.number() });

/** Also when the room is closed. `FORBIDDEN` without a part in it. */
export const get = userQuery({
  args: { id: v.number() },
  returns: vNotes,
  handler: async (ctx, { id }) => {
    const session = await requireSession(ctx, id);
    await requireRoomPart(ctx, session, ctx.principal.user._id);
    return await getNotes(ctx, session._id);
  },
});

/** → the notes after the change. */
export const apply = liveCommand(Commands.applyToNotes, { returns: vNotes, present: (notes) => notes });
