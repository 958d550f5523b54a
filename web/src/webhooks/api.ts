import type { EventType } from "@convex/webhooks/writer";
import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";
import { useRest } from "@/lib/server/useRest";

export type { EventType };
export type Endpoint = FunctionReturnType<typeof api.webhooks.endpoints.list>[number];
export type Delivery = FunctionReturnType<typeof api.webhooks.deliveries.list>["page"][number];
export type Attempt = Delivery["attempts"][number];

export type Settings = { url: string; events: string[]; description: string };

/** Acts of managers of webhooks. They go over REST, where the address behind a URL is looked up before it is kept. */
export function useWebhooks() {
  const { call } = useRest();
  const send = (method: string, path: string, body?: object): Promise<Response> =>
    call(`/api/v1/webhooks/${path}`, {
      method,
      ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
  const withSecret = async (answer: Promise<Response>) =>
    (await (await answer).json()) as { id: string; secret: string };
  return {
    create: (settings: Settings) => withSecret(send("POST", "", settings)),
    rotateSecret: (id: string) => withSecret(send("POST", `${id}/rotate_secret/`)),
    update: (id: string, changes: Partial<Settings> & { enabled?: boolean }) => send("PATCH", `${id}/`, changes),
    remove: (id: string) => send("DELETE", `${id}/`),
    sendTest: (id: string) => send("POST", `${id}/test/`),
    replay: (id: string, deliveryId: string) => send("POST", `${id}/deliveries/${deliveryId}/replay/`),
  };
}
