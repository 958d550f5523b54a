/**
 * The permanent store takes connections and never answers: nobody waits for it who knows, and drafts are made without
 * it.
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { deadlineMs } from "../../lib/deadlines";
import { startServer, type Server as Running } from "../../lib/server";
import { call, newAccount, type Account } from "../support/api";

/** A listener that says what `speak` has it say, which is no answer. */
async function listener(speak: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    speak(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

const silent = () => undefined;
/** The head of an answer, then a byte of its body now and then. */
const dribbling = (socket: Socket): void => {
  socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
  const timer = setInterval(() => socket.write(" "), 200);
  socket.on("close", () => clearInterval(timer));
};

let server: Running;
let account: Account;

beforeAll(async () => {
  server = await startServer({ env: { PERMANENT_STORE_URL: "postgres://postgres@127.0.0.1:1/postgres" } });
  account = await newAccount({}, server.siteUrl, server.convexUrl);
});
afterAll(() => server?.stop());

async function timed<Answer>(work: () => Promise<Answer>): Promise<Answer & { ms: number }> {
  const began = performance.now();
  return { ...(await work()), ms: performance.now() - began };
}

test.each([
  ["postgres", silent],
  ["http", silent],
  ["http", dribbling],
] as const)("%s, %o", async (scheme, speak) => {
  const store = await listener(speak);
  const admin = adminClient(server.convexUrl, server.adminKey);
  await admin.setEnvironment({
    PERMANENT_STORE_URL:
      scheme === "postgres" ? `postgres://postgres@127.0.0.1:${store.port}/postgres` : `http://127.0.0.1:${store.port}`,
  });
  try {
    const { siteUrl } = server;
    const card = () => timed(() => call("GET", "/api/business-cards?token=abc", { siteUrl }));
    const draft = () =>
      timed(() =>
        call("POST", "/api/sessions", { siteUrl, auth: account.session, body: { business_card_token: "abc" } }),
      );
    const made = await draft();
    expect([made.status, made.body.prefilled_from_card, made.body.business_card_token]).toEqual([201, false, "abc"]);
    expect(made.ms).toBeLessThan(deadlineMs(4_000));
    expect((await card()).status).toBe(500);
    for (let i = 0; i < 3; i++) {
      const refused = await card();
      expect([refused.status, refused.body]).toEqual([
        500,
        { error: "Failed to fetch business card", code: "INTERNAL_ERROR" },
      ]);
      expect(refused.ms).toBeLessThan(deadlineMs(1_000));
      const next = await draft();
      expect(next.status).toBe(201);
      expect(next.ms).toBeLessThan(deadlineMs(1_000));
    }
  } finally {
    store.close();
  }
});
