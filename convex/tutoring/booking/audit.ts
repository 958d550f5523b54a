import * as Audit from "../../audit/writer";
import type { UserAct } from "../../identity/act";
import type { Session } from "./sessionRows";

/** Audits an act on a session; `about` says more of what it was done to. */
export const auditAct = (act: UserAct, action: Audit.AuditAction, session: Session, about = ""): Promise<void> =>
  Audit.append(act, {
    action,
    target: `tutoring session ${session.publicId}${about}`,
    actor: { user: act.principal.user },
    client: act.client,
  });
