/**
 * Cards as each viewer sees them. One row is read per session shown, and one range for the viewer's own parts in them;
 * of each session the viewer gives, the full card; of each they asked for or take part in, the session's row, and with
 * a seat its materials. So other people's requests touch nobody's lists but the creator's.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { UserPrincipal } from "../../identity/principal";
import { assemble, materialsOf } from "./cards";
import { personalLinks } from "../files/links";
import { publicView, viewOfMember, type WireSession } from "./view";

type ReadCtx = { db: QueryCtx["db"] };
type Card = Doc<"tutoringCards">;
type Member = Doc<"tutoringMembers">;

/** The JSON text of each card as the viewer sees it, with the viewer's own file links. */
export async function textsFor(ctx: ReadCtx, { user }: UserPrincipal, cards: Card[]): Promise<string[]> {
  const partIn = await partsOf(ctx, user._id, cards);
  return await Promise.all(
    cards.map(async (card) => {
      if (card.creatorId === user._id) return await personalLinks(ctx, user, await fullText(ctx, card));
      const member = await partIn(card);
      return member ? await personalLinks(ctx, user, await memberText(ctx, card, member)) : await publicText(ctx, card);
    }),
  );
}

/** As `textsFor`, parsed, for the live functions. */
export const viewsFor = async (ctx: ReadCtx, principal: UserPrincipal, cards: Card[]): Promise<WireSession[]> =>
  (await textsFor(ctx, principal, cards)).map((text) => JSON.parse(text) as WireSession);

/** A session as everybody may see it who is signed in. */
export const publicText = async (ctx: ReadCtx, card: Card): Promise<string> =>
  card.text ?? JSON.stringify(publicView(await assemble(ctx, await sessionOf(ctx, card))));

async function fullText(ctx: ReadCtx, card: Card): Promise<string> {
  const full = await ctx.db.get("tutoringFullCards", card.fullCardId);
  return full?.text ?? JSON.stringify(await assemble(ctx, await sessionOf(ctx, card)));
}

async function memberText(ctx: ReadCtx, card: Card, member: Member): Promise<string> {
  const shared = JSON.parse(await publicText(ctx, card)) as WireSession;
  const materials = member.seat && shared.materials.length > 0 ? await materialsOf(ctx, card.sessionId) : [];
  return JSON.stringify(viewOfMember(shared, await sessionOf(ctx, card), member, materials));
}

async function sessionOf(ctx: ReadCtx, { sessionId }: Card): Promise<Doc<"tutoringSessions">> {
  const session = await ctx.db.get("tutoringSessions", sessionId);
  if (!session) throw new Error(`tutoring session ${sessionId} is missing`);
  return session;
}

/** A viewer's parts in the sessions of one page are read as one range, unless there are more than this. */
const PARTS_MAX = 1_000;

async function partsOf(
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
