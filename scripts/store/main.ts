/** The embedded store as a command, and what `startStore` runs as its child. */
import { setPriority } from "node:os";
import { parseArgs } from "node:util";
import { serveStore, type StoreServer } from "./server";
import type { StoreMessage } from "./start";
import { reasonOf, StoreError } from "./store-error";

const HELP = `An embedded PostgreSQL (PGlite) that any PostgreSQL client can connect to.

Usage: tsx scripts/store/main.ts [options]

  --data-dir <folder>  where the data is kept (default: $DATA_DIR/store or .data/store)
  --port <number>      TCP port, 0 for any free one (default: $STORE_PORT or 5433)
  --host <address>     loopback address to listen on (default: 127.0.0.1)
  --quiet              print nothing but errors
  --help               this text

It asks for no password and listens on loopback only. Ctrl-C or SIGTERM stops it; data survives kill -9.
`;

const LOW_PRIORITY = 10;
let ready = false;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  // Deliveries to this process can wait; the live server beside it cannot.
  setPriority(LOW_PRIORITY);
  // The parent is gone, perhaps killed: nobody else would stop this one. What is unfinished is made anew at a next
  // start.
  const leave = () => process.exit(1);
  if (process.send && !process.connected) leave();
  process.once("disconnect", leave);
  const server = await serveStore(
    {
      dataDir: values["data-dir"] ?? `${process.env.DATA_DIR ?? ".data"}/store`,
      port: portOf(values.port ?? process.env.STORE_PORT ?? "5433"),
      host: values.host,
      onProgress: (doing) => tellParent({ kind: "doing", doing }),
    },
    // Nothing can be answered any more; a new process recovers from the log.
    (error) => fail(new StoreError(`The database engine failed: ${reasonOf(error)}`)),
  );
  process.off("disconnect", leave);
  stopOnSignals(server);
  ready = true;
  tellParent({ kind: "ready", port: server.port });
  if (!values.quiet) console.log(`Store: postgresql://postgres@${server.host}:${server.port}/postgres`);
}

/** A parent that has just gone hears nothing, which is no error; `disconnect` follows. */
function tellParent(message: StoreMessage, then: () => void = () => undefined): void {
  process.send?.(message, then);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StoreError(`Port ${text} is not a number from 0 to 65535.`);
  return port;
}

function stopOnSignals(server: StoreServer): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("disconnect", stop);
}

function fail(error: unknown): void {
  const reason = reasonOf(error);
  // While starting, the parent passes the reason on; later it only sees the end.
  if (process.connected && !ready) tellParent({ kind: "failed", reason }, () => process.exit(1));
  else {
    console.error(reason);
    process.exit(1);
  }
}

main().catch(fail);
