import { createHash, randomUUID } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import { openStore } from "../deployment/transactions";
import type { JsonObject } from "../deployment/values";
import type { Store } from "../deployment/transactions";

/** `jwt` is empty when no tokens were asked for. */
export interface FixtureUser {
  uuid: string;
  publicId: number;
  credential: string;
  jwt: string;
}

const DAY_MS = 86_400_000;
const BATCH = 200;
interface Lapse {
  expiresAt?: number;
}

/**
 * Writes signed-in users straight into a stopped deployment's database: hashing a thousand passwords would take longer
 * than everything measured. `extraDevices` more sessions go to the first user. Tokens last a day, so that a long run
 * needs no refresh; without `tokens` none are signed, which is most of the time that many users take.
 */
export async function insertUsers(
  dataDir: string,
  options: { count: number; extraDevices?: number; tokens?: { privateKey: string; siteUrl: string } },
): Promise<FixtureUser[]> {
  const store = openStore(dataDir);
  try {
    const tenantId = firstTenant(store);
    const sign = options.tokens ? await signer(options.tokens) : async () => "";
    const users: FixtureUser[] = [];
    for (let from = 0; from < options.count; from += BATCH) {
      const made = store.groupCommit((writer) => {
        const tx = store.begin("write");
        const rows = Array.from({ length: Math.min(BATCH, options.count - from) }, (_, at) =>
          insertUser(tx, tenantId, from + at),
        );
        if (from === 0)
          for (let device = 0; device < (options.extraDevices ?? 0); device++)
            insertSession(tx, tenantId, rows[0]!.userId);
        writer.commit(tx);
        return rows;
      });
      // The worker of the database starts and answers in other turns; without one the log grows in memory.
      await new Promise((resolve) => setImmediate(resolve));
      for (const { userId, authSessionId, ...user } of made)
        users.push({ ...user, jwt: await sign(`${userId}|${authSessionId}`) });
    }
    return users;
  } finally {
    await store.close();
  }
}

/**
 * Writes `count` more sessions of a user of the first tenant into a stopped deployment; they lapse at `expiresAt`, ms.
 */
export async function insertSessions(
  dataDir: string,
  { userId, count, ...lapse }: { userId: string; count: number } & Lapse,
): Promise<void> {
  const store = openStore(dataDir);
  try {
    const tenantId = firstTenant(store);
    for (let left = count; left > 0; left -= BATCH)
      store.groupCommit((writer) => {
        const tx = store.begin("write");
        for (let i = 0; i < Math.min(left, BATCH); i++) insertSession(tx, tenantId, userId, lapse);
        writer.commit(tx);
      });
  } finally {
    await store.close();
  }
}

async function signer({ privateKey, siteUrl }: { privateKey: string; siteUrl: string }) {
  const key = await importPKCS8(privateKey, "RS256");
  return (subject: string): Promise<string> =>
    new SignJWT({ sub: subject })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuedAt()
      .setIssuer(siteUrl)
      .setAudience("convex")
      .setExpirationTime("1d")
      .sign(key);
}

interface WriteTx {
  insert(component: string, table: string, value: JsonObject): string;
}

function firstTenant(store: Store): string {
  const tx = store.begin("read");
  const stream = tx.openStream("", {
    source: { type: "FullTableScan", tableName: "tenants", order: "asc" },
    operators: [],
  });
  const text = tx.nextInStream(stream);
  if (text === null) throw new Error("the deployment has no tenant yet; register one user first");
  return (JSON.parse(text) as { _id: string })._id;
}

function insertUser(tx: WriteTx, tenantId: string, number: number) {
  const uuid = randomUUID();
  const publicId = 1_000_000 + number;
  const userId = tx.insert("", "users", {
    uuid,
    publicId,
    tenantId,
    email: `load${number}@example.com`,
    username: `load${number}`,
    firstName: "Load",
    lastName: `User ${number}`,
    permissions: [],
    needsOnboarding: false,
    onboardingCompleted: true,
  });
  return { uuid, publicId, userId, ...insertSession(tx, tenantId, userId) };
}

function insertSession(tx: WriteTx, tenantId: string, userId: string, { expiresAt }: Lapse = {}) {
  const now = Date.now();
  const credential = randomUUID();
  const authSessionId = tx.insert("", "authSessions", { userId, expirationTime: now + 30 * DAY_MS });
  const sessionId = tx.insert("", "accountSessions", {
    publicId: Math.floor(Math.random() * 2 ** 48) + 1,
    credentialHash: createHash("sha256").update(credential).digest("hex"),
    keyStub: `${credential.slice(0, 6)}…`,
    authSessionId,
    userId,
    tenantId,
    data: "{}",
    ipAddress: "127.0.0.1",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    deviceInfo: { browser: "Firefox", os: "Linux", device: "Desktop" },
    deviceName: "Firefox on Linux",
    location: null,
    loginMethod: "password",
    createdAt: now,
    searchText: "firefox linux",
    generation: 0,
    state: { kind: "active" },
  });
  tx.insert("", "accountSessionActivity", {
    sessionId,
    userId,
    lastActivityAt: now,
    expiresAt: expiresAt ?? now + 7 * DAY_MS,
    generation: 0,
  });
  return { credential, authSessionId };
}
