/** Sessions themselves: making, changing and deleting them (contracts §6.2–6.5). */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserPrincipal } from "../../identity/principal";
import * as Audit from "../../audit/writer";
import type { Client } from "../../identity/caller";
import { forbidden, invalid, notFound } from "../../lib/errors";
import { freeIntegerId, randomUuid } from "../../lib/ids";
import { forgetSession, tellAll } from "../../notifications/model";
import { displace, place, refresh } from "../views/cards";
import { moveTo, seatedUsers, seatsRow, unwind, wind } from "../clock/statusClock";
import { newTerms, termsOf, type Terms } from "./terms";
import { hasEnded, statusAt } from "../rules";
import type { Draft } from "../shapes";
import { fullName, personOf } from "../views/view";

type ReadCtx = { db: QueryCtx["db"] };
type Session = Doc<"tutoringSessions">;

export const byPublicId = (ctx: ReadCtx, publicId: number) =>
  ctx.db
    .query("tutoringSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

/** A session of the caller's tenant; `NOT_FOUND` alike for unknown ids and other tenants'. */
export async function requireSession(ctx: ReadCtx, principal: UserPrincipal, publicId: number): Promise<Session> {
  const session = await byPublicId(ctx, publicId);
  if (session?.tenantId !== principal.tenantId) throw notFound("Session not found.");
  return session;
}

/** The same, of which the caller must be the creator; else `FORBIDDEN`. */
export async function requireOwn(ctx: ReadCtx, principal: UserPrincipal, publicId: number): Promise<Session> {
  const session = await requireSession(ctx, principal, publicId);
  if (session.creatorId !== principal.user._id) throw notAuthorized();
  return session;
}

export const notAuthorized = () => forbidden("Not authorized");

export const searchTextOf = (
  terms: Pick<Terms, "title" | "subject" | "description">,
  creator: Session["creator"],
): string => [terms.title, terms.subject, fullName(creator), terms.description].join("\n").toLowerCase();

/** `TUTORING_AUTO_APPROVE=true` opens new sessions at once; otherwise a moderator does. */
const autoApproves = (): boolean => /^(1|true|yes|on)$/i.test(process.env.TUTORING_AUTO_APPROVE?.trim() ?? "");

/** Writes 8 rows: session, cards, seats, clock, counts, shelf. */
export async function create(ctx: MutationCtx, principal: UserPrincipal, draft: Draft, now: number): Promise<Session> {
  const terms = newTerms(draft, now);
  const creator = personOf(principal.user);
  const status = autoApproves() ? ("approved" as const) : ("pending_approval" as const);
  const liveKey = randomUuid();
  const id = await ctx.db.insert("tutoringSessions", {
    publicId: await freeIntegerId(async (taken) => (await byPublicId(ctx, taken)) !== null),
    tenantId: principal.tenantId,
    creatorId: principal.user._id,
    creator,
    ...terms,
    status,
    updatedAt: now,
    liveKey,
    searchText: searchTextOf(terms, creator),
  });
  const session = (await ctx.db.get("tutoringSessions", id))!;
  await ctx.db.insert("tutoringSeats", {
    sessionId: id,
    liveKey,
    status,
    maxParticipants: terms.maxParticipants,
    participantCount: 0,
    pendingRequestCount: 0,
    memberCount: 0,
  });
  await place(ctx, session);
  await wind(ctx, session, now);
  return session;
}

/** Changes what `changes` states. Participants hear of another start or length. */
export async function update(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  changes: Partial<Draft>,
  now: number,
): Promise<void> {
  const session = await requireOwn(ctx, principal, publicId);
  const seats = await seatsRow(ctx, session._id);
  const status = statusAt(session, seats.participantCount, now);
  if (hasEnded(status)) throw invalid({}, "Session already ended");
  const terms = termsOf(changes);
  if (terms.startsAt !== undefined && terms.startsAt !== session.startsAt) {
    if (status === "ongoing") throw invalid({ date: ["The session has begun."] });
    if (terms.startsAt <= now) throw invalid({ date: ["Must lie in the future."] });
  }
  if (terms.maxParticipants !== undefined && terms.maxParticipants < seats.participantCount)
    throw invalid({ maxParticipants: [`${seats.participantCount} have a seat already.`] });
  const updatedAt = Math.max(now, session._creationTime);
  const after = { ...session, ...terms, updatedAt };
  await ctx.db.patch("tutoringSessions", session._id, {
    ...terms,
    searchText: searchTextOf(after, session.creator),
    updatedAt,
  });
  if (after.maxParticipants !== seats.maxParticipants)
    await ctx.db.patch("tutoringSeats", seats._id, { maxParticipants: after.maxParticipants });
  await refresh(ctx, after, seats.memberCount);
  const keepsStart = after.startsAt === session.startsAt;
  if (keepsStart && after.durationMinutes === session.durationMinutes) return;
  await wind(ctx, after, now, keepsStart);
  await tellAll(ctx, await seatedUsers(ctx, session._id), {
    title: `Session changed: ${after.title}`,
    message: `${after.title} now starts at ${new Date(after.startsAt).toISOString()} and lasts ${after.durationMinutes} minutes.`,
    type: "session_update",
    session: { id: session._id, publicId },
  });
}

/**
 * Deletes a session with all that belongs to it. Participants of one that was to come are told, of a cancelled one too: what
 * told them of that goes with it.
 */
export async function remove(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  client: Client,
  now: number,
): Promise<void> {
  const session = await requireOwn(ctx, principal, publicId);
  if (session.startsAt > now)
    await tellAll(ctx, await seatedUsers(ctx, session._id), {
      title: `Session deleted: ${session.title}`,
      message: `${fullName(session.creator)} has deleted the session ${session.title}.`,
      type: "session_update",
      session: null,
    });
  await unwind(ctx, session._id);
  await displace(ctx, session._id);
  await ctx.db.delete("tutoringSeats", (await seatsRow(ctx, session._id))._id);
  await ctx.db.delete("tutoringSessions", session._id);
  await purge(ctx, session._id);
  await audit(ctx, principal, client, "deleted", session);
}

const PURGE_BATCH = 500;

/** Deletes members, materials, files, signals and notifications of a deleted session, in as many transactions as it takes. */
export async function purge(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const members = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId))
    .take(PURGE_BATCH);
  for (const { _id } of members) await ctx.db.delete("tutoringMembers", _id);
  const materials = await ctx.db
    .query("tutoringMaterials")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(PURGE_BATCH);
  for (const { _id, body } of materials) {
    if (body.type === "file" && body.storageId) await ctx.storage.delete(body.storageId);
    await ctx.db.delete("tutoringMaterials", _id);
  }
  const signals = await ctx.db
    .query("tutoringSignals")
    .withIndex("by_sessionId_and_toId", (q) => q.eq("sessionId", sessionId))
    .take(PURGE_BATCH);
  for (const { _id } of signals) await ctx.db.delete("tutoringSignals", _id);
  const forgotten = await forgetSession(ctx, sessionId);
  if (
    !forgotten ||
    signals.length === PURGE_BATCH ||
    members.length === PURGE_BATCH ||
    materials.length === PURGE_BATCH
  )
    await ctx.scheduler.runAfter(0, internal.tutoring.sweep.purgeRest, { sessionId });
}

/** A moderator lets a session be joined. Repeating it changes nothing; another status is refused. */
export async function approve(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  client: Client,
  now: number,
): Promise<void> {
  const session = await requireSession(ctx, principal, publicId);
  if (!principal.permissions.includes("moderate_sessions")) throw notAuthorized();
  if (session.status === "approved") return;
  if (session.status !== "pending_approval" || session.startsAt <= now)
    throw invalid({}, "Session is not awaiting approval");
  await moveTo(ctx, session, await seatsRow(ctx, session._id), "approved", now);
  await wind(ctx, { ...session, status: "approved" }, now);
  await tellAll(ctx, [session.creatorId], {
    title: `Session approved: ${session.title}`,
    message: `Your session ${session.title} has been approved and can be joined.`,
    type: "session_update",
    session: { id: session._id, publicId },
  });
  await audit(ctx, principal, client, "approved", session);
}

export const audit = (
  ctx: MutationCtx,
  principal: UserPrincipal,
  client: Client,
  action: Audit.AuditAction,
  session: Session,
  about = "",
): Promise<void> =>
  Audit.append(ctx, {
    action,
    target: `tutoring session ${session.publicId}${about}`,
    actor: { user: principal.user },
    client,
  });
