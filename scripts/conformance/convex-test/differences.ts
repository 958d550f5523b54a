/** Tests of the suite that say something about the mock only, and tests whose outcome differs, each with the reason. */

type Reasons = Record<string, string>;

const IN_PROCESS = "code given to the test runs in the test's process, which says nothing about the deployment";
const MOCK_LIMITS = "limits given to convexTest() are an option of the mock";
const MOCK_CLOCK = "sets or stops the clock, which is the mock's";
const NOT_ATOMIC = "each call of an inline function is a transaction of its own here";

/** Not run. By file, or by file and test: `file > suite > test`. */
export const NOT_APPLICABLE: Reasons = {
  "runtime.test.ts": IN_PROCESS,
  "typeAssignability.test.ts": "checks types of the mock",
  "bandwidth.test.ts": `${MOCK_LIMITS}, and its metrics are read in inline functions: ${NOT_ATOMIC}`,
  "nestedLimits.test.ts > nested limits cannot raise above the global limit": MOCK_LIMITS,
  "nestedLimits.test.ts > global limit still applies when the nested limit is looser": MOCK_LIMITS,
  "nestedLimits.test.ts > nested limit does not leak to the parent transaction": MOCK_LIMITS,
  "nestedLimits.test.ts > rolled-back nested writes do not consume the global write limit": MOCK_LIMITS,
  "messages.test.ts > ai": "replaces fetch in the test's process; the action runs in the deployment",
  "inlineFunctions.test.ts > inline action basic": IN_PROCESS,
  "inlineFunctions.test.ts > inline action with return value": IN_PROCESS,
  "inlineFunctions.test.ts > inline mutation transaction rollback": NOT_ATOMIC,
  "pagination.test.ts > multiple paginate calls in one function execution throw": NOT_ATOMIC,
  "scheduler.test.ts > with fake timers > rollback cancels scheduled function": NOT_ATOMIC,
  "scheduler.test.ts > with fake timers > scheduled mutations serialize after the parent commits": NOT_ATOMIC,
  "convexError.test.ts > ConvexError.data is deserialized from inline t.query handler": IN_PROCESS,
  "convexError.test.ts > ConvexError.data is deserialized from inline t.mutation handler": IN_PROCESS,
  "convexError.test.ts > ConvexError.data is deserialized from inline t.action handler": IN_PROCESS,
  "convexError.test.ts > ConvexError.data is deserialized from t.run handler": IN_PROCESS,
  "queries.test.ts > system index > works with by_creation_time": MOCK_CLOCK,
  "scheduler.test.ts > with fake timers > action scheduling action": MOCK_CLOCK,
  "scheduler.test.ts > with fake timers > advancing time fires only jobs whose scheduledTime has arrived": MOCK_CLOCK,
  "scheduler.test.ts > with fake timers > scheduled functions don't fire until time advances": MOCK_CLOCK,
  "scheduler.test.ts > with fake timers > self-scheduling mutation": "the mock's guard against endless waiting",
};

const MADE_UP_NAME = "the mock calls inline functions `inline`; here the call is made by a pushed function";
const PLATFORM_WORDS = "refused in the words of Convex's backend, which are not the mock's";
const BY_RELEVANCE =
  "found by relevance, and the newest first of those with equal, as Convex's backend does; the mock returns them as they were inserted";
const LOOKS_AHEAD = "the mock looks one row ahead; Convex is done once there was no row left to fill the page";
const PLAIN_HTTP = "the deployment listens on this machine, without TLS";

/** Run, and expected to fail. */
export const DIFFERENT: Reasons = {
  "explicitTableNames.test.ts > called with wrong table name > get": PLATFORM_WORDS,
  "explicitTableNames.test.ts > called with wrong table name > patch": PLATFORM_WORDS,
  "explicitTableNames.test.ts > called with wrong table name > delete": PLATFORM_WORDS,
  "explicitTableNames.test.ts > called with wrong table name > replace": PLATFORM_WORDS,
  "getFunctionMetadata.test.ts > inline query": MADE_UP_NAME,
  "getFunctionMetadata.test.ts > inline mutation": MADE_UP_NAME,
  "getFunctionMetadata.test.ts > inline action": MADE_UP_NAME,
  "indexes.test.ts > gt,lt,lt in range of indexed field": PLATFORM_WORDS,
  "pagination.test.ts > paginate with deletes and indexes": LOOKS_AHEAD,
  "pagination.test.ts > paginate with deletes and composite index": LOOKS_AHEAD,
  "storage.test.ts > query get URL": PLAIN_HTTP,
  "storage.test.ts > mutation generate upload URL": PLAIN_HTTP,
  "textSearch.test.ts > text search": BY_RELEVANCE,
  "textSearch.test.ts > case insensitive text search": BY_RELEVANCE,
  "textSearch.test.ts > multi-word query matching": BY_RELEVANCE,
  "vectorSearch.test.ts > vector search": "the index has 1536 dimensions and the vectors 3, which Convex refuses",
};

/** The reason listed for a test, or for its file; null when there is none. */
export function findReason(reasons: Reasons, file: string, test: string): string | null {
  return reasons[`${file} > ${test}`] ?? reasons[file] ?? null;
}
