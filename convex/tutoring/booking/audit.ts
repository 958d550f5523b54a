import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import type { Client } from "../../identity/caller";
import type { UserPrincipal } from "../../identity/principal";
import type { Session } from "./sessionRows";

/** Audits an act of a user on a session; `about` says more of what it was done to. */
export const auditAct = (
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
