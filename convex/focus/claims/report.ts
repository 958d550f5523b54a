/**
 * Sessions that clients and other hosts report over REST (README §5.2, 5.3). A user's credential may report the
 * user's own, within what could have been earned; the service key is trusted.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { Principal, UserPrincipal } from "../../identity/principal";
import { AppError, forbidden, invalid, unauthenticated } from "../../lib/errors";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { nextOutboxPlace } from "../../events/focus";
import { getUserByUuid } from "../../identity/users";
import { getActivity, type Activity } from "../catalog/activities";
import { bringBack, findDeparted } from "../history/departed";
import { checking } from "../fields";
import { getGoal } from "../catalog/goals";
import * as Ledger from "../ledger/settle";
import * as Live from "../live/stateMachine";
import { currentRates } from "../rating/currentRates";
import * as Rules from "../rules";
import { DIMENSIONS } from "../../xp/amounts";
import { clockOf, findSession, insertSession, isEnded, isLive, type EndedSession, type Session } from "../sessionRows";
import type { Ended } from "../shapes";

/** Clocks of honest clients differ by less. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** The rows that a session refers to, by public ids; `startedAt` in ms. */
export type References = { userId: string; goalId: string; activityId: string; startedAt: number };

/**
 * The end that the permanent store holds of a session: `undefined` when it has not been asked, null when it has none.
 */
export type Archived = Ended | null | undefined;

type Reporter = UserPrincipal | { kind: "service" };

function requireReporter(principal: Principal): Reporter {
  if (principal?.kind !== "user" && principal?.kind !== "service") throw unauthenticated();
  return principal;
}

const anothers = () => forbidden("This session belongs to another user.");

const requireOwn = (reporter: Reporter, owns: (user: Doc<"users">) => boolean): void => {
  if (reporter.kind === "user" && !owns(reporter.user)) throw anothers();
};

/** 403 unless the session is the reporter's, and the service key's that of the user it names. */
async function requireOwner(
  ctx: MutationCtx,
  reporter: Reporter,
  ownerId: Id<"users">,
  userId: string | undefined,
): Promise<void> {
  requireOwn(reporter, ({ _id }) => _id === ownerId);
  if (userId === undefined) return;
  const owner = await ctx.db.get("users", ownerId);
  if (owner?.uuid !== userId.toLowerCase()) throw anothers();
}

type Sought = { sessionId: string; userId: string | undefined; archived: Archived };

/**
 * The reporter's session of that id, brought back if it has left for the permanent store, or null. Only an action can
 * look there, so the transaction is given up with `askStore` and tried again with what was found.
 */
async function findOrBringBack(
  ctx: MutationCtx,
  reporter: Reporter,
  { sessionId, userId, archived }: Sought,
): Promise<Session | null> {
  const session = await findSession(ctx, sessionId);
  const departed = session ? null : await findDeparted(ctx, sessionId);
  const known = session ?? departed;
  if (known) await requireOwner(ctx, reporter, known.userId, userId);
  if (!departed) return session;
  if (archived) return await bringBack(ctx, departed, archived);
  if (archived === undefined)
    throw new AppError("UNAVAILABLE", "The permanent store has to be asked first.", { askStore: true });
  throw new AppError("UNAVAILABLE", "The permanent store does not have this session, although it once did.");
}

/** Registers a session that another host runs. A session that is known already stays as it is. */
export async function registerSession(
  ctx: MutationCtx,
  principal: Principal,
  input: References & { sessionId: string; devicePlatform: string | null; archived: Archived },
  now: number,
): Promise<{ session: Session; created: boolean }> {
  const reporter = requireReporter(principal);
  requireOwn(reporter, ({ uuid }) => uuid === input.userId.toLowerCase());
  const existing = await findOrBringBack(ctx, reporter, input);
  if (existing) return { session: existing, created: false };
  if (reporter.kind === "user") {
    const check = checking();
    requirePast(check, "started_at", input.startedAt, now);
    check.done();
  }
  const known = await resolveReferences(ctx, reporter, input);
  const place = await nextOutboxPlace(ctx, { id: "", last: 0 });
  const session = await insertRegistered(ctx, known, { ...input, syncSequence: place.sequence });
  await Ledger.registerStart(ctx, session, place, known);
  return { session, created: true };
}

type Resolved = { user: Doc<"users">; goal: Doc<"goals">; activity: Activity };

/** The rows that the references name; `VALIDATION` for each that names none. A user has been found to name themself. */
async function resolveReferences(ctx: MutationCtx, reporter: Reporter, references: References): Promise<Resolved> {
  const user = reporter.kind === "user" ? reporter.user : await getUserByUuid(ctx, references.userId);
  const goal = user && (await getGoal(ctx, user._id, references.goalId));
  const activity = await getActivity(ctx, references.activityId);
  if (user && goal && activity) return { user, goal, activity };
  throw invalid({
    ...(!user && { user_id: ["Unknown user."] }),
    ...(user && !goal && { goal_id: ["Unknown goal of this user."] }),
    ...(!activity && { activity_id: ["Unknown activity."] }),
  });
}

