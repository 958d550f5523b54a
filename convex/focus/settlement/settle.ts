/**
 * Settles the end of a session and its corrections: users' totals, their days, the days of goals, and the outbox entry.
 * All of them change in the caller's transaction by the difference between what the session counted for before and what
 * it counts for now, so a repeat changes nothing (focus/README §5.3, Effect). The one module that writes totals and
 * days.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import * as Events from "../../events/focus";
import type { CompletePayload } from "../../store/payload";
import { requireActivity, type Activity } from "../catalog/activities";
import { dateIn } from "../../lib/zones";
import { toQuarter } from "../days";
import { countDay } from "../catalog/goals";
import { isEnded, getPublicId, saveEnd, saveSyncSequence, type EndedSession, type Session } from "../sessionRows";
import type { Ended } from "../shapes";
import { addXp, zeros, sameXp } from "../../xp/amounts";
import { toStatus } from "../../xp/status";

/** Ends a session with these figures, or corrects an ended one. Returns the session as it is afterwards. */
export async function settleEnd(
  ctx: MutationCtx,
  session: Session,
  ended: Ended,
  { devicePlatform = session.devicePlatform, ...known }: Known & { devicePlatform?: string | null } = {},
): Promise<EndedSession> {
  const before = isEnded(session) ? session.state : null;
  const after: EndedSession = { ...session, devicePlatform, state: ended };
  if (before && isSameEnd(before, ended) && devicePlatform === session.devicePlatform) return after;
  const place = await Events.getNextOutboxPlace(ctx, session.syncSequence);
  await saveEnd(ctx, session._id, { state: ended, devicePlatform, syncSequence: place.sequence });
  const move = { before, after: ended };
  await moveTotals(ctx, session.userId, move);
  await moveDays(ctx, session.userId, move);
  const goal = await moveGoalDays(ctx, session, move, known.goal ?? (await requireGoalRow(ctx, session)));
  const user = known.user ?? (await requireOwnerRow(ctx, session));
  await Events.enqueueForStore(ctx, await buildCompletePayload(ctx, after, { ...known, goal, user }), place);
  if (before === null) await Events.sessionCompleted(ctx, after, user, goal);
  return { ...after, syncSequence: place.sequence };
}

export const isSameEnd = (a: Ended, b: Ended): boolean =>
  a.endedAt === b.endedAt &&
  a.reason === b.reason &&
  a.totalSeconds === b.totalSeconds &&
  a.focusedSeconds === b.focusedSeconds &&
  sameXp(a.xp, b.xp);

/** The end that a session has counted with until now, and the one it counts with from now on. */
type Move = { before: Ended | null; after: Ended };

async function moveTotals(ctx: MutationCtx, userId: Id<"users">, { before, after }: Move): Promise<void> {
  const difference = addXp(after.xp, before?.xp ?? zeros(), -1);
  if (sameXp(difference, zeros())) return;
  const totals = await ctx.db
    .query("focusTotals")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
  if (totals) await ctx.db.patch("focusTotals", totals._id, { xp: addXp(totals.xp, difference) });
  else await ctx.db.insert("focusTotals", { userId, xp: difference });
}

async function moveDays(ctx: MutationCtx, userId: Id<"users">, { before, after }: Move): Promise<void> {
  const same =
    before !== null &&
    before.focusedSeconds === after.focusedSeconds &&
    sameXp(before.xp, after.xp) &&
    before.endedAt === after.endedAt;
  if (same) return;
  if (before) await addToDay(ctx, userId, before, -1);
  await addToDay(ctx, userId, after, 1);
}

async function addToDay(ctx: MutationCtx, userId: Id<"users">, ended: Ended, sign: 1 | -1): Promise<void> {
  const { day, quarter } = toQuarter(ended.endedAt);
  const row = await ctx.db
    .query("focusDays")
    .withIndex("by_userId_and_day", (q) => q.eq("userId", userId).eq("day", day))
    .unique();
  const old = row?.quarters.find((entry) => entry.quarter === quarter);
  const entry = {
    quarter,
    sessions: (old?.sessions ?? 0) + sign,
    focusedSeconds: (old?.focusedSeconds ?? 0) + sign * ended.focusedSeconds,
    xp: addXp(old?.xp ?? zeros(), ended.xp, sign),
  };
  const others = row?.quarters.filter((each) => each.quarter !== quarter) ?? [];
  const quarters = entry.sessions > 0 ? [...others, entry].sort((a, b) => a.quarter - b.quarter) : others;
  if (row && quarters.length === 0) await ctx.db.delete("focusDays", row._id);
  else if (row) await ctx.db.patch("focusDays", row._id, { quarters });
  else if (quarters.length > 0) await ctx.db.insert("focusDays", { userId, day, quarters });
}

