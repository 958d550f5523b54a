// @vitest-environment node
import { createServer, type AddressInfo, type Server } from "node:net";
import { zipSync } from "fflate";
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
      for (let at = command.length; at + 4 <= received.length;) {
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
  expect(await scanWithClamd(await daemon(() => "stream: Win.Test.EICAR_HDB-1 FOUND\0"), pdf)).toEqual({
    status: "infected",
    reason: "It is infected with Win.Test.EICAR_HDB-1.",
  });
  server?.close();
  await expect(scanWithClamd(await daemon(() => "stream: Can't allocate memory ERROR\0"), pdf)).rejects.toThrow(
    "allocate memory",
  );
  server?.close();
  await expect(scanWithClamd(await daemon(() => ""), pdf)).rejects.toThrow("without an answer");
  server?.close();
  await expect(scanWithClamd("tcp://127.0.0.1:1", pdf)).rejects.toThrow("ECONNREFUSED");
  await expect(scanWithClamd("http://127.0.0.1", pdf)).rejects.toThrow("CLAMD_URL must be");
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  await expect(scanWithClamd(`tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`, pdf, 100)).rejects.toThrow(
    "did not answer within 100 ms",
  );
  silent.close();
});

test.each([
  [
    "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND",
    "It cannot be checked by clamd: Heuristics.Limits.Exceeded.MaxScanSize.",
  ],
  ["stream: Heuristics.Encrypted.Zip FOUND", "It cannot be checked by clamd: Heuristics.Encrypted.Zip."],
  [
    "stream: Heuristics.Broken.Media.PNG.EOFReadingChunk FOUND",
    "It cannot be checked by clamd: Heuristics.Broken.Media.PNG.EOFReadingChunk.",
  ],
  [
    "stream: Heuristics.OLE2.ContainsMacros.VBA FOUND",
    "It cannot be checked by clamd: Heuristics.OLE2.ContainsMacros.VBA.",
  ],
  ["INSTREAM size limit exceeded. ERROR", "It is too large for clamd to check."],
])("%s names no malware", async (answer, reason) => {
  expect(await scanWithClamd(await daemon(() => `${answer}\0`), pdf)).toEqual({ status: "error", reason });
});

test("a heuristic that names malware does", async () => {
  expect(await scanWithClamd(await daemon(() => "stream: Heuristics.W32.Parite.B FOUND\0"), pdf)).toMatchObject({
    status: "infected",
  });
});

describe.runIf(clamdIsThere())("a real clamd", () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>;

  beforeAll(async () => {
    clamd = await startClamd({ "Eicar-Test-Signature": eicar });
  });
  afterAll(() => clamd?.stop());

  test("finds the test virus and passes a clean file", async () => {
    expect(await scanWithClamd(clamd.url, eicar)).toEqual({
      status: "infected",
      reason: expect.stringContaining("Eicar-Test-Signature") as string,
    });
    expect(await scanWithClamd(clamd.url, pdf)).toEqual({ status: "clean" });
    expect(await scanWithClamd(clamd.url, new Uint8Array(10 * 1024 * 1024))).toEqual({ status: "clean" });
  });

  test("says that it cannot look into what is over its limits, or encrypted", async () => {
    const big = zipSync({ "a.txt": new Uint8Array(20 * 1024 * 1024) });
    expect(await scanWithClamd(clamd.url, big)).toEqual({
      status: "error",
      reason: expect.stringContaining("Heuristics.Limits.Exceeded") as string,
    });
    expect(await scanWithClamd(clamd.url, new Uint8Array(13 * 1024 * 1024))).toEqual({
      status: "error",
      reason: "It is too large for clamd to check.",
    });
    const locked = zipSync({ "a.txt": new Uint8Array(100) }, { level: 0 });
    new DataView(locked.buffer).setUint16(6, 1, true);
    new DataView(locked.buffer).setUint16(locked.length - 22 - 51 + 8, 1, true);
    expect(await scanWithClamd(clamd.url, locked)).toEqual({
      status: "error",
      reason: expect.stringContaining("Heuristics.Encrypted") as string,
    });
  });
});
