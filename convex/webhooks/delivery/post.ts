"use node";
/** Sends one message to its receiver, signed as Standard Webhooks asks. */
import { createHmac } from "node:crypto";
import { request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { SECOND_MS } from "../../lib/time";
import { ANSWER_MAX_BYTES, ATTEMPT_TIMEOUT_MS, findUrlProblem, isSuccess, PRIVATE_ADDRESS, toHostName } from "../rules";
import type { Attempt } from "../tables";
import { resolveHost } from "./addresses";

export type Message = { url: string; eventUuid: string; body: string; secrets: string[] };

/** The signature of a message; several secrets sign beside each other. */
function sign({ eventUuid, body, secrets }: Message, timestamp: number): string {
  const signed = `${eventUuid}.${timestamp}.${body}`;
  return secrets
    .map((secret) => createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64")).update(signed))
    .map((hmac) => `v1,${hmac.digest("base64")}`)
    .join(" ");
}

/**
 * Makes one attempt and tells how it went; never throws. Redirects are not followed. The connection goes to an address
 * that was looked at, so that a name which answers otherwise the next time leads nowhere else.
 */
export async function post(message: Message, isPrivateAllowed: boolean): Promise<Attempt> {
  const at = Date.now();
  const refused = (error: string): Attempt => ({ at, code: null, answer: null, error });
  const problem = findUrlProblem(message.url, isPrivateAllowed);
  if (problem !== null) return refused(`The URL ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`);
  return await new Promise<Attempt>((resolve) => {
    const request = open(message, at, isPrivateAllowed);
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      resolve(attempt);
      request.destroy();
    };
    let giveUp = () => end(refused(`No answer within ${ATTEMPT_TIMEOUT_MS / SECOND_MS} s.`));
    const timer = setTimeout(() => giveUp(), ATTEMPT_TIMEOUT_MS);
    request.on("error", (error) => end(refused(describe(error))));
    // The status is the answer, whether or not all that follows it comes in time.
    request.on("response", (response) => (giveUp = readAnswer(response, at, end)));
    request.end(message.body);
  });
}

/** The length of a reason that is kept. */
const ERROR_MAX = 300;

const describe = (error: Error & { code?: string }): string =>
  (error.message || error.code || "The request failed.").slice(0, ERROR_MAX);

function open(message: Message, at: number, isPrivateAllowed: boolean): ClientRequest {
  const url = new URL(message.url);
  const timestamp = Math.floor(at / SECOND_MS);
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return request(url, {
    method: "POST",
    // A connection of its own: one that was kept open may be gone, and would lead to an address of earlier.
    agent: false,
    lookup: lookUpPublic(isPrivateAllowed),
    headers: {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(message.body),
      "User-Agent": "live-sessions",
      "webhook-id": message.eventUuid,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(message, timestamp),
    },
  });
}

/** Looks a name up for the connection itself; one with a single address that nothing may be sent to has none. */
const lookUpPublic =
  (isPrivateAllowed: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolveHost(toHostName({ hostname } as URL)).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) callback(new Error(`${hostname} has no address.`), "");
        else if (!isPrivateAllowed && addresses.some(({ isPrivate }) => isPrivate))
          callback(new Error(`The URL ${PRIVATE_ADDRESS.charAt(0).toLowerCase()}${PRIVATE_ADDRESS.slice(1)}`), "");
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ""),
    );
  };

/** Reads as much of an answer as is kept; returns what ends the reading early. */
function readAnswer(response: IncomingMessage, at: number, end: (attempt: Attempt) => void): () => void {
  const code = response.statusCode ?? null;
  const parts: Buffer[] = [];
  let bytes = 0;
  const finish = () => {
    const answer = Buffer.concat(parts).subarray(0, ANSWER_MAX_BYTES).toString("utf8");
    end({ at, code, answer, error: isSuccess(code) ? null : describeStatus(code) });
  };
  response.on("data", (part: Buffer) => {
    parts.push(part);
    bytes += part.length;
    if (bytes >= ANSWER_MAX_BYTES) finish();
  });
  response.on("end", finish);
  response.on("error", finish);
  return finish;
}

const describeStatus = (code: number | null): string =>
  code !== null && code >= 300 && code < 400 ? "Redirects are not followed." : `The receiver answered ${code}.`;
