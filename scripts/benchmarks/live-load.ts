import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import { quantile } from "./stats";

export interface Subscriber {
  close(): void;
}

/** One plain WebSocket speaking the sync protocol, with one query; `onUpdate` for every result after the first. */
export function subscribe(options: {
  convexUrl: string;
  jwt: string | null;
  path: string;
  args: object;
  onUpdate: () => void;
}): Promise<Subscriber> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${options.convexUrl.replace(/^http/, "ws")}/api/1.48.0/sync`, {
      perMessageDeflate: false,
    });
    const send = (message: object) => socket.send(JSON.stringify(message));
    let subscribed = false;
    socket.on("open", () => {
      send({
        type: "Connect",
        sessionId: randomUUID(),
        connectionCount: 0,
        lastCloseReason: "InitialConnect",
        clientTs: Date.now(),
      });
      if (options.jwt) send({ type: "Authenticate", tokenType: "User", value: options.jwt, baseVersion: 0 });
      const add = { type: "Add", queryId: 0, udfPath: options.path, args: [options.args] };
      send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [add] });
    });
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {
        type: string;
        modifications?: { type: string; errorMessage?: string }[];
      };
      if (message.type === "AuthError" || message.type === "FatalError") reject(new Error(data.toString()));
      for (const change of message.modifications ?? []) {
        if (change.type === "QueryFailed") reject(new Error(change.errorMessage));
        if (change.type !== "QueryUpdated") continue;
        if (subscribed) options.onUpdate();
        subscribed = true;
        resolve({ close: () => socket.close() });
      }
    });
    socket.on("error", reject);
  });
}

export interface FanOut {
  firstP50Ms: number;
  lastP50Ms: number;
  lastP99Ms: number;
  lost: number;
}

/** Changes one thing at a time and waits until each of `count` subscribers has heard of it. */
export async function fanOut(options: {
  count: number;
  iterations: number;
  connect: (onUpdate: () => void) => Promise<Subscriber>;
  change: (n: number) => Promise<unknown>;
}): Promise<FanOut> {
  let heard = 0;
  let changedAt = 0;
  let arrivals: number[] = [];
  let complete = () => {};
  const onUpdate = () => {
    arrivals.push(performance.now() - changedAt);
    if (++heard === options.count) complete();
  };
  const subscribers: Subscriber[] = [];
  for (let i = 0; i < options.count; i += 50)
    subscribers.push(
      ...(await Promise.all(Array.from({ length: Math.min(50, options.count - i) }, () => options.connect(onUpdate)))),
    );
  const first: number[] = [];
  const last: number[] = [];
  let lost = 0;
  const warmUp = 5;
  for (let n = 0; n < options.iterations + warmUp; n++) {
    heard = 0;
    arrivals = [];
    const told = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 10_000);
      complete = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    changedAt = performance.now();
    const [, all] = await Promise.all([options.change(n), told]);
    if (!all) lost += options.count - heard;
    else if (n >= warmUp) {
      first.push(Math.min(...arrivals));
      last.push(Math.max(...arrivals));
    }
  }
  for (const subscriber of subscribers) subscriber.close();
  return { firstP50Ms: quantile(first, 0.5), lastP50Ms: quantile(last, 0.5), lastP99Ms: quantile(last, 0.99), lost };
}
