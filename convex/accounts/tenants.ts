/** Tenants, for operators (`npx convex run`). */
import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import * as Audit from "../audit/writer";
import { conflict, invalid, notFound } from "../lib/errors";
import { randomUuid } from "../lib/ids";
import { cleanText, textProblems } from "../lib/text";
import { normalizeEmail } from "./rules";
import { endAllAudited } from "../identity/sessions/endAllSessions";
import { byEmail } from "../identity/users";

const NAME_MAX = 200;

/** → the new tenant's uuid. Names are unique, so that a repeated command makes no second one. */
export const create = internalMutation({
  args: { name: v.string() },
  returns: v.string(),
  handler: async (ctx, args) => {
    const name = cleanText(args.name);
    const problems = name === "" ? ["Must not be empty."] : textProblems(name, NAME_MAX);
    if (problems.length > 0) throw invalid({ name: problems });
    const existing = await ctx.db
      .query("tenants")
      .withIndex("by_name", (q) => q.eq("name", name))
      .first();
    if (existing) throw conflict(`The tenant ${name} exists already.`, { tenantId: existing.uuid });
    const uuid = randomUuid();
    await ctx.db.insert("tenants", { uuid, name });
    return uuid;
  },
});

/**
 * Moves a user to another tenant. All their sessions end, so that no device goes on showing the old one's data. Audit
 * entries stay with the tenant they were made in.
 */
export const assign = internalMutation({
  args: { email: v.string(), tenantId: v.string() },
  returns: v.null(),
  handler: async (ctx, { email, tenantId }) => {
    const user = await byEmail(ctx, normalizeEmail(email));
    if (!user) throw notFound(`No user has the e-mail address ${email}.`);
    const tenant = await ctx.db
      .query("tenants")
      .withIndex("by_uuid", (q) => q.eq("uuid", tenantId))
      .unique();
    if (!tenant) throw notFound(`No tenant has the id ${tenantId}.`);
    if (user.tenantId === tenant._id) return null;
    await ctx.db.patch("users", user._id, { tenantId: tenant._id });
    const by = {
      actor: { name: "operator" },
      about: { ...user, tenantId: tenant._id },
      client: { ip: null, userAgent: "" },
    };
    await Audit.append(ctx, { action: "tenant_assigned", target: `tenant ${tenant.uuid}`, ...by });
    await endAllAudited(ctx, user._id, "signed_out", by);
    return null;
  },
});
