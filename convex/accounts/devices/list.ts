/** Lists and ends a user's own sessions (accounts/README §3), over REST and live alike. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import type { UserAct, Viewer } from "../../identity/act";
import { notFound } from "../../lib/errors";
import { MINUTE_MS } from "../../lib/time";
import { findCutOffReason } from "../../identity/sessions/cutOff";
import { endAllSessions } from "../../identity/sessions/endAllSessions";
import { toIndexQuery, matches } from "../../identity/sessions/search";
import {
  listActivities,
  getActivity,
  getSessionByPublicId,
  endSession,
  setDeviceName,
} from "../../identity/sessions/accountSessions";

type ReadCtx = { db: QueryCtx["db"] };

export type ListedDevice = { session: Doc<"accountSessions">; lastActivityAt: number; isCurrent: boolean };

/** No list shows more sessions. */
export const LISTED_AT_MOST = 1_000;

/**
 * The caller's active sessions that match `search`: the current one first, then by last activity, newest first.
 * Searches and shows the newest `LISTED_AT_MOST`. `total` without search counts those beyond, up to `COUNTED_AT_MOST`.
 */
export async function listDevices(viewer: Viewer, search = ""): Promise<{ devices: ListedDevice[]; total: number }> {
  const { user, accountSession } = viewer.principal;
  const now = Date.now();
  const inForce = (await listActivities(viewer, user)).filter(({ expiresAt }) => expiresAt > now);
  const isOwn = ({ sessionId }: Doc<"accountSessionActivity">) => sessionId === accountSession._id;
  const own = inForce.find(isOwn) ?? (await getActivity(viewer, accountSession._id));
  const current =
    own && own.expiresAt > now
      ? [{ session: accountSession, lastActivityAt: own.lastActivityAt, isCurrent: true }]
      : [];
  const others = inForce.filter((activity) => !isOwn(activity)).slice(0, LISTED_AT_MOST - 1);
  const rows = toIndexQuery(search) === "" ? await readRows(viewer, others) : await searchRows(viewer, search);
  const listed = others.flatMap(({ sessionId, lastActivityAt }) => {
    const session = rows.get(sessionId);
    return session ? [{ session, lastActivityAt, isCurrent: false }] : [];
  });
  const devices = [...current, ...listed].filter(({ session }) => matches(session, search));
  return { devices, total: search.trim() === "" ? inForce.length : devices.length };
}

type Rows = Map<Id<"accountSessions">, Doc<"accountSessions">>;

const indexById = (sessions: Doc<"accountSessions">[]): Rows =>
  new Map(sessions.map((session) => [session._id, session]));

/** Active sessions with these activities. */
async function readRows(ctx: ReadCtx, activities: Doc<"accountSessionActivity">[]): Promise<Rows> {
  const found = await Promise.all(activities.map(({ sessionId }) => ctx.db.get("accountSessions", sessionId)));
  return indexById(found.filter((session) => session !== null).filter(({ state }) => state.kind === "active"));
}

/** Active sessions that may match. */
async function searchRows({ db, principal }: Viewer, search: string): Promise<Rows> {
  const hits = await db
    .query("accountSessions")
    .withSearchIndex("search", (q) =>
      q.search("searchText", toIndexQuery(search)).eq("userId", principal.user._id).eq("state.kind", "active"),
    )
    .take(LISTED_AT_MOST);
  return indexById(hits);
}

/**
 * Ends one of the caller's sessions; ending the current one is a logout. `NOT_FOUND` alike for unknown ids, ended
 * sessions and other people's.
 */
export async function endDevice(act: UserAct, { id }: { id: number }): Promise<Doc<"accountSessions">> {
  const { accountSession } = act.principal;
  const session = await requireOwnSession(act, id);
  await endSession(act, session, session._id === accountSession._id ? "signed_out" : "ended_by_user");
  await Audit.appendAct(act, { action: "session_ended", target: `session ${id}` });
  return session;
}

async function requireOwnSession(act: UserAct, id: number): Promise<Doc<"accountSessions">> {
  const { user } = act.principal;
  const session = await getSessionByPublicId(act, id);
  if (session?.userId !== user._id || session.state.kind === "ended" || findCutOffReason(user, session) !== null)
    throw notFound("Session not found or already terminated");
  return session;
}

/** Gives one of the caller's sessions a name of its own, or with "" the one that its User-Agent gives. → that name */
export async function renameDevice(
  act: UserAct,
  { id, deviceName }: { id: number; deviceName: string },
): Promise<{ id: number; deviceName: string }> {
  return { id, deviceName: await setDeviceName(act, await requireOwnSession(act, id), deviceName) };
}

/** Ends all of the caller's sessions, the current one only if asked; returns how many. */
export async function endAllDevices(act: UserAct, { excludeCurrent }: { excludeCurrent: boolean }): Promise<number> {
  const { user, accountSession } = act.principal;
  const others = await endAllSessions(act, user._id, { reason: "ended_by_user", except: accountSession._id });
  const own = !excludeCurrent && (await endSession(act, accountSession, "signed_out")) ? 1 : 0;
  await Audit.appendAct(act, { action: "sessions_ended", target: Audit.describeSessions(others + own) });
  return others + own;
}

/**
 * Listing is audited at most once a minute per session: an entry per request would turn every read into a write, and
 * the entries of one polling client would bury all others.
 */
export const LISTING_AUDIT_INTERVAL_MS = MINUTE_MS;

export async function noteListing(act: MutationCtx & Pick<UserAct, "principal" | "client">): Promise<void> {
  const { user, accountSession } = act.principal;
  const what = { action: "sessions_listed", target: `session ${accountSession.publicId}` } as const;
  if (await Audit.findLastWithin(act, user._id, what, LISTING_AUDIT_INTERVAL_MS)) return;
  await Audit.appendAct(act, what);
}
