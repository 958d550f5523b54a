/** Webhooks: what they cost the mutation that causes an event, and how many events a second reach a receiver. */
import { startReceiver, type Receiver } from "../tests/support/receiver";
import type { Bench } from "./bench";
import { median, ms, perSecond, quantile, ratio, report } from "./stats";

const ROUNDS = 10;
const EDITS = 30;
/** The pause after each edit, in which its delivery is put on record. */
const REST_MS = 40;
const PATH = "/in";
const EVENTS = 1_024;
const IN_FLIGHT = 32;

export async function benchWebhooks(bench: Bench): Promise<void> {
  await bench.admin.setEnvironment({ WEBHOOK_ALLOW_PRIVATE: "true" });
  const receiver = await startReceiver();
  try {
    const manager = await bench.newUser();
    const { email } = (await manager.query("accounts/users:me", {})) as { email: string };
    await bench.admin.run("accounts/users:grantPermission", { email, permission: "manage_webhooks" });
    const manage = async (method: string, path: string, body: object) => {
      const headers = { Authorization: manager.session, "Content-Type": "application/json" };
      const url = `${bench.siteUrl}/api/v1/webhooks/${path}`;
      const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as { id: string };
    };
    const { id } = await manage("POST", "", { url: `${receiver.url}${PATH}`, events: ["valuation.updated"] });

    const { edit } = await newDraft(bench);
    // In turns, since the machine is shared. Each edit waits for what the last one has caused.
    const [alone, told]: [number[], number[]] = [[], []];
    let caused = 0;
    for (let round = 0; round < ROUNDS; round++)
      for (const enabled of [false, true]) {
        await manage("PATCH", `${id}/`, { enabled });
        const rest = async () => {
          if (enabled) await receiver.wait(PATH, ++caused);
          await new Promise((resolve) => setTimeout(resolve, REST_MS));
        };
        (enabled ? told : alone).push(median(await timeEach(EDITS, edit, rest)));
      }
    report("mutation with an event that an endpoint is sent", {
      p50: ms(median(told)),
      "without an endpoint": ms(median(alone)),
      "of that": ratio(median(told) / median(alone)),
    });

    await measureDelivery(bench, receiver);
  } finally {
    await receiver.close();
    await bench.admin.setEnvironment({ WEBHOOK_ALLOW_PRIVATE: null });
  }
}

async function timeEach(
  count: number,
  work: (n: number) => Promise<unknown>,
  rest: () => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const startedAt = performance.now();
    await work(n);
    times.push(performance.now() - startedAt);
    await rest();
  }
  return times;
}

/** Many people edit at once; an event is on its way from its mutation to its arrival. */
async function measureDelivery(bench: Bench, receiver: Receiver): Promise<void> {
  const before = receiver.under(PATH).length;
  const startedAt = Date.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      const { edit } = await newDraft(bench);
      for (let n = 0; n < EVENTS / IN_FLIGHT; n++) await edit(n);
    }),
  );
  const mutatedMs = Date.now() - startedAt;
  const events = (await receiver.wait(PATH, before + EVENTS)).slice(before);
  const delays = events.map(({ at, body }) => at - Date.parse((body as { timestamp: string }).timestamp));
  report(`${EVENTS.toLocaleString("en")} events, ${IN_FLIGHT} mutations in flight`, {
    mutations: perSecond((EVENTS * 1_000) / mutatedMs),
    "events received": perSecond((EVENTS * 1_000) / (Math.max(...events.map(({ at }) => at)) - startedAt)),
    "delay p50": ms(quantile(delays, 0.5)),
    p99: ms(quantile(delays, 0.99)),
  });
}

async function newDraft(bench: Bench): Promise<{ edit: (revenue: number) => Promise<unknown> }> {
  const user = await bench.newGuest();
  const { reportId } = (await user.mutation("valuations/sessions:create", {})) as { reportId: string };
  return { edit: (revenue) => user.mutation("valuations/sessions:update", { reportId, formData: { revenue } }) };
}
