/** Reading the log: always one user's or one tenant's, by index, newest first. */
import type { PaginationOptions, PaginationResult } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import type { Viewer } from "../identity/act";
import { requirePermission } from "../identity/principal";
import { pageSize } from "../lib/paging/pages";
import { vAuditAction } from "./writer";

export const VIEW_AUDIT = "view_audit";

export const vOutcome = v.union(v.literal("success"), v.literal("failure"));

export const auditFilters = {
  action: v.optional(vAuditAction),
  outcome: v.optional(vOutcome),
  /** ms since the epoch, inclusive. */
  from: v.optional(v.number()),
  /** ms since the epoch, exclusive. */
  to: v.optional(v.number()),
};
export const vAuditFilters = v.object(auditFilters);
export type AuditFilters = Infer<typeof vAuditFilters>;

export const vAuditEntry = v.object({
  id: v.id("auditEntries"),
  at: v.number(),
  actor: v.string(),
  /** The actor's name for people, when the actor is a user. */
  actorName: v.union(v.string(), v.null()),
  action: vAuditAction,
  target: v.string(),
  /** The uuid and name of the user whom somebody else's act was about; null when none was, or the user is gone. */
  about: v.union(v.string(), v.null()),
  aboutName: v.union(v.string(), v.null()),
  ip: v.union(v.string(), v.null()),
  userAgent: v.string(),
  outcome: vOutcome,
});
export type AuditEntry = Infer<typeof vAuditEntry>;

/** The reader's own entries, or all of the reader's tenant. */
export type Scope = "mine" | "tenant";

/** Rows looked through for one page: rare filters give short pages rather than long reads. */
const ROWS_PER_PAGE = 4_000;
const PAGE_MAX = 1_000;

/**
 * One page. Whose entries these are follows from the reader alone, so no argument can name another tenant; `tenant`
 * needs the permission `view_audit`, else `FORBIDDEN`. `actor` narrows to acts of one user, named by uuid.
 */
export async function readPage(
  { db, principal }: Viewer,
  scope: Scope,
  filters: AuditFilters & { actor?: string },
  options: PaginationOptions,
): Promise<PaginationResult<AuditEntry>> {
  const { user, tenantId } = scope === "tenant" ? requirePermission(principal, VIEW_AUDIT) : principal;
  const { from = 0, to = Number.MAX_SAFE_INTEGER, action, outcome, actor } = filters;
  const table = db.query("auditEntries");
  const ranged =
    scope === "mine"
      ? table.withIndex("by_userId_and_at", (q) => q.eq("userId", user._id).gte("at", from).lt("at", to))
      : table.withIndex("by_tenantId_and_at", (q) => q.eq("tenantId", tenantId).gte("at", from).lt("at", to));
  // Within the index range, so that a page is full when enough rows match; `maximumRowsRead` bounds the looking.
  const result = await ranged
    .order("desc")
    .filter((q) =>
      q.and(
        ...(action === undefined ? [] : [q.eq(q.field("action"), action)]),
        ...(outcome === undefined ? [] : [q.eq(q.field("outcome"), outcome)]),
        ...(actor === undefined ? [] : [q.eq(q.field("actor"), actor)]),
      ),
    )
    .paginate({
      ...options,
      numItems: pageSize(options.numItems, PAGE_MAX),
      maximumRowsRead: ROWS_PER_PAGE,
    });
  const people = await findPeople(db, result.page);
  return { ...result, page: result.page.map((entry) => showEntry(entry, people)) };
}

/** One read per person on the page, not per entry. */
async function findPeople(db: QueryCtx["db"], entries: Doc<"auditEntries">[]): Promise<Map<Id<"users">, Doc<"users">>> {
  const ids = [...new Set(entries.flatMap((entry) => (entry.userId === null ? [] : [entry.userId])))];
  const users = await Promise.all(ids.map((id) => db.get("users", id)));
  return new Map(users.flatMap((user) => (user ? [[user._id, user]] : [])));
}

function showEntry(entry: Doc<"auditEntries">, people: Map<Id<"users">, Doc<"users">>): AuditEntry {
  const user = entry.userId === null ? undefined : people.get(entry.userId);
  const name = user ? (user.name ?? user.username) : null;
  const acted = user?.uuid === entry.actor;
  return {
    id: entry._id,
    at: entry.at,
    actor: entry.actor,
    actorName: acted ? name : null,
    action: entry.action,
    target: entry.target,
    about: acted ? null : (user?.uuid ?? null),
    aboutName: acted ? null : name,
    ip: entry.ip,
    userAgent: entry.userAgent,
    outcome: entry.outcome,
  };
}
