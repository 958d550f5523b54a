/**
 * Picks for a viewer what they see of each stored card. One row is read per session shown, and one range for the
 * viewer's own parts in them; of each session the viewer gives, the full card; of each they asked for or take part in,
 * the session's row, and with a seat its materials. So other people's requests touch nobody's lists but the creator's.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { linkFiles } from "../files/links";
import { decodeCard, encodeSession, hasFiles } from "../rest/wire";
import { showTo } from "./audience";
import { assembleView, listMaterialRows } from "./cards";
import type { LinkedSession, SessionView } from "./shapes";

type ReadCtx = { db: QueryCtx["db"] };
type Card = Doc<"tutoringCards">;
type Member = Doc<"tutoringMembers">;

/** The sessions as the viewer sees them, with the viewer's own file links. */
export const listViews = async (viewer: Viewer, cards: Card[]): Promise<LinkedSession[]> => {
  const partIn = await findParts(viewer, cards);
  return await Promise.all(
    cards.map(async (card) => await linkMaterials(viewer, await getView(viewer, card, await partIn(card)))),
  );
};

/** As `listViews`, as texts: most cards have the very text that the viewer sees. */
export async function encodeCards(viewer: Viewer, cards: Card[]): Promise<string[]> {
  const partIn = await findParts(viewer, cards);
  return await Promise.all(
    cards.map(async (card) => {
      const part = await partIn(card);
      const text = part === null ? card.text : part === "creator" ? await getFullText(viewer, card) : null;
      if (text !== null && !hasFiles(text)) return text;
      return encodeSession(await linkMaterials(viewer, await getView(viewer, card, part)));
    }),
  );
}

/** A session as everybody may see it who is signed in; no file is linked in it. */
export async function getPublicView(ctx: ReadCtx, card: Card): Promise<SessionView> {
  if (card.text !== null) return decodeCard(card.text);
  return showTo(await assembleView(ctx, await getSession(ctx, card)), { kind: "anyone" });
}

/** A viewer's part in a session: they give it, they asked for a seat or have one, or none. */
type Part = "creator" | Member | null;

async function getView(ctx: ReadCtx, card: Card, part: Part): Promise<SessionView> {
  if (part === null) return await getPublicView(ctx, card);
  if (part === "creator") {
    const text = await getFullText(ctx, card);
    return text === null ? await assembleView(ctx, await getSession(ctx, card)) : decodeCard(text);
  }
  const shared = await getPublicView(ctx, card);
  const materials = part.seat && shared.materials.length > 0 ? await listMaterialRows(ctx, card.sessionId) : [];
  return showTo(shared, { kind: "member", session: await getSession(ctx, card), member: part, materials });
}

const getFullText = async (ctx: ReadCtx, card: Card): Promise<string | null> =>
  (await ctx.db.get("tutoringFullCards", card.fullCardId))?.text ?? null;

const linkMaterials = async (viewer: Viewer, view: SessionView): Promise<LinkedSession> => ({
  ...view,
  materials: await linkFiles(viewer, view.materials),
});

async function getSession(ctx: ReadCtx, { sessionId }: Card): Promise<Doc<"tutoringSessions">> {
  const session = await ctx.db.get("tutoringSessions", sessionId);
  if (!session) throw new Error(`tutoring session ${sessionId} is missing`);
  return session;
}

/** A viewer's parts in the sessions of one page are read as one range, unless there are more than this. */
const PARTS_MAX = 1_000;

async function findParts({ db, principal }: Viewer, cards: Card[]): Promise<(card: Card) => Promise<Part>> {
  const userId = principal.user._id;
  const others = cards.filter(({ creatorId }) => creatorId !== userId);
  const memberIn = await findMemberships({ db }, userId, others);
  return async (card) => (card.creatorId === userId ? "creator" : await memberIn(card));
}

async function findMemberships(
  ctx: ReadCtx,
  userId: Id<"users">,
  cards: Card[],
): Promise<(card: Card) => Promise<Member | null>> {
  if (cards.length === 0) return async () => null;
  const times = cards.map(({ sessionCreatedAt }) => sessionCreatedAt);
  const rows = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_userId_and_sessionCreatedAt", (q) =>
      q
        .eq("userId", userId)
        .gte("sessionCreatedAt", Math.min(...times))
        .lte("sessionCreatedAt", Math.max(...times)),
    )
    .take(PARTS_MAX);
  if (rows.length < PARTS_MAX) {
    const bySession = new Map(rows.map((row) => [row.sessionId, row]));
    return async ({ sessionId }) => bySession.get(sessionId) ?? null;
  }
  return async ({ sessionId }) =>
    await ctx.db
      .query("tutoringMembers")
      .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId).eq("userId", userId))
      .unique();
}
