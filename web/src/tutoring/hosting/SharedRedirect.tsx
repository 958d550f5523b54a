import { Navigate, useParams } from "react-router";
import { PageFailure } from "@/components/PageFailure";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";

/** Leads those who are signed in from a session's link to the session itself. */
export function SharedRedirect() {
  const { token = "" } = useParams();
  const id = useQueryState(api.tutoring.sessions.sharedId, { token });
  if (id.kind === "loading") return <PageSkeleton />;
  if (id.kind === "error")
    return <PageFailure {...id} kind="session" back={{ to: "/tutoring", label: t("tutoring.allSessions") }} />;
  return <Navigate to={`/tutoring/${id.data}`} replace />;
}
