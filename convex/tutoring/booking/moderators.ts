/** The right to let a session be joined. */
import type { Viewer } from "../../identity/act";
import { isHeldByAnother } from "../../identity/users";
import { forbidden } from "../../lib/errors";
import { NOT_AUTHORIZED, type Session } from "./sessionRows";

const PERMISSION = "moderate_sessions";

export const isModerator = ({ principal }: Viewer): boolean => principal.permissions.includes(PERMISSION);

/**
 * Why the viewer may not approve the session; null when they may. Nobody approves what they give themselves while
 * another moderator of the tenant can.
 */
export async function findApprovalHindrance(viewer: Viewer, session: Session): Promise<string | null> {
  const { user } = viewer.principal;
  if (!isModerator(viewer)) return NOT_AUTHORIZED;
  if (session.creatorId !== user._id || !(await isHeldByAnother(viewer, user, PERMISSION))) return null;
  return "Another moderator has to approve your session";
}

/** `FORBIDDEN` with the reason for who may not approve the session. */
export async function requireModerator(viewer: Viewer, session: Session): Promise<void> {
  const hindrance = await findApprovalHindrance(viewer, session);
  if (hindrance !== null) throw forbidden(hindrance);
}
