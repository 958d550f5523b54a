import { Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { SecretDialog } from "@/components/SecretDialog";
import { EmptyState } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { api } from "@/lib/api";
import { withAccessNote } from "@/lib/live/withAccessNote";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { useWebhooks, type Endpoint, type Settings } from "./api";
import { EndpointDialog } from "./EndpointDialog";
import { eventsText, lookOf, shortUrl } from "./words";

/** The organization's webhooks. */
export function WebhooksPage() {
  const endpoints = withAccessNote(useQueryState(api.webhooks.endpoints.list, {}), t("webhooks.noAccess"));
  const { create } = useWebhooks();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const save = async (settings: Settings) => setMade(await create(settings));
  const isAllowed = endpoints.kind !== "error";
  return (
    <>
      <PageHeader
        title={t("webhooks.webhooks")}
        description={t("webhooks.note")}
        action={
          isAllowed && (
            <Button onClick={() => setAdding(true)}>
              <Plus />
              {t("webhooks.add")}
            </Button>
          )
        }
      />
      <Card aria-label={t("webhooks.webhooks")} className="py-1 sm:py-2">
        <DataList
          state={endpoints}
          label={t("webhooks.webhooks")}
          keyOf={({ id }) => id}
          row={(endpoint) => <EndpointRow endpoint={endpoint} />}
          empty={<EmptyState icon={<Webhook />}>{t("webhooks.empty")}</EmptyState>}
        />
      </Card>
      <EndpointDialog open={adding} onOpenChange={setAdding} save={save} />
      <SecretDialog
        title={t("webhooks.secret")}
        label={t("webhooks.secret")}
        secret={made?.secret ?? null}
        copied={t("webhooks.secretCopied")}
        onClose={() => {
          if (made) void navigate(`/webhooks/${made.id}`);
          setMade(null);
        }}
      />
    </>
  );
}

function EndpointRow({ endpoint }: { endpoint: Endpoint }) {
  const { label, tone } = lookOf(endpoint);
  return (
    <Link
      to={`/webhooks/${endpoint.id}`}
      className="-mx-2 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-0.5 rounded-control px-2 py-3 text-sm hover:bg-surface-muted md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_7rem_6rem]"
    >
      <span className="truncate font-medium">{shortUrl(endpoint.url)}</span>
      <span className="order-last col-span-2 truncate text-xs text-muted-foreground empty:hidden md:order-none md:col-span-1 md:text-sm md:empty:block">
        {endpoint.description}
      </span>
      <span className="hidden text-muted-foreground md:block">{eventsText(endpoint.events)}</span>
      <span className="text-right">
        <Badge tone={tone}>{label}</Badge>
      </span>
    </Link>
  );
}
