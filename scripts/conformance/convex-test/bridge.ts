/**
 * Functions that are pushed along with the suite's own: each makes one system call of an inline function, whose code
 * runs in the test's process.
 */
import { internalActionGeneric, internalMutationGeneric, internalQueryGeneric } from "convex/server";
import { ConvexError, jsonToConvex, type JSONValue, v } from "convex/values";

interface SystemCalls {
  syscall(op: string, json: string): string;
  asyncSyscall(op: string, json: string): Promise<string>;
}

interface Thrown {
  message: string;
  data?: JSONValue;
}

const CALL = { op: v.string(), json: v.string() };

async function makeCall(_ctx: unknown, { op, json }: { op: string; json: string }): Promise<string> {
  const { Convex } = globalThis as unknown as { Convex: SystemCalls };
  try {
    if (op === "readStream") return await readStream(Convex, json);
    if (op.startsWith("sync:")) return Convex.syscall(op.slice("sync:".length), json);
    return await Convex.asyncSyscall(op, json);
  } catch (error) {
    const { data, message } = error as Thrown;
    if (data === undefined) throw error;
    const rethrown = new ConvexError(jsonToConvex(data));
    rethrown.message = message;
    throw rethrown;
  }
}

/** All rows of a query: a stream ends with the function that opened it. */
async function readStream(calls: SystemCalls, json: string): Promise<string> {
  const { queryId } = JSON.parse(calls.syscall("1.0/queryStream", json)) as { queryId: number };
  const rows: unknown[] = [];
  for (;;) {
    const next = JSON.parse(await calls.asyncSyscall("1.0/queryStreamNext", JSON.stringify({ queryId }))) as {
      value: unknown;
      done: boolean;
    };
    if (next.done) return JSON.stringify(rows);
    rows.push(next.value);
  }
}

export const query = internalQueryGeneric({ args: CALL, handler: makeCall });
export const mutation = internalMutationGeneric({ args: CALL, handler: makeCall });
export const action = internalActionGeneric({ args: CALL, handler: makeCall });

export const storeBlob = internalActionGeneric({
  args: { bytes: v.bytes(), type: v.string() },
  handler: async (ctx, { bytes, type }): Promise<string> => await ctx.storage.store(new Blob([bytes], { type })),
});

export const getBlob = internalActionGeneric({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const blob = await ctx.storage.get(id);
    return blob === null ? null : { bytes: await blob.arrayBuffer(), type: blob.type };
  },
});
