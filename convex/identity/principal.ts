import type { Auth } from "convex/server";
import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import type { Caller } from "./caller";
import { AppError, forbidden, unauthenticated } from "../lib/errors";
import { findCutOffReason } from "./sessions/cutOff";
import type { Permission } from "./permissions";
import type { EndedReason } from "./sessions/accountSessions";
import { DEPLOYMENT_SCOPES, type Scope } from "./scopes";
import { findServiceKey } from "./serviceKeys";
import { readSubject } from "./subject";
import { getOnlyTenantId } from "./tenants";

/** A signed-in person (or anonymous user) on one device. */
export type UserPrincipal = {
  kind: "user";
  user: Doc<"users">;
  /** The tenant itself is read by the few who show it: `identity/tenants.requireTenant`. */
  tenantId: Id<"tenants">;
  accountSession: Doc<"accountSessions">;
  /** Sorted. */
  permissions: string[];
};

/** A program, by a named key or by the deployment's own (`name` null). */
export type ServicePrincipal = {
  kind: "service";
  name: string | null;
  scopes: readonly string[];
  tenantId: Id<"tenants"> | null;
};

export type Principal = UserPrincipal | ServicePrincipal | { kind: "guest"; guest: Doc<"guestSessions"> } | null;

type PrincipalCtx = { db: QueryCtx["db"]; auth: Auth };

/**
 * Resolves who is calling, from the service key, a SessionID, a JWT (`ctx.auth`) or a guest id: the first there is.
 * Reads the account-session row and the user's, so that ending the session by either re-runs every live query of that
 * device.
 * Null without any proof. Throws `SESSION_REVOKED` for a JWT of an ended session, `UNAUTHENTICATED` for an unknown or
 * ended SessionID: a bad credential never falls back to guest.
 */
export async function resolvePrincipal(ctx: PrincipalCtx, caller: Caller = {}): Promise<Principal> {
  if (caller.service)
    return { kind: "service", name: null, scopes: DEPLOYMENT_SCOPES, tenantId: await getOnlyTenantId(ctx) };
  if (caller.serviceKeyHash !== undefined) {
    const key = await findServiceKey(ctx, caller.serviceKeyHash);
    if (!key) throw unauthenticated();
    return { kind: "service", name: key.name, scopes: key.scopes, tenantId: key.tenantId };
  }
  if (caller.sessionHash !== undefined) {
    const hash = caller.sessionHash;
    const session = await ctx.db
      .query("accountSessions")
      .withIndex("by_credentialHash", (q) => q.eq("credentialHash", hash))
      .unique();
    if (session === null) throw unauthenticated();
    // The answer for an ended credential is the same as for an unknown one.
    return await load(ctx, session, () => unauthenticated());
  }
  const identity = caller.anonymous ? null : await ctx.auth.getUserIdentity();
  if (identity !== null) {
    const named = readSubject(identity.subject);
    const session =
      named &&
      (await ctx.db
        .query("accountSessions")
        .withIndex("by_authSessionId", (q) => q.eq("authSessionId", named.authSessionId))
        .unique());
    // A token proves one user on one session of theirs; for another's session it proves nothing.
    if (session === null || session.userId !== named?.userId) throw unauthenticated();
    return await load(ctx, session, revoked);
  }
  return await resolveGuest(ctx, caller.guestHash);
}

/** Resolves a guest id that came along: to a guest while it is in force, to nobody when it was never issued. */
async function resolveGuest(ctx: PrincipalCtx, guestHash: string | undefined): Promise<Principal> {
  if (guestHash === undefined) return null;
  const guest = await ctx.db
    .query("guestSessions")
    .withIndex("by_hash", (q) => q.eq("hash", guestHash))
    .unique();
  return guest && { kind: "guest", guest };
}

const revoked = (reason: EndedReason): AppError =>
  new AppError("SESSION_REVOKED", "This session has ended.", { reason });

/** @param refusal of a session that has ended */
async function load(
  ctx: PrincipalCtx,
  accountSession: Doc<"accountSessions">,
  refusal: (reason: EndedReason) => AppError,
): Promise<UserPrincipal> {
  if (accountSession.state.kind === "ended") throw refusal(accountSession.state.reason);
  const user = await ctx.db.get("users", accountSession.userId);
  if (!user) throw unauthenticated();
  const reason = findCutOffReason(user, accountSession);
  if (reason !== null) throw refusal(reason);
  return { kind: "user", user, tenantId: user.tenantId, accountSession, permissions: [...user.permissions].sort() };
}

/** The principal as a user, or `UNAUTHENTICATED`. */
export function requireUser(principal: Principal): UserPrincipal {
  if (principal?.kind !== "user") throw unauthenticated();
  return principal;
}

/** Whether the principal is a program whose key has this scope. */
export const hasScope = (principal: Principal, scope: Scope): principal is ServicePrincipal =>
  principal?.kind === "service" && principal.scopes.includes(scope);

/** A program whose key is of a tenant. */
export type TenantServicePrincipal = ServicePrincipal & { tenantId: Id<"tenants"> };

/** The program as one of a tenant, or `FORBIDDEN`. */
export function requireTenantKey(principal: ServicePrincipal): TenantServicePrincipal {
  const { tenantId } = principal;
  if (tenantId === null) throw forbidden("This service key is of no tenant. Make one that names its tenant.");
  return { ...principal, tenantId };
}

/** The user, who must hold `permission`; else `FORBIDDEN`. */
export function requirePermission(principal: Principal, permission: Permission): UserPrincipal {
  const user = requireUser(principal);
  if (!user.permissions.includes(permission)) throw forbidden(`This needs the permission ${permission}.`);
  return user;
}
