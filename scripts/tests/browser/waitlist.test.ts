/** The waiting list in real Chromium: a place, an offer that is accepted, one that is declined and one that lapses. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { target } from "../support/api";
import { offerSession, useBrowser } from "../support/browser";

const server = target();

const { newUser } = useBrowser();

const list = (page: Page) => page.getByRole("region", { name: "Waiting list" });
const offered = (page: Page) => page.getByRole("region", { name: "A seat is free for you" });

test("who waits sees the place, gets the freed seat offered on the session and on Home, and takes it", async () => {
  const tutor = await newUser();
  const url = server.webUrl + (await offerSession(tutor.page, { title: "Full house", seats: 1 }));
  const [seated, first, second] = await Promise.all([
    newUser(),
    newUser(),
    newUser({ viewport: { width: 360, height: 740 } }),
  ]);
  for (const { page } of [seated, first, second]) await page.goto(url);
  await seated.page.getByRole("button", { name: "Ask to join" }).click();
  await seated.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();

  await first.page.getByRole("button", { name: "Join the waiting list" }).click();
  await list(first.page).getByText("1st in line", { exact: true }).waitFor();
  await second.page.getByText("1 person is waiting").waitFor();
  await second.page.getByRole("button", { name: "Join the waiting list" }).click();
  await list(second.page).getByText("2nd in line", { exact: true }).waitFor();
  await list(tutor.page).getByRole("listitem").nth(1).waitFor();
  expect(await second.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

  await second.page.goto(server.webUrl);
  await seated.page.getByRole("button", { name: "Leave", exact: true }).click();
  await seated.page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
  await offered(first.page)
    .getByRole("timer")
    .getByText(/^(30|29):\d\d$/)
    .waitFor();
  await list(tutor.page)
    .getByText(/^Has an offer for/)
    .waitFor();

  // The first declines, so the second is asked, who is on the home page.
  await offered(first.page).getByRole("button", { name: "Decline" }).click();
  await list(first.page).getByText("You declined the seat and left the waiting list.").waitFor();
  await second.page.getByText("A seat is free for you in Full house").waitFor();
  await offered(second.page).getByRole("button", { name: "Accept" }).click();
  await offered(second.page).waitFor({ state: "detached" });
  await second.page.goto(url);
  await second.page.getByRole("region", { name: "Seats" }).getByText("You", { exact: true }).waitFor();
  await tutor.page.getByText(/^1 of 1 taken/).waitFor();
  await list(tutor.page).waitFor({ state: "detached" });
  for (const each of [tutor, seated, first, second]) {
    expect(each.errors).toEqual([]);
    await each.context.close();
  }
});

test("an offer that lapses while its page is open says so", async () => {
  const tutor = await newUser();
  const url = server.webUrl + (await offerSession(tutor.page, { title: "Too slow", seats: 1 }));
  const [seated, waiting] = await Promise.all([newUser(), newUser()]);
  for (const { page } of [seated, waiting]) await page.goto(url);
  await seated.page.getByRole("button", { name: "Ask to join" }).click();
  await seated.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();
  await waiting.page.getByRole("button", { name: "Join the waiting list" }).click();
  await list(waiting.page).getByText("1st in line", { exact: true }).waitFor();
  // The page's clock runs ahead by more than an offer lasts, as if nobody had touched it that long.
  await waiting.page.clock.install();
  await seated.page.getByRole("button", { name: "Leave", exact: true }).click();
  await seated.page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
  await offered(waiting.page).getByRole("timer").waitFor();
  await waiting.page.clock.fastForward("31:00");
  await offered(waiting.page)
    .getByText(/^The offer has expired/)
    .waitFor();
  expect(await offered(waiting.page).getByRole("button").count()).toBe(0);
  await Promise.all([tutor.context.close(), seated.context.close(), waiting.context.close()]);
});
