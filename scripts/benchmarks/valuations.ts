import { randomUUID } from "node:crypto";
import { startReference, type Bench, type BenchUser } from "./bench";
import { httpLoad, type LoadRequest, type LoadResult } from "./http-load";
import { ms, perSecond, ratio, report } from "./stats";

const LOAD_MS = 2_000;
const CONNECTIONS = 32;
const SIZES = [20, 1_000, 100_000];
/** Growth is measured between these. */
const [SMALL, LARGE] = [1_000, 100_000];
const IMPORTED_AT_ONCE = 200;
/** The documented outer walls, p99. */
const WALLS_MS = { list: 500, restore: 300, card: 200 };

/** Drafts of one user, who has the whole table: list, restore and card as it grows, and changing a draft. */
export async function benchValuations(bench: Bench): Promise<void> {
  const user = await bench.newUser();
  const owner = ((await user.query("accounts/users:me", {})) as { id: string }).id;
  const token = await storeCard(bench);
  const reference = await startReference(
    JSON.stringify({ sessions: Array.from({ length: 20 }, (_, i) => ({ id: i, form_data: FORM })) }),
  );
  const seen = new Map<string, LoadResult>();
  let held = 0;
  for (const size of SIZES) {
    held = await fill(bench, owner, held, size);
    await bench.idle();
    const cases: [name: string, wall: number, next: (n: number) => LoadRequest][] = [
      ["list of 20", WALLS_MS.list, (n) => fresh(user, "/api/sessions", n)],
      [
        "list of 20 from the middle",
        WALLS_MS.list,
        (n) => fresh(user, `/api/sessions?offset=${Math.floor(size / 2)}`, n),
      ],
      ["restore", WALLS_MS.restore, (n) => fresh(user, `/api/sessions/${reportId(n % size)}`, n)],
      ["business card, cached", WALLS_MS.card, () => ({ method: "GET", path: `/api/business-cards?token=${token}` })],
    ];
    for (const [name, wall, next] of cases) {
      const result = await httpLoad(bench.siteUrl, next, { connections: 1, durationMs: LOAD_MS });
      seen.set(`${name} ${size}`, result);
      const smaller = size === LARGE ? seen.get(`${name} ${SMALL}`) : undefined;
      report(`${name}, ${size.toLocaleString("en")} drafts`, {
        p50: ms(result.p50Ms),
        p99: `${ms(result.p99Ms)} of ${wall} ms`,
        ...(smaller && { [`p50 of that at ${SMALL.toLocaleString("en")}`]: ratio(result.p50Ms / smaller.p50Ms) }),
        ...failures(result),
      });
    }
  }
  await benchLoad(bench, user, reference.url);
  await reference.close();
}

const FORM = {
  company_name: "Lovelace Engines",
  industry: "Machinery",
  city: "London",
  country_code: "GB",
  revenue: 1_250_000,
  employee_count: 12,
};
const run = randomUUID().slice(0, 8);
const reportId = (n: number) => `bench-${run}-${n}`;

/** A read whose answer no cache has: a guest id that nobody issued makes it another caller's. */
const fresh = (user: BenchUser, path: string, n: number): LoadRequest => ({
  method: "GET",
  path,
  headers: {
    authorization: user.session,
    "x-guest-session-id": `${run}${"0".repeat(20)}${performance.now()}${n}`.replace(".", "-"),
  },
});

const failures = ({ failed, firstFailure }: LoadResult): Record<string, string> =>
  failed > 0 ? { FAILED: `${failed} ${firstFailure}` } : {};

async function fill(bench: Bench, userId: string, from: number, to: number): Promise<number> {
  const now = Date.now();
  const draft = (n: number) => ({
    reportId: reportId(n),
    userId,
    guestSessionId: null,
    status: n % 3 === 0 ? "COMPLETED" : "IN_PROGRESS",
    currentView: "MANUAL",
    createdAt: now - (LARGE - n) * 60_000,
    updatedAt: now - (LARGE - n) * 60_000,
    completedAt: null,
    formData: JSON.stringify({ ...FORM, revenue: n }),
    collectedData: n % 2 === 0 ? JSON.stringify({ source: "bench" }) : null,
    conversationHistory: null,
    valuationResult: null,
    businessCardToken: null,
    prefilledFromCard: false,
  });
  for (let n = from; n < to; n += IMPORTED_AT_ONCE) {
    const drafts = Array.from({ length: Math.min(IMPORTED_AT_ONCE, to - n) }, (_, i) => draft(n + i));
    await bench.admin.run("valuations/imports:importDrafts", { drafts });
  }
  return to;
}

async function storeCard(bench: Bench): Promise<string> {
  const token = `bench-${run}`;
  const nothing = { businessTypeId: null, description: null, businessHighlights: null, reasonForSelling: null };
  const card = {
    token,
    companyName: "Lovelace Engines",
    industry: "Machinery",
    countryCode: "GB",
    city: "London",
    revenue: 1_250_000,
    employeeCount: 12,
    foundingYear: 1843,
    ...nothing,
  };
  await bench.admin.run("store/reads:importBusinessCards", { cards: [card] });
  return token;
}

/**
 * Rates of the same calls, each beside a plain server's; and of changing drafts, every time from the revision last
 * seen.
 */
async function benchLoad(bench: Bench, user: BenchUser, referenceUrl: string): Promise<void> {
  const headers = { authorization: user.session };
  const reads: [name: string, next: (n: number) => LoadRequest][] = [
    ["GET /api/sessions, unchanged", () => ({ method: "GET", path: "/api/sessions", headers })],
    ["GET /api/sessions, fresh", (n) => fresh(user, "/api/sessions", n)],
    ["GET /api/sessions/{reportId}", (n) => ({ method: "GET", path: `/api/sessions/${reportId(n % 1_000)}`, headers })],
  ];
  for (const connections of [1, CONNECTIONS]) {
    const options = { connections, durationMs: LOAD_MS };
    const plain = await httpLoad(referenceUrl, () => ({ method: "GET", path: "/" }), options);
    for (const [name, next] of reads) {
      const ours = await httpLoad(bench.siteUrl, next, options);
      report(`${name}, ${connections} in flight`, {
        rate: perSecond(ours.requestsPerSecond),
        p50: ms(ours.p50Ms),
        p99: ms(ours.p99Ms),
        "of plain node:http": ratio(ours.requestsPerSecond / plain.requestsPerSecond),
        ...failures(ours),
      });
    }
    // Requests come round to a draft only after its last answer, so that each names the revision it is at.
    const revisions = new Map<number, number>();
    const drafts = 4 * connections;
    const base = LARGE - 1 - (connections === 1 ? 0 : 1_000);
    const patched = await httpLoad(
      bench.siteUrl,
      (n) => {
        const draft = base - (n % drafts);
        const revision = (revisions.get(draft) ?? 0) + 1;
        revisions.set(draft, revision);
        return {
          method: "PATCH",
          path: `/api/sessions/${reportId(draft)}`,
          headers: { ...headers, "if-match": `"${revision}"` },
          body: { form_data: { company_name: `Company ${n}`, revenue: n } },
        };
      },
      options,
    );
    report(`PATCH two fields with If-Match, ${connections} in flight`, {
      rate: perSecond(patched.requestsPerSecond),
      p50: ms(patched.p50Ms),
      p99: ms(patched.p99Ms),
      ...failures(patched),
    });
  }
}
