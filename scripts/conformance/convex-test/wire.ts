/** The requests of a test's process to its deployment, whatever the test has done to clock and `fetch`. */
import { spawnSync } from "node:child_process";
import { request } from "node:http";
import { type JSONValue, jsonToConvex, ConvexError } from "convex/values";

/** Where the command answers. */
export const CONTROL_VARIABLE = "CONFORMANCE_CONTROL_URL";

/** A deployment that belongs to one `convexTest()`. */
export interface StartedDeployment {
  id: number;
  cloudUrl: string;
  siteUrl: string;
  adminKey: string;
}

/** The deployment, and as whom it is called. */
export interface Target {
  deployment: StartedDeployment;
  identity: Record<string, JSONValue> | null;
}

export interface CalledFunction {
  componentPath: string;
  path: string;
  args: JSONValue;
}

type Outcome =
  { status: "success"; value: JSONValue } | { status: "error"; errorMessage: string; errorData?: JSONValue };

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Sent {
  method: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export function sendRequest(url: string, { method, headers, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const answered = Object.fromEntries(received) as Record<string, string>;
        resolve({ status: response.statusCode!, headers: answered, body: Buffer.concat(chunks) });
      });
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

/** `POST` of JSON in a process of its own, for what is synchronous in the mock. @throws Error with the answer. */
export function postAndBlock(url: string, headers: Record<string, string>, body: unknown): string {
  const script = `const [, url, headers, body] = process.argv;
const answer = await fetch(url, { method: "POST", headers: JSON.parse(headers), body });
process.stdout.write(await answer.text());
process.exitCode = answer.ok ? 0 : 1;`;
  const given = ["--input-type=module", "-e", script, url, JSON.stringify(headers), JSON.stringify(body)];
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { encoding: "utf8", env: {} });
  if (status !== 0) throw new Error(stdout || stderr);
  return stdout;
}

function describeCall({ deployment, identity }: Target, called: CalledFunction) {
  const actingAs = identity === null ? "" : `:${Buffer.from(JSON.stringify(identity)).toString("base64")}`;
  return {
    url: `${deployment.cloudUrl}/api/function`,
    headers: { "Content-Type": "application/json", Authorization: `Convex ${deployment.adminKey}${actingAs}` },
    body: { ...called, format: "convex_encoded_json" },
  };
}

/** Calls a function. @throws Error with its message, and `data` as JSON when there is some. */
export async function callFunction(target: Target, called: CalledFunction): Promise<JSONValue> {
  const { url, headers, body } = describeCall(target, called);
  const answer = await sendRequest(url, { method: "POST", headers, body: JSON.stringify(body) });
  return readOutcome(answer.body.toString());
}

/** As `callFunction`, without a promise. */
export function callAndBlock(target: Target, called: CalledFunction): JSONValue {
  const { url, headers, body } = describeCall(target, called);
  return readOutcome(postAndBlock(url, headers, body));
}

function readOutcome(text: string): JSONValue {
  const outcome = JSON.parse(text) as Outcome;
  if (outcome.status === "success") return outcome.value;
  if (outcome.status !== "error") throw new Error(text);
  const error = new Error(readThrownMessage(outcome.errorMessage));
  throw outcome.errorData === undefined ? error : Object.assign(error, { data: outcome.errorData });
}

/** How errors of Convex begin, and what the mock says in the same place: only the words differ. */
const MOCK_WORDS: [RegExp, string][] = [
  [/^ArgumentValidationError: /, "Validator error"],
  [/^ReturnsValidationError: /, "Return value validation failed"],
  [/^Failed to insert or update a document in table /, "Validator error"],
  [/^Too many documents read in a single function execution/, "Scanned too many documents"],
  [/^Too many documents written in a single function execution/, "Wrote too many documents"],
  [/^Provided document ID \w+ doesn't match '_id' field/, "does not match the document ID"],
];

/** The thrown error as the mock lets a test see it: without request id, class and stack, and in its words, too. */
function readThrownMessage(message: string): string {
  const thrown = message
    .replace(/^\[Request ID: \w+\] Server Error\n/, "")
    .replace(/^(Uncaught (\w+: )?)+/, "")
    .replace(/\n\s+at [\s\S]*$/, "")
    .trimEnd();
  const words = MOCK_WORDS.find(([beginning]) => beginning.test(thrown))?.[1];
  return words === undefined ? thrown : `${thrown} [${words}]`;
}

/** The error that a caller of a function sees for the one that `callFunction` has thrown. */
export function restoreError(error: unknown): unknown {
  const { data } = error as { data?: JSONValue };
  if (data === undefined || error instanceof ConvexError) return error;
  const restored = new ConvexError(jsonToConvex(data));
  restored.message = (error as Error).message;
  return restored;
}
