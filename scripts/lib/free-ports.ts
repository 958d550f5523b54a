import { randomInt } from "node:crypto";
import { createServer } from "node:net";

export interface Ports {
  convex: number;
  site: number;
  store: number;
  web: number;
}

/**
 * Below the ports that systems give to outgoing connections, one of which might take a port before it is listened on.
 */
const FIRST = 10_000;
const END = 32_768;

/** Four ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(): Promise<Ports> {
  const [convex, site, store, web] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return { convex, site, store, web };
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
