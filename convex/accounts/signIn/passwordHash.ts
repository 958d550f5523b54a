"use node";
/**
 * Password hashing, in actions of the Node runtime: it takes a fifth of a second or more of one core, which no
 * transaction and no live update may wait for.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { v } from "convex/values";
import { internalAction } from "../../_generated/server";

// OWASP Password Storage Cheat Sheet, scrypt: N=2^14 (16 MiB), r=8, p=5, one of five settings that it holds to be
// equally strong. Its first, N=2^17 (128 MiB), r=8, p=1, took 622 ms where this takes 296.
const COST = 2 ** 14;
const BLOCK_SIZE = 8;
const DEFAULT_PASSES = 5;
const PASSES_MAX = 50;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

type Parameters = { N: number; r: number; p: number };

/**
 * `PASSWORD_HASH_PASSES` is scrypt's p: what a hash costs those who sign in, and those who guess, grows with it. Each
 * stored hash names its own. A malformed setting is the default, rather than one that is easily broken.
 */
function readParameters(): Parameters {
  const passes = Number(process.env.PASSWORD_HASH_PASSES ?? DEFAULT_PASSES);
  const isValid = Number.isInteger(passes) && passes >= 1 && passes <= PASSES_MAX;
  return { N: COST, r: BLOCK_SIZE, p: isValid ? passes : DEFAULT_PASSES };
}

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * The hash under way, if any: one at a time in a process, so that a rush of sign-ins takes one core of it.
 */
let turn: Promise<unknown> = Promise.resolve();

/** Off the thread of this process too: other actions go on while a password is hashed. */
function derive(password: string, salt: Buffer, { N, r, p }: Parameters): Promise<Buffer> {
  const hashed = turn.then(() =>
    scryptAsync(password.normalize("NFKC"), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }),
  );
  turn = hashed.catch(() => undefined);
  return hashed;
}

const encode = (salt: Buffer, hash: Buffer, { N, r, p }: Parameters): string =>
  ["scrypt", N, r, p, salt.toString("base64"), hash.toString("base64")].join("$");

// Costs what a real one costs and matches nothing, so that an unknown address answers no faster.
const makeNobodys = () => encode(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES), readParameters());

/** → the text to store: algorithm, parameters, salt and hash. */
export const hash = internalAction({
  args: { password: v.string() },
  returns: v.string(),
  handler: async (_ctx, { password }) => {
    const salt = randomBytes(SALT_BYTES);
    const parameters = readParameters();
    return encode(salt, await derive(password, salt, parameters), parameters);
  },
});

/** Whether the password is the one behind `stored`; without one (null) takes as long and is false. */
export const verify = internalAction({
  args: { password: v.string(), stored: v.union(v.string(), v.null()) },
  returns: v.boolean(),
  handler: async (_ctx, { password, stored }) => {
    const [algorithm, cost, blockSize, parallelism, salt = "", expected = ""] = (stored ?? makeNobodys()).split("$");
    if (algorithm !== "scrypt") throw new Error("a stored password hash has an unknown format");
    const actual = await derive(password, Buffer.from(salt, "base64"), {
      N: Number(cost),
      r: Number(blockSize),
      p: Number(parallelism),
    });
    return timingSafeEqual(actual, Buffer.from(expected, "base64")) && stored !== null;
  },
});
