/** A receiver of webhooks over real HTTP, which behaves as the path it is asked under says. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { deadlineMs } from "../../lib/deadlines";

interface Received {
  path: string;
  at: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: any;
}

export interface Receiver {
  url: string;
  /** The requests under a path, in the order in which they came. */
  under(path: string): Received[];
  /** Waits until `count` requests have come under a path that `matches`. */
  wait(path: string, count: number, matches?: (one: Received) => boolean): Promise<Received[]>;
  /** What a path answers from now on: a status, or nothing ever, or a connection that breaks. */
  behave(path: string, as: number | "hang" | "break"): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const behaviors = new Map<string, number | "hang" | "break">();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString();
      received.push({ path, at: Date.now(), headers: request.headers, text, body: JSON.parse(text) });
      const as = behaviors.get(path) ?? 204;
      if (as === "hang") return;
      if (as === "break") return void request.socket.destroy();
      response.writeHead(as, as >= 300 && as < 400 ? { Location: "/elsewhere" } : {});
      response.end(as === 204 ? undefined : "x".repeat(3_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const under = (path: string) => received.filter((one) => one.path === path);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    under,
    wait: async (path, count, matches = () => true) => {
      const until = Date.now() + deadlineMs(20_000);
      for (;;) {
        const found = under(path).filter(matches);
        if (found.length >= count) return found;
        if (Date.now() > until)
          throw new Error(
            `${found.length} of ${count} under ${path}: ${under(path)
              .map(({ body }) => body.type as string)
              .join()}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    behave: (path, as) => void behaviors.set(path, as),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
