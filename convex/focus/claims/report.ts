/**
 * Sessions that clients and other hosts report over REST (focus/README §5.2, 5.3). A user's credential may report the
 * user's own, within what could have been earned; the service key is trusted.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { Act } from "../../identity/act";
import type { ServicePrincipal, UserPrincipal } from "../../identity/principal";
import { AppError, forbidden, invalid, unauthenticated, type FieldErrors } from "../../lib/errors";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { getNextOutboxPlace } from "../../events/focus";
import { getUserByUuid } from "../../identity/users";
import { getActivity, type Activity } from "../catalog/activities";
import { bringBack, findDeparted } from "../history/departed";
import { getGoal } from "../catalog/goals";
import * as Settlement from "../settlement/settle";
import * as StateMachine from "../running/stateMachine";
import { computeCurrentRates } from "../rating/currentRates";
import * as Rules from "../rules";
import { DIMENSIONS } from "../../xp/amounts";
import { toReportedXp, XP_FIELDS, type Completion, type Registration } from "./inputs";
import { toClock, findSession, insertSession, isEnded, isLive, type EndedSession, type Session } from "../sessionRows";
import type { CompletedReason } from "../../xp/shapes";
import type { Ended } from "../shapes";

/** Clocks of honest clients differ by less. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** The rows that a session refers to, by public ids. */
type References = Pick<Registration, "userId" | "goalId" | "activityId">;

/**
 * The end that the permanent store holds of a session: `undefined` when it has not been asked, null when it has none.
 */
export type DepartedEnd = Ended | null | undefined;
/** The answer that a request has got by then about a session that has left. */
type WithDeparted = { departedEnd?: DepartedEnd };

type ReportAct = Act<UserPrincipal | ServicePrincipal>;

function requireReporter(act: Act): asserts act is ReportAct {
  const { principal } = act;
  if (principal?.kind !== "user" && principal?.kind !== "service") throw unauthenticated();
}

const anothers = () => forbidden("This session belongs to another user.");

const requireOwn = ({ principal }: ReportAct, owns: (user: Doc<"users">) => boolean): void => {
  if (principal.kind === "user" && !owns(principal.user)) throw anothers();
};

/** 403 unless the session is the reporter's, and the service key's that of the user it names. */
async function requireOwner(act: ReportAct, ownerId: Id<"users">, userId: string | undefined): Promise<void> {
  requireOwn(act, ({ _id }) => _id === ownerId);
  if (userId === undefined) return;
  const owner = await act.db.get("users", ownerId);
  if (owner?.uuid !== userId.toLowerCase()) throw anothers();
}

type Sought = { sessionId: string; userId?: string } & WithDeparted;

/**
 * The reporter's session of that id, brought back if it has left for the permanent store, or null. Only an action can
 * look there, so the transaction is given up with `needsDeparted` and tried again with what was found.
 */
async function findOrBringBack(act: ReportAct, { sessionId, userId, departedEnd }: Sought): Promise<Session | null> {
  const session = await findSession(act, sessionId);
  const departed = session ? null : await findDeparted(act, sessionId);
  const known = session ?? departed;
  if (known) await requireOwner(act, known.userId, userId);
  if (!departed) return session;
  if (departedEnd) return await bringBack(act, departed, departedEnd);
  if (departedEnd === undefined)
    throw new AppError("UNAVAILABLE", "The permanent store has to be asked first.", { needsDeparted: true });
  throw new AppError("UNAVAILABLE", "The permanent store does not have this session, although it once did.");
}

/** Registers a session that another host runs. A session that is known already stays as it is. */
export async function reportStart(
  act: Act,
  input: Registration & WithDeparted,
): Promise<{ session: Session; created: boolean }> {
  requireReporter(act);
  requireOwn(act, ({ uuid }) => uuid === input.userId.toLowerCase());
  const existing = await findOrBringBack(act, input);
  if (existing) return { session: existing, created: false };
  if (act.principal.kind === "user" && liesAhead(act, input.startedAt)) throw invalid({ startedAt: [FUTURE] });
  const known = await resolveReferences(act, input);
  const place = await getNextOutboxPlace(act, 0);
  const session = await insertRegistered(act, known, { ...input, syncSequence: place.sequence });
  await Settlement.reportStart(act, session, place, known);
  return { session, created: true };
}

type Resolved = { user: Doc<"users">; goal: Doc<"goals">; activity: Activity };

/** The rows that the references name; `VALIDATION` for each that names none. A user has been found to name themself. */
async function resolveReferences(act: ReportAct, references: References): Promise<Resolved> {
  const { principal } = act;
  const user = principal.kind === "user" ? principal.user : await getUserByUuid(act, references.userId);
  const goal = user && (await getGoal(act, user._id, references.goalId));
  const activity = await getActivity(act, references.activityId);
  if (user && goal && activity) return { user, goal, activity };
  throw invalid({
    ...(!user && { userId: ["Unknown user."] }),
    ...(user && !goal && { goalId: ["Unknown goal of this user."] }),
    ...(!activity && { activityId: ["Unknown activity."] }),
  });
}

