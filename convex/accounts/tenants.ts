/** Tenants, for operators (`npx convex run`). */
import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import * as Audit from "../audit/writer";
import { conflict, notFound } from "../lib/errors";
import { text } from "../lib/schemas/fields";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import { normalizeEmail } from "../lib/folding/email";
import { endAllSessionsAudited } from "../identity/sessions/endAllSessions";
import { createTenant, getTenantByName, getTenantByUuid } from "../identity/tenants";
import { getUserByEmail, setTenant } from "../identity/users";

export { experimental_reuseContext } from "../lib/contexts";

const NAME_MAX = 200;
const createInput = z.strictObject({ name: text({ min: 1, max: NAME_MAX }) });

/** → the new tenant's uuid. Names are unique, so that a repeated command makes no second one. */
export const create = internalMutation({
  args: { name: v.string() },
  returns: v.string(),
  handler: async (ctx, args) => {
    const { name } = parse(createInput, args);
    const existing = await getTenantByName(ctx, name);
    if (existing) throw conflict(`The tenant ${name} exists already.`, { tenantId: existing.uuid });
    return (await createTenant(ctx, name)).uuid;
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
    const user = await getUserByEmail(ctx, normalizeEmail(email));
    if (!user) throw notFound(`No user has the email address ${email}.`);
    const tenant = await getTenantByUuid(ctx, tenantId);
    if (!tenant) throw notFound(`No tenant has the id ${tenantId}.`);
    if (user.tenantId === tenant._id) return null;
    await setTenant(ctx, user._id, tenant._id);
    const by = {
      actor: { name: "operator" },
      about: { ...user, tenantId: tenant._id },
      client: Audit.NO_CLIENT,
    };
    await Audit.append(ctx, { action: "tenant_assigned", target: `tenant ${tenant.uuid}`, ...by });
    await endAllSessionsAudited(ctx, user._id, { reason: "signed_out" }, by);
    return null;
  },
});
