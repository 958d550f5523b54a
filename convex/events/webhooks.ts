/** The notification that somebody gets when a webhook is disabled. */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { listHolders } from "../identity/users";
import { notifyUsers } from "../notifications/model";

/** Its URL has answered with errors alone for days: tells its creator, or all managers where a service key made it. */
export async function endpointFailing(
  ctx: MutationCtx,
  { url, createdBy, tenantId }: Doc<"webhookEndpoints">,
): Promise<void> {
  const userIds = createdBy === null ? await listHolders(ctx, tenantId, "manage_webhooks") : [createdBy];
  await notifyUsers(ctx, userIds, {
    title: `Webhook disabled: ${new URL(url).host}`,
    message: `Nothing could be delivered to ${url} for five days, so nothing more is sent there. Enable it again once it answers.`,
    type: "general",
    session: null,
  });
}
