import { useMutation } from "convex/react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";

/** Deletes a report at once and offers undo instead of asking first. Throws when the deletion fails. */
export function useDeleteReport(): (reportId: string, title: string) => Promise<void> {
  const remove = useMutation(api.valuations.sessions.remove);
  const restore = useMutation(api.valuations.sessions.restore);
  return async (reportId, title) => {
    await remove({ reportId });
    const undo = () => {
      restore({ reportId }).catch((error: unknown) => toast(readFailure(error).message));
    };
    toast(t("valuations.reportDeleted", { title }), {
      action: { label: t("common.undo"), onClick: undo },
      durationMs: 10_000,
    });
  };
}