async function insertRegistered(
  ctx: MutationCtx,
  { user, goal, activity }: Resolved,
  input: Pick<Registration, "sessionId" | "startedAt" | "devicePlatform"> & { syncSequence: number },
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
    syncSequence: input.syncSequence,
    state: { kind: "registered" },
  });
}

/** Ends or corrects a session. Repeating the same changes nothing. Returns the session with the figures that stand. */
export async function reportEnd(act: Act, input: Completion & WithDeparted): Promise<EndedSession> {
  requireReporter(act);
  const { principal } = act;
  const { userId } = input;
  if (userId !== undefined) requireOwn(act, ({ uuid }) => uuid === userId.toLowerCase());
  const found = (await findOrBringBack(act, input)) ?? (await createFromReport(act, input));
  // The start of a live session may lie ahead of a clock that was put back, and is compared below. Ending it brings it
  // to the present once more, which then changes nothing.
  const session = isLive(found) ? (await StateMachine.bringToPresent(act, found)).session : found;
  // A user's figures for a session that runs here are not stored, and their times may come from a clock that was put
  // back.
  const startedAt =
    principal.kind === "user" && isLive(session) ? Rules.getPresentStart(toClock(session)) : session.startedAt;
  if (input.endedAt < startedAt) throw invalid({ endedAt: ["Must not be before the start."] });
  const ended = toReportedEnd(input);
  const devicePlatform = input.devicePlatform || undefined;
  if (principal.kind === "user") {
    if (session.measured) return await endMeasured(act, session, { reason: ended.reason, devicePlatform });
    const known = await requirePlausible(act, session, ended);
    return await Settlement.settleEnd(act, session, ended, { devicePlatform, user: principal.user, ...known });
  }
  if (isLive(session)) await StateMachine.stopLive(act, session);
  return await Settlement.settleEnd(act, session, ended, { devicePlatform });
}

const toReportedEnd = (input: Completion): Ended => ({
  kind: "ended",
  endedAt: input.endedAt,
  reason: input.completedReason,
  totalSeconds: input.totalDurationSeconds,
  focusedSeconds: input.focusedDurationSeconds,
  xp: toReportedXp(input),
});

async function createFromReport(act: ReportAct, input: Completion): Promise<Session> {
  const { sessionId, devicePlatform, userId, goalId, activityId, startedAt } = input;
  if (userId === undefined || goalId === undefined || activityId === undefined || startedAt === undefined) {
    const names = { userId, goalId, activityId, startedAt };
    const missing = Object.entries(names).filter(([, value]) => value === undefined);
    throw invalid(
      Object.fromEntries(
        missing.map(([name]) => [name, ["This session is not known yet, so this field is required."]]),
      ),
    );
  }
  const resolved = await resolveReferences(act, { userId, goalId, activityId });
  return await insertRegistered(act, resolved, { sessionId, startedAt, devicePlatform, syncSequence: 0 });
}

/** The figures of a session that this host measured are its own; a user only says that it is over, and why. */
async function endMeasured(
  act: ReportAct,
  session: Session,
  told: { reason: CompletedReason; devicePlatform: string | undefined },
): Promise<EndedSession> {
  if (isLive(session)) return await StateMachine.endByPerson(act, session, told);
  if (!isEnded(session)) throw new Error(`focus session ${session._id} is measured here and neither live nor ended`);
  return StateMachine.mayRelabel(session.state.reason, told.reason)
    ? await StateMachine.endByPerson(act, session, told)
    : session;
}

const liesAhead = ({ now }: Act, at: number): boolean => at > now + CLOCK_TOLERANCE_MS;
const FUTURE = "Must not lie in the future.";

/** `VALIDATION` when a user claims more than the time and the rates allow. Returns what the session refers to. */
async function requirePlausible(
  act: ReportAct,
  session: Session,
  ended: Ended,
): Promise<{ goal: Doc<"goals">; activity: Activity }> {
  const [goal, activity] = [await act.db.get("goals", session.goalId), await getActivity(act, session.activity.id)];
  if (!goal || !activity) throw new Error(`focus session ${session._id} refers to a goal or an activity that is gone`);
  const { rates } = await computeCurrentRates(act, activity, goal);
  const wrong: FieldErrors = {};
  if (liesAhead(act, ended.endedAt)) wrong.endedAt = [FUTURE];
  if (ended.focusedSeconds * SECOND_MS > ended.endedAt - session.startedAt)
    wrong.focusedDurationSeconds = ["Must not be more than the time from start to end."];
  const allowed = Rules.earnedXp(rates, ended.focusedSeconds);
  for (const dimension of DIMENSIONS)
    if (ended.xp[dimension] > allowed[dimension])
      wrong[XP_FIELDS[dimension]] = ["Must not be more than the current rate allows for the focused time."];
  if (Object.keys(wrong).length > 0) throw invalid(wrong);
  return { goal, activity };
}
