"use node";

import { connect, type Socket } from "node:net";
import { v } from "convex/values";
import { internalAction } from "../../_generated/server";
import { vVerdict, type Verdict } from "../shapes";

const CHUNK_BYTES = 64 * 1024;
const TIMEOUT_MS = 60_000;

// clamd also says FOUND of what it could not look into, such as "Heuristics.Limits.Exceeded.MaxScanSize",
// "…Encrypted.Zip" or "…Broken.Media.PNG.…", and of what a site may not want, such as "…OLE2.ContainsMacros.VBA". Of
// its heuristics these name malware.
const MALWARE_HEURISTICS = /^Heuristics\.(Exploit|Trojan|W32|Worm)\./;
const isMalware = (name: string): boolean => !name.startsWith("Heuristics.") || MALWARE_HEURISTICS.test(name);

/**
 * Has clamd look at bytes, by its INSTREAM command: chunks with their length before them, a length of zero at the end.
 *
 * @param url `tcp://host:port` (port 3310 when left out) or `unix:///path`
 * @throws Error when clamd is not there, does not answer in a minute, or gives up; the file has then not been judged
 * and may be shown to clamd again
 */
export async function scanWithClamd(url: string, bytes: Uint8Array, timeoutMs = TIMEOUT_MS): Promise<Verdict> {
  const answer = await ask(url, bytes, timeoutMs);
  if (answer.endsWith(": OK")) return { status: "clean" };
  if (answer.includes("size limit exceeded")) return { status: "error", reason: "It is too large for clamd to check." };
  const name = /: (.+) FOUND$/.exec(answer)?.[1];
  if (name === undefined) throw new Error(`clamd answered "${answer.slice(0, 200)}"`);
  if (!isMalware(name)) return { status: "error", reason: `It cannot be checked by clamd: ${name}.` };
  return { status: "infected", reason: `It is infected with ${name}.` };
}

function open(url: string): Socket {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === "unix:") return connect({ path: decodeURIComponent(pathname) });
  if (protocol === "tcp:") return connect({ host: hostname, port: port === "" ? 3310 : Number(port) });
  throw new Error("CLAMD_URL must be tcp://host:port or unix:///path");
}

function ask(url: string, bytes: Uint8Array, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open(url);
    const answer: Buffer[] = [];
    const timer = setTimeout(() => socket.destroy(new Error(`clamd did not answer within ${timeoutMs} ms`)), timeoutMs);
    socket.on("data", (part: Buffer) => answer.push(part));
    // clamd may answer and hang up before it has read everything, over its size limit for one.
    socket.on("error", (error) => (answer.length > 0 ? resolve(decodeText(answer)) : reject(error)));
    socket.on("close", () => {
      clearTimeout(timer);
      if (answer.length > 0) resolve(decodeText(answer));
      else reject(new Error("clamd hung up without an answer"));
    });
    socket.on("connect", () => {
      socket.write("zINSTREAM\0");
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        const chunk = bytes.subarray(at, at + CHUNK_BYTES);
        socket.write(encodeLength(chunk.length));
        socket.write(chunk);
      }
      socket.write(encodeLength(0));
    });
  });
}

function encodeLength(length: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(length);
  return prefix;
}

const decodeText = (parts: Buffer[]): string => Buffer.concat(parts).toString("utf8").replace(/\0+$/, "").trim();

/** The verdict of the clamd at `CLAMD_URL` on a stored file. */
export const scan = internalAction({
  args: { storageId: v.id("_storage") },
  returns: vVerdict,
  handler: async (ctx, { storageId }): Promise<Verdict> => {
    const blob = await ctx.storage.get(storageId);
    if (!blob) return { status: "error", reason: "The file is gone." };
    return await scanWithClamd(process.env.CLAMD_URL ?? "", new Uint8Array(await blob.arrayBuffer()));
  },
});
