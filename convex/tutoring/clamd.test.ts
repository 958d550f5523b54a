// @vitest-environment node
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { scanWithClamd } from "./clamd";
import { clamdIsThere, startClamd } from "./clamd.testing";
import { eicar, pdf } from "./files.testing";

let server: Server | undefined;
afterEach(() => void server?.close());

/** A server that takes one INSTREAM command, checks its framing, and gives `answer` of the bytes; → its URL. */
async function daemon(answer: (bytes: Buffer) => string): Promise<string> {
  server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("data", (part) => {
      received = Buffer.concat([received, part]);
      const command = "zINSTREAM\0";
      if (received.length < command.length) return;
      expect(received.subarray(0, command.length).toString()).toBe(command);
      const chunks: Buffer[] = [];
      for (let at = command.length; at + 4 <= received.length; ) {
        const length = received.readUInt32BE(at);
        if (length === 0) return void socket.end(answer(Buffer.concat(chunks)));
        chunks.push(received.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("bytes arrive whole, in chunks with their lengths", async () => {
  const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => i % 251);
  let seen: Buffer | undefined;
  const url = await daemon((received) => {
    seen = received;
    return "stream: OK\0";
  });
  expect(await scanWithClamd(url, bytes)).toEqual({ status: "clean" });
  expect(seen?.equals(bytes)).toBe(true);
});

test("what clamd finds is named; what it cannot judge, or its absence, is no verdict", async () => {
  expect(await scanWithClamd(await daemon(() => "stream: Win.Test.EICAR_HDB-1 FOUND\0"), pdf)).toEqual({ status: "infected", reason: "It is infected with Win.Test.EICAR_HDB-1." });
  server?.close();
  await expect(scanWithClamd(await daemon(() => "INSTREAM size limit exceeded. ERROR\0"), pdf)).rejects.toThrow("size limit exceeded");
  server?.close();
  await expect(scanWithClamd(await daemon(() => ""), pdf)).rejects.toThrow("without an answer");
  server?.close();
  await expect(scanWithClamd("tcp://127.0.0.1:1", pdf)).rejects.toThrow("ECONNREFUSED");
  await expect(scanWithClamd("http://127.0.0.1", pdf)).rejects.toThrow("CLAMD_URL must be");
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  await expect(scanWithClamd(`tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`, pdf, 100)).rejects.toThrow("did not answer within 100 ms");
  silent.close();
});

describe.runIf(clamdIsThere())("a real clamd", () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>;

  beforeAll(async () => {
    clamd = await startClamd({ "Eicar-Test-Signature": eicar });
  });
  afterAll(() => clamd?.stop());

  test("finds the test virus and passes a clean file", async () => {
    expect(await scanWithClamd(clamd.url, eicar)).toEqual({ status: "infected", reason: expect.stringContaining("Eicar-Test-Signature") as string });
    expect(await scanWithClamd(clamd.url, pdf)).toEqual({ status: "clean" });
    expect(await scanWithClamd(clamd.url, new Uint8Array(10 * 1024 * 1024))).toEqual({ status: "clean" });
  });
});
