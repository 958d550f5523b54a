import type { ReactNode } from "react";
import { t } from "@/messages/translate";
import type { RetriedEntry } from "./api";

const KINDS: Record<RetriedEntry["kind"], string> = {
  register: t("store.registerEntry"),
  complete: t("store.completeEntry"),
};

type Props = {
  entry: Pick<RetriedEntry, "kind" | "sessionId"> & { lastError: string | null };
  /** How often it was tried, and when. */
  state: ReactNode;
  problem?: string | null;
  action?: ReactNode;
};

/** An entry of the outbox that could not be delivered, with its last error. */
export function EntryRow({ entry, state, problem, action }: Props) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-3 py-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-sm font-medium">{KINDS[entry.kind]}</p>
        <p className="mt-0.5 truncate text-xs text-muted-foreground">
          <code>{entry.sessionId}</code> · {state}
        </p>
        <pre className="mt-2 max-h-32 overflow-auto rounded-control bg-surface-muted p-2 text-xs whitespace-pre-wrap">
          {entry.lastError ?? t("store.noError")}
        </pre>
        {problem && (
          <p role="alert" className="mt-1 text-xs text-danger-text">
            {problem}
          </p>
        )}
      </div>
      {action}
    </div>
  );
}
