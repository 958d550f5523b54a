/**
 * The one module that writes what lists are read from: cards, their counts by kind, and the blocks by which a rank is
 * found (`tutoringShelves`, see lib/paging/rank). Every change of a session ends with `refreshCard`,
 * or `addRequestToCard` after a request, in the same transaction. Why cards hold REST's text: README, "Cards keep the
 * text of the answer".
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { requireSeatFigures } from "../booking/seatFigures";
import { MATERIALS_MAX, toSubjectKey } from "../rules";
import type { Level, Status } from "../shapes";
import { appendRequest, encodeCard } from "../rest/wire";
import { showTo } from "./audience";
import type { SessionView } from "./shapes";
import { showRequest, showSession, type Asking } from "./view";
import type { Session } from "../booking/sessionRows";

type ReadCtx = { db: QueryCtx["db"] };

/** Sessions with more members get no text when they change; it is put together when read. So are long texts, below. */
export const MEMBERS_INLINE = 128;
/**
 * The full text grows with every request, and is written with it: beyond this many members it costs more than it saves.
 */
export const MEMBERS_IN_FULL_TEXT = 24;
const TEXT_MAX_CHARACTERS = 200_000;
/** Cards of a block. */
export const BLOCK_SIZE = 100;
/** One answer holds at most as many members of a session; seats are bounded, requests are not. */
const MEMBERS_READ_MAX = 4_000;

/** A session put together from its rows: seat figures, and 2 ranges, one row for each member and material. */
export async function assembleView(ctx: ReadCtx, session: Session): Promise<SessionView> {
  const members = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", session._id))
    .take(MEMBERS_READ_MAX);
  const { waiting } = await requireSeatFigures(ctx, session._id);
  return showSession(session, { members, materials: await listMaterialRows(ctx, session._id), waiting });
}

export const listMaterialRows = (
  ctx: ReadCtx,
  sessionId: Id<"tutoringSessions">,
): Promise<Doc<"tutoringMaterials">[]> =>
  ctx.db
    .query("tutoringMaterials")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(MATERIALS_MAX);

const boundText = (text: string): string | null => (text.length > TEXT_MAX_CHARACTERS ? null : text);

async function encodeTexts(ctx: ReadCtx, session: Session, memberCount: number) {
  if (memberCount > MEMBERS_INLINE) return { text: null, fullText: null };
  const full = await assembleView(ctx, session);
  return {
    text: boundText(encodeCard(showTo(full, { kind: "anyone" }))),
    fullText: memberCount > MEMBERS_IN_FULL_TEXT ? null : boundText(encodeCard(full)),
  };
}

export const getCard = async (ctx: ReadCtx, sessionId: Id<"tutoringSessions">): Promise<Doc<"tutoringCards">> => {
  const card = await ctx.db
    .query("tutoringCards")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();
  if (!card) throw new Error(`tutoring session ${sessionId} has no card`);
  return card;
};

/** Puts a new session on the lists. */
export async function addCard(ctx: MutationCtx, session: Session): Promise<void> {
  const { text, fullText } = await encodeTexts(ctx, session, 0);
  const last = await ctx.db
    .query("tutoringShelves")
    .withIndex("by_tenantId", (q) => q.eq("tenantId", session.tenantId))
    .order("desc")
    .first();
  const open = last && last.placed < BLOCK_SIZE ? last : null;
  const blockId =
    open?._id ??
    (await ctx.db.insert("tutoringShelves", { tenantId: session.tenantId, firstCardAt: 0, count: 1, placed: 1 }));
  const cardId = await ctx.db.insert("tutoringCards", {
    sessionId: session._id,
    tenantId: session.tenantId,
    creatorId: session.creatorId,
    sessionCreatedAt: session._creationTime,
    ...getKind(session),
    shelfId: blockId,
    fullCardId: await ctx.db.insert("tutoringFullCards", { sessionId: session._id, text: fullText }),
    text,
  });
  if (open) await ctx.db.patch("tutoringShelves", open._id, { count: open.count + 1, placed: open.placed + 1 });
  else
    await ctx.db.patch("tutoringShelves", blockId, {
      firstCardAt: (await ctx.db.get("tutoringCards", cardId))!._creationTime,
    });
  await changeCount(ctx, session.tenantId, getKind(session), 1);
}

/** Brings a session's cards up to date after any change of it, its members or its materials; `session` as it is now. */
export async function refreshCard(ctx: MutationCtx, session: Session, memberCount: number): Promise<void> {
  const card = await getCard(ctx, session._id);
  const { text, fullText } = await encodeTexts(ctx, session, memberCount);
  const kind = getKind(session);
  const sameKind = kind.status === card.status && kind.level === card.level && kind.subjectKey === card.subjectKey;
  if (!sameKind || text !== card.text) await ctx.db.patch("tutoringCards", card._id, { text, ...kind });
  await ctx.db.patch("tutoringFullCards", card.fullCardId, { text: fullText });
  if (sameKind) return;
  await changeCount(ctx, session.tenantId, card, -1);
  await changeCount(ctx, session.tenantId, kind, 1);
}

/** As `refreshCard` after one more request: only the full text shows it, so no other member is read. */
export async function addRequestToCard(
  ctx: MutationCtx,
  session: Session,
  member: Asking,
  memberCount: number,
): Promise<void> {
  // From here on there is no full text that a request could change.
  if (memberCount > MEMBERS_IN_FULL_TEXT + 1) return;
  const card = await ctx.db
    .query("tutoringFullCards")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", session._id))
    .unique();
  if (card?.text == null) return;
  const asked = showRequest(session, member);
  await ctx.db.patch("tutoringFullCards", card._id, {
    text: memberCount > MEMBERS_IN_FULL_TEXT ? null : boundText(appendRequest(card.text, asked)),
  });
}

/** Takes a session off the lists. */
export async function removeCard(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const card = await getCard(ctx, sessionId);
  const block = await ctx.db.get("tutoringShelves", card.shelfId);
  if (block && block.count <= 1) await ctx.db.delete("tutoringShelves", block._id);
  else if (block) await ctx.db.patch("tutoringShelves", block._id, { count: block.count - 1 });
  await changeCount(ctx, card.tenantId, card, -1);
  await ctx.db.delete("tutoringFullCards", card.fullCardId);
  await ctx.db.delete("tutoringCards", card._id);
}

type Kind = { status: Status; level: Level; subjectKey: string };

const getKind = (session: Session): Kind => ({
  status: session.status,
  level: session.level,
  subjectKey: toSubjectKey(session.subject),
});

async function changeCount(ctx: MutationCtx, tenantId: Id<"tenants">, kind: Kind, by: 1 | -1): Promise<void> {
  const { status, level } = kind;
  for (const key of [null, kind.subjectKey]) {
    const row = await ctx.db
      .query("tutoringCounts")
      .withIndex("by_tenantId_and_subjectKey_and_status_and_level", (q) =>
        q.eq("tenantId", tenantId).eq("subjectKey", key).eq("status", status).eq("level", level),
      )
      .unique();
    if (!row) await ctx.db.insert("tutoringCounts", { tenantId, subjectKey: key, status, level, count: by });
    else if (row.count + by === 0) await ctx.db.delete("tutoringCounts", row._id);
    else await ctx.db.patch("tutoringCounts", row._id, { count: row.count + by });
  }
}
