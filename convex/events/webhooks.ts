/** The notification that somebody gets when a webhook is disabled. */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { notifyUser } from "../notifications/model";

/** Its URL has answered with errors alone for days. */
export const endpointFailing = (ctx: MutationCtx, { url, createdBy }: Doc<"webhookEndpoints">): Promise<void> =>
  notifyUser(ctx, createdBy, {
    title: `Webhook disabled: ${new URL(url).host}`,
    message: `Nothing could be delivered to ${url} for five days, so nothing more is sent there. Enable it again once it answers.`,
    type: "general",
    session: null,
  });
