import { afterEach, expect, test, vi } from "vitest";
import { api } from "../../_generated/api";
import { newBackend, signedInUser } from "../../setup.testing";

afterEach(() => vi.unstubAllEnvs());

test("every list takes any number of items and gives a page", async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  const ada = await signedInUser(newBackend());
  const goalId = await ada.as.mutation(api.focus.goals.create, {
    title: "Read",
    emoji: "📚",
    category: { name: "Mind", color: "#336699" },
    daysTotal: 30,
  });
  for (const numItems of [0, -1, 0.5, 1.5, NaN, Infinity, -Infinity, 1e9]) {
    const paginationOpts = { numItems, cursor: null };
    for (const list of [
      ada.as.query(api.valuations.sessions.list, { paginationOpts }),
      ada.as.query(api.tutoring.sessions.list, { paginationOpts }),
      ada.as.query(api.notifications.inbox.list, { paginationOpts }),
      ada.as.query(api.focus.sessions.history, { goalId, paginationOpts }),
      ada.as.query(api.audit.entries.mine, { paginationOpts }),
    ])
      expect((await list).isDone).toBe(true);
  }
});
