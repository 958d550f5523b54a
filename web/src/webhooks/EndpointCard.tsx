import { RelativeTime } from "@/components/RelativeTime";
import { Card, CardTitle } from "@/components/ui/card";
import { rich, t } from "@/messages/translate";
import type { Endpoint } from "./api";
import { ALL } from "./words";

/** The purpose of an endpoint and its events. */
export function EndpointCard({ endpoint: { events, description, createdAt } }: { endpoint: Endpoint }) {
  return (
    <Card aria-label={t("webhooks.details")}>
      <CardTitle>{t("webhooks.details")}</CardTitle>
      <dl className="mt-3 space-y-3 text-sm">
        {description && (
          <div>
            <dt className="text-xs text-muted-foreground">{t("webhooks.description")}</dt>
            <dd className="mt-0.5">{description}</dd>
          </div>
        )}
        <div>
          <dt className="text-xs text-muted-foreground">{t("webhooks.events")}</dt>
          <dd className="mt-0.5">
            {events.includes(ALL) ? (
              t("webhooks.allEvents")
            ) : (
              <ul className="space-y-0.5">
                {events.map((event) => (
                  <li key={event}>
                    <code className="text-xs break-all">{event}</code>
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        <div>
          <dt className="text-xs text-muted-foreground">{t("webhooks.added")}</dt>
          <dd className="mt-0.5">
            <RelativeTime at={createdAt} />
          </dd>
        </div>
        <div>
          <dt className="text-xs text-muted-foreground">{t("webhooks.secret")}</dt>
          <dd className="mt-0.5">
            {rich("webhooks.secretNote", {
              link: (text) => (
                <a
                  href="https://www.standardwebhooks.com"
                  target="_blank"
                  rel="noreferrer"
                  className="text-accent-text underline underline-offset-4"
                >
                  {text}
                </a>
              ),
            })}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
