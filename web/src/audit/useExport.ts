import { useAction } from "convex/react";
import type { FunctionArgs } from "convex/server";
import { useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useServerNow } from "@/lib/time/ServerClock";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";

/** Saves the entries that are shown as a CSV file. */
export function useExport(what: FunctionArgs<typeof api.audit.entries.exportCsv>) {
  const exportCsv = useAction(api.audit.entries.exportCsv);
  const serverNow = useServerNow();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const download = () => {
    setBusy(true);
    setProblem(null);
    exportCsv(what)
      .then(({ csv, count, complete }) => {
        save(csv, `audit-${new Date(serverNow()).toISOString().slice(0, 10)}.csv`);
        toast(complete ? t("audit.exported", { count }) : t("audit.exportedNewest", { count }));
      })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return { download, busy, problem };
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