/** The date of its goal that an end counts for, or null: abandoned and empty sessions count for none. */
export const findCountedDate = (timeZone: string, ended: Ended | null): string | null =>
  ended !== null && ended.focusedSeconds > 0 && toStatus(ended.reason) === "completed"
    ? dateIn(timeZone, ended.endedAt)
    : null;

async function moveGoalDays(
  ctx: MutationCtx,
  session: Session,
  { before, after }: Move,
  unmoved: Doc<"goals">,
): Promise<Doc<"goals">> {
  let goal = unmoved;
  const [from, to] = [findCountedDate(session.timeZone, before), findCountedDate(session.timeZone, after)];
  if (from === to) return goal;
  if (from !== null) goal = await countDay(ctx, goal, from, -1);
  if (to !== null) goal = await countDay(ctx, goal, to, 1);
  return goal;
}

type ReadCtx = { db: QueryCtx["db"] };

async function requireGoalRow(ctx: ReadCtx, session: Session): Promise<Doc<"goals">> {
  const goal = await ctx.db.get("goals", session.goalId);
  if (!goal) throw new Error(`focus session ${session._id} refers to a goal that is gone`);
  return goal;
}

async function requireOwnerRow(ctx: ReadCtx, session: Session): Promise<Doc<"users">> {
  const user = await ctx.db.get("users", session.userId);
  if (!user) throw new Error(`focus session ${session._id} refers to a user who is gone`);
  return user;
}

/** Rows that the caller has read already. */
type Known = { user?: Doc<"users">; goal?: Doc<"goals">; activity?: Activity };

async function readPayloadFields(ctx: ReadCtx, session: Session, known: Known) {
  const goal = known.goal ?? (await requireGoalRow(ctx, session));
  const user = known.user ?? (await requireOwnerRow(ctx, session));
  const { uuid, title, emoji, category, status, daysTotal, daysCompleted } = goal;
  return {
    sessionId: getPublicId(session),
    userId: user.uuid,
    goal: { id: uuid, title, emoji, category, status, daysTotal, daysCompleted },
    activity: known.activity ?? (await requireActivity(ctx, session.activity.id)),
    startedAt: session.startedAt,
    devicePlatform: session.devicePlatform,
  };
}

/** The payload of the outbox entry for the session's end. */
export async function buildCompletePayload(
  ctx: ReadCtx,
  session: EndedSession,
  known: Known = {},
): Promise<CompletePayload> {
  const { endedAt, reason, totalSeconds, focusedSeconds, xp } = session.state;
  return {
    kind: "complete",
    ...(await readPayloadFields(ctx, session, known)),
    endedAt,
    totalDurationSeconds: totalSeconds,
    focusedDurationSeconds: focusedSeconds,
    xp,
    completedReason: reason,
  };
}

/** Enqueues the start of a session for the permanent store, and tells of it. */
export async function reportStart(
  ctx: MutationCtx,
  session: Session,
  place: Events.OutboxPlace,
  known: Required<Known>,
): Promise<void> {
  await Events.sessionStarted(ctx, session, known.user, known.goal);
  await Events.enqueueForStore(ctx, { kind: "register", ...(await readPayloadFields(ctx, session, known)) }, place);
}

/** Enqueues the end of a session for the permanent store once more. */
export async function enqueueEndAgain(ctx: MutationCtx, session: EndedSession): Promise<void> {
  const place = await Events.getNextOutboxPlace(ctx, session.syncSequence);
  await saveSyncSequence(ctx, session._id, place.sequence);
  await Events.enqueueForStore(ctx, await buildCompletePayload(ctx, session), place);
}