async function insertRegistered(
  ctx: MutationCtx,
  { user, goal, activity }: Resolved,
  input: { sessionId: string; startedAt: number; devicePlatform: string | null; syncSequence?: number },
): Promise<Session> {
  return await insertSession(ctx, {
    userId: user._id,
    goalId: goal._id,
    activity: { id: activity.id, name: activity.name, emoji: activity.emoji },
    startedAt: input.startedAt,
    devicePlatform: input.devicePlatform || null,
    externalId: input.sessionId,
    measured: false,
    timeZone: "UTC",
    ...(input.syncSequence !== undefined && { syncSequence: input.syncSequence }),
    state: { kind: "registered" },
  });
}

export type Completion = {
  sessionId: string;
  ended: Ended;
  devicePlatform: string | undefined;
  references: Partial<References>;
  archived: Archived;
};

/** Ends or corrects a session. Repeating the same changes nothing. Returns the session with the figures that stand. */
export async function completeSession(
  ctx: MutationCtx,
  principal: Principal,
  input: Completion,
  now: number,
): Promise<EndedSession> {
  const reporter = requireReporter(principal);
  const { userId } = input.references;
  if (userId !== undefined) requireOwn(reporter, ({ uuid }) => uuid === userId.toLowerCase());
  const { sessionId, archived } = input;
  const found =
    (await findOrBringBack(ctx, reporter, { sessionId, userId, archived })) ??
    (await createFromReport(ctx, reporter, input));
  const session = isLive(found) ? (await Live.bringToPresent(ctx, found, now)).session : found;
  // A user's figures for a session that runs here are not stored, and their times may come from a clock that was put
  // back.
  const startedAt =
    reporter.kind === "user" && isLive(session) ? Rules.presentStart(clockOf(session)) : session.startedAt;
  if (input.ended.endedAt < startedAt) throw invalid({ ended_at: ["Must not be before the start."] });
  if (reporter.kind === "user") {
    if (session.measured) return await endMeasured(ctx, session, input, now);
    const references = await requirePlausible(ctx, session, input.ended, now);
    return await Ledger.settleEnd(
      ctx,
      session,
      input.ended,
      { devicePlatform: input.devicePlatform },
      { user: reporter.user, ...references },
    );
  }
  if (isLive(session)) await Live.stopLive(ctx, session);
  return await Ledger.settleEnd(ctx, session, input.ended, { devicePlatform: input.devicePlatform });
}

async function createFromReport(
  ctx: MutationCtx,
  reporter: Reporter,
  { sessionId, references, devicePlatform }: Completion,
): Promise<Session> {
  const { userId, goalId, activityId, startedAt } = references;
  if (userId === undefined || goalId === undefined || activityId === undefined || startedAt === undefined) {
    const names = { user_id: userId, goal_id: goalId, activity_id: activityId, started_at: startedAt };
    const missing = Object.entries(names).filter(([, value]) => value === undefined);
    throw invalid(
      Object.fromEntries(
        missing.map(([name]) => [name, ["This session is not known yet, so this field is required."]]),
      ),
    );
  }
  const resolved = await resolveReferences(ctx, reporter, { userId, goalId, activityId, startedAt });
  return await insertRegistered(ctx, resolved, { sessionId, startedAt, devicePlatform: devicePlatform ?? null });
}

/** The figures of a session that this host measured are its own; a user only says that it is over, and why. */
async function endMeasured(
  ctx: MutationCtx,
  session: Session,
  { ended, devicePlatform }: Completion,
  now: number,
): Promise<EndedSession> {
  if (isLive(session)) return await Live.completeSession(ctx, session, ended.reason, now, devicePlatform);
  if (!isEnded(session)) throw new Error(`focus session ${session._id} is measured here and neither live nor ended`);
  return Live.mayRelabel(session.state.reason, ended.reason)
    ? await Live.completeSession(ctx, session, ended.reason, now)
    : session;
}

const requirePast = (check: ReturnType<typeof checking>, field: string, at: number, now: number): void =>
  check.that(field, at <= now + CLOCK_TOLERANCE_MS, "Must not lie in the future.");

/** `VALIDATION` when a user claims more than the time and the rates allow. Returns what the session refers to. */
async function requirePlausible(
  ctx: MutationCtx,
  session: Session,
  ended: Ended,
  now: number,
): Promise<{ goal: Doc<"goals">; activity: Activity }> {
  const check = checking();
  requirePast(check, "ended_at", ended.endedAt, now);
  check.that(
    "focused_duration_seconds",
    ended.focusedSeconds * SECOND_MS <= ended.endedAt - session.startedAt,
    "Must not be more than the time from start to end.",
  );
  const [goal, activity] = [await ctx.db.get("goals", session.goalId), await getActivity(ctx, session.activity.id)];
  if (!goal || !activity) throw new Error(`focus session ${session._id} refers to a goal or an activity that is gone`);
  const { rates } = await currentRates(ctx, activity, goal);
  for (const dimension of DIMENSIONS)
    check.that(
      `xp_${dimension}`,
      ended.xp[dimension] <= Rules.xpOf(rates[dimension], ended.focusedSeconds),
      "Must not be more than the current rate allows for the focused time.",
    );
  check.done();
  return { goal, activity };
}
