/** Tutoring sessions that have something due while the server is down, for the fault tests. */
import { expect } from "vitest";
import { adminClient } from "../../lib/admin";
import { waitFor, type Server } from "../../lib/server";
import { call, newAccount, type Account } from "./api";

const HOUR_MS = 3_600_000;
const DUE_IN_MS = 6_000;

interface Due {
  /** Offers one session about to begin and one about to be reminded of, each with a participant. */
  offer: () => Promise<void>;
  /** Resolves once everything is due. */
  passed: () => Promise<void>;
  /** Everything that fell due has happened, and once, however often the clock runs. */
  expectOnce: (server: Server) => Promise<void>;
}

/** Needs `TUTORING_AUTO_APPROVE`. */
export async function dueSessions(server: Server): Promise<Due> {
  const { siteUrl, convexUrl } = server;
  const [creator, student] = await Promise.all([
    newAccount({}, siteUrl, convexUrl),
    newAccount({}, siteUrl, convexUrl),
  ]);
  const as = async (who: Account, method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, { auth: who.session, siteUrl, ...(body !== undefined && { body }) });
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
    return answer.body;
  };
  let dueAt = 0;
  let begins = "";
  const offer = async (title: string, startsAt: number): Promise<string> => {
    const draft = {
      title,
      description: "d",
      subject: "s",
      level: "beginner",
      date: new Date(startsAt).toISOString(),
      duration: 30,
    };
    const path = `/api/sessions/${(await as(creator, "POST", "/api/sessions/", draft)).id}/`;
    const request = await as(student, "POST", `${path}join/`, {});
    await as(creator, "POST", `${path}approve_request/`, { user_id: request.user.id });
    return path;
  };
  const reminders = async (who: Account) =>
    ((await as(who, "GET", "/api/notifications/")) as { type: string; title: string }[])
      .filter(({ type }) => type === "reminder")
      .map(({ title }) => title);
  return {
    async offer() {
      dueAt = Date.now() + DUE_IN_MS;
      begins = await offer("Begins", dueAt);
      await offer("Reminds", dueAt + HOUR_MS);
    },
    passed: () => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, dueAt - Date.now()) + 200)),
    async expectOnce(restarted) {
      await waitFor(
        async () => (await as(student, "GET", begins)).status === "ongoing" && (await reminders(student)).length > 0,
        60_000,
      );
      const admin = adminClient(restarted.convexUrl, restarted.adminKey);
      for (let i = 0; i < 5; i++) await admin.run("tutoring/sweep:startClock", {});
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const who of [creator, student]) expect(await reminders(who)).toEqual(["Reminder: Reminds"]);
      expect((await as(creator, "GET", begins)).status).toBe("ongoing");
    },
  };
}
