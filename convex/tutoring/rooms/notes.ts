/** The notes that a room shares. The one module that writes `tutoringNotes`. */
import { patchApply, patchMake } from "diff-match-patch-es";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserAct } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { requireSession } from "../booking/sessionRows";
import { NOTES_MAX } from "../rules";
import { requireOpen, requireRoomPart } from "./access";

type ReadCtx = { db: QueryCtx["db"] };
export type Notes = Pick<Doc<"tutoringNotes">, "text" | "revision">;

const findNotes = (ctx: ReadCtx, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringNotes")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

export async function getNotes(ctx: ReadCtx, sessionId: Id<"tutoringSessions">): Promise<Notes> {
  const { text, revision } = (await findNotes(ctx, sessionId)) ?? { text: "", revision: 0 };
  return { text, revision };
}

/**
 * What somebody made of `base` (→ `text`), done to `present`, which others may have changed meanwhile. What finds its
 * place no more stands at the end, so that nothing that was typed is lost.
 */
export function mergeTexts(base: string, text: string, present: string): string {
  if (present === base) return text;
  const patches = patchMake(base, text);
  const [merged, applied] = patchApply(patches, present) as [string, boolean[]];
  const lost = patches.flatMap(({ diffs }, index) =>
    applied[index] ? [] : [diffs.flatMap(([kind, part]) => (kind === 1 ? [part] : [])).join("")],
  );
  return [merged, ...lost.filter((part) => part.trim() !== "")].join("\n");
}

/** Writes a change of the notes, merged with what others have changed since `base`. */
export async function applyToNotes(
  act: UserAct,
  { id, base, text }: { id: number; base: string; text: string },
): Promise<Notes> {
  const session = await requireSession(act, id);
  await requireRoomPart(act, session, act.principal.user._id);
  await requireOpen(act, session, act.now);
  const row = await findNotes(act, session._id);
  const present = row?.text ?? "";
  const merged = mergeTexts(base, text, present);
  if (merged.length > NOTES_MAX)
    throw invalid({ text: [`Together with others' changes more than ${NOTES_MAX} characters.`] });
  if (merged === present) return { text: present, revision: row?.revision ?? 0 };
  const after = { text: merged, revision: (row?.revision ?? 0) + 1 };
  if (row) await act.db.patch("tutoringNotes", row._id, after);
  else await act.db.insert("tutoringNotes", { sessionId: session._id, ...after });
  return after;
}

export async function deleteNotes(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const row = await findNotes(ctx, sessionId);
  if (row) await ctx.db.delete("tutoringNotes", row._id);
}
