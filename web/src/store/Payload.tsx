import { Loaded } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";

/** The payload of an entry, as it is sent to the store. */
export function Payload({ id }: { id: string }) {
  const payload = useQueryState(api.store.outbox.payload, { id });
  return (
    <Loaded state={payload} skeleton={<Skeleton className="mt-2 h-32" />}>
      {(sent) => (
        <pre
          tabIndex={0}
          aria-label={t("operations.payload")}
          className="mt-2 max-h-64 overflow-auto rounded-control bg-surface-muted p-2 text-xs whitespace-pre-wrap"
        >
          {JSON.stringify(sent, null, 2)}
        </pre>
      )}
    </Loaded>
  );
}
