import { EmptyState } from "@/components/states";
import { DataList } from "@/components/DataList";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { RequestRow } from "./RequestRow";

/** The pending requests for one session. */
export function RequestsCard({ id, isFull }: { id: number; isFull: boolean }) {
  const waiting = useQueryState(api.tutoring.requests.ofSession, { id });
  return (
    <Card aria-label={t("tutoring.requests")}>
      <CardTitle className="mb-2">{t("tutoring.requests")}</CardTitle>
      {isFull && waiting.kind === "ready" && waiting.data.length > 0 && (
        <p className="text-sm text-muted-foreground">{t("tutoring.allSeatsTaken")}</p>
      )}
      <DataList
        state={waiting}
        label={t("tutoring.requests")}
        keyOf={({ id: request }) => request}
        row={(request) => <RequestRow request={request} isFull={isFull} />}
        empty={<EmptyState className="py-4">{t("tutoring.noRequests")}</EmptyState>}
      />
    </Card>
  );
}
