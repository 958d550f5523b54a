import { createServer, type Socket } from "node:net";
import { Connection } from "./connection";
import { openDatabase } from "./database";
import { lockFolder } from "../lib/folders/folder-lock";
import { reasonOf, StoreError } from "./store-error";
import { Turns } from "./turns";

export interface StoreOptions {
  /** Folder of the database; made when missing. Used by one process at a time. */
  dataDir: string;
  /** TCP port; 0 lets the system choose. */
  port: number;
  /** Loopback address to listen on, by default 127.0.0.1. */
  host?: string;
  /** Takes what it is doing until it is ready. */
  onProgress?: (doing: string) => void;
  /** The time that a connection may sit in an open transaction, in ms; by default one minute. */
  idleInTransactionMs?: number;
}

export interface StoreServer {
  port: number;
  host: string;
  close(): Promise<void>;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * Serves the database in `dataDir` over the PostgreSQL protocol in this process, to any number of clients.
 * Throws one line when the port is in use, the host is not loopback, or the folder is unusable or in use.
 */
export async function serveStore(options: StoreOptions, onDeath: (error: unknown) => void): Promise<StoreServer> {
  const host = options.host ?? "127.0.0.1";
  // It asks for no password, so it must not be reachable from elsewhere.
  if (!LOOPBACK.has(host)) throw new StoreError(`The embedded store listens on loopback only, not on ${host}.`);
  const sockets = new Set<Socket>();
  let serve: ((socket: Socket) => void) | null = null;
  // Paused until something reads: clients that come while the database still opens wait instead of being lost.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A reset by the client is an ordinary way to leave; `close` always follows.
    socket.on("error", () => {});
    serve?.(socket);
  });
  // The port first: it is the cheapest thing to find in use.
  const port = await listen(server, options.port, host);
  try {
    const unlock = lockFolder(options.dataDir, "store.lock");
    const database = await openDatabase(options.dataDir, onDeath, options.onProgress).catch((error: unknown) => {
      unlock();
      throw new StoreError(`The store's data folder ${options.dataDir} cannot be opened: ${reasonOf(error)}.`);
    });
    const turns = new Turns(database, options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS);
    let connections = 0;
    serve = (socket) => {
      new Connection(socket, turns, ++connections, database.version);
      socket.resume();
    };
    for (const socket of sockets) serve(socket);
    return {
      port,
      host,
      async close() {
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of sockets) socket.destroy();
        await closed;
        // The rollbacks of cut-off transactions come first.
        await new Promise((resolve) => setImmediate(resolve));
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    server.close();
    for (const socket of sockets) socket.destroy();
    throw error;
  }
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new StoreError(
          error.code === "EADDRINUSE"
            ? `Port ${port} is in use: set STORE_PORT to a free one.`
            : `The store cannot listen on ${host}:${port}: ${error.message}`,
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
