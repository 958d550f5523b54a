import { RelativeTime } from "@/components/RelativeTime";
import { useNow } from "@/lib/time/useNow";
import { rich, t } from "@/messages/translate";
import type { RetriedEntry } from "./api";
import { EntryRow } from "./EntryRow";

/** An entry that is tried again by itself: its error from the first attempt on, and when the next one is. */
export function RetriedRow({ entry }: { entry: RetriedEntry }) {
  const isDue = entry.nextAttemptAt <= useNow();
  const count = entry.attempts;
  return (
    <EntryRow
      entry={entry}
      state={
        isDue
          ? t("store.retriedNow", { count })
          : rich("store.retriedEntry", { count, time: () => <RelativeTime at={entry.nextAttemptAt} /> })
      }
    />
  );
}
