import { DataList } from "@/components/DataList";
import { EmptyState } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import type { Endpoint } from "./api";
import { DeliveryRow } from "./DeliveryRow";

/** Deliveries to an endpoint, newest first. */
export function DeliveriesCard({ endpoint }: { endpoint: Endpoint }) {
  const deliveries = usePaginatedState(api.webhooks.deliveries.list, { webhookId: endpoint.id }, 20);
  return (
    <Card aria-label={t("webhooks.deliveries")}>
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <CardTitle>{t("webhooks.deliveries")}</CardTitle>
        <span className="text-xs text-muted-foreground">{t("webhooks.keptNote")}</span>
      </div>
      <DataList
        state={deliveries}
        label={t("webhooks.deliveries")}
        keyOf={({ id }) => id}
        row={(delivery) => <DeliveryRow delivery={delivery} endpoint={endpoint} />}
        empty={<EmptyState>{t("webhooks.noDeliveries")}</EmptyState>}
      />
    </Card>
  );
}
