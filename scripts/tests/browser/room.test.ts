/**
 * The room of a session in real Chromium: pictures and sound go from page to page, measured at their end. The browser's
 * own test camera shows a moving picture, its microphone beeps once a second.
 */
import { expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { target } from "../support/api";
import { useBrowser } from "../support/browser";
import { violationsOf } from "../support/axe";
import { enter, expectSeenAndHeard, sounds, MEDIA, nameIn, offerNow, PATIENCE_MS } from "../support/room";

const server = target();
const { newUser } = useBrowser({ timezoneId: "UTC" }, MEDIA);

test("two people see and hear each other, also after one reloads; a third knocks and is let in", async () => {
  const tutor = await newUser();
  const url = await offerNow(tutor.page, "Face to face");
  const student = await newUser({ viewport: { width: 360, height: 740 } });
  await student.page.goto(url);
  await student.page.getByRole("button", { name: "Ask to join" }).click();
  await student.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();

  await tutor.page.getByRole("link", { name: "Enter the room" }).click();
  await enter(tutor.page);
  await tutor.page.getByText("Nobody else is here yet").waitFor();
  // One tap from the home page.
  await student.page.goto(server.webUrl);
  await student.page.getByRole("link", { name: "Enter the room" }).click();
  await enter(student.page);
  expect(await student.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const [tutorName, studentName] = [await nameIn(tutor.page), await nameIn(student.page)];
  await expectSeenAndHeard(tutor.page, studentName);
  await expectSeenAndHeard(student.page, tutorName);
  await tutor.page.getByRole("listitem", { name: studentName }).getByText("speaking").waitFor({ state: "attached" });

  // A reload comes back without another tap, and is seen again.
  await student.page.reload();
  await student.page.getByRole("button", { name: "Leave the room" }).waitFor();
  await expectSeenAndHeard(student.page, tutorName);
  await expectSeenAndHeard(tutor.page, studentName);

  // Muted and with the camera off, one is told as such; the last picture does not stand still on the other's page.
  await student.page.getByRole("button", { name: "Mute" }).click();
  await tutor.page.getByRole("listitem", { name: studentName }).getByRole("img", { name: "muted" }).waitFor();
  await waitFor(async () => !(await sounds(tutor.page, studentName)), PATIENCE_MS);
  await student.page.getByRole("button", { name: "Turn camera off" }).click();
  await tutor.page.locator(`video[aria-label="${studentName}"].invisible`).waitFor({ state: "attached" });
  await student.page.getByRole("button", { name: "Turn camera on" }).click();
  await student.page.getByRole("button", { name: "Unmute" }).click();
  await expectSeenAndHeard(tutor.page, studentName);

  const guest = await newUser();
  await guest.page.goto(url);
  await guest.page.getByRole("link", { name: "Knock at the room" }).click();
  await guest.page.getByRole("button", { name: "Knock", exact: true }).click();
  await guest.page.getByText(/^Waiting for .* to let you in$/).waitFor();
  await tutor.page.getByRole("button", { name: /^Let .* in$/ }).click();
  await guest.page.getByRole("button", { name: "Leave the room" }).waitFor();
  await expectSeenAndHeard(guest.page, tutorName);
  await expectSeenAndHeard(guest.page, studentName);
  const guestName = await nameIn(guest.page);
  await expectSeenAndHeard(student.page, guestName);
  expect(await violationsOf(tutor.page)).toEqual([]);

  await tutor.page.getByRole("button", { name: `Remove ${guestName} from the room` }).click();
  await guest.page.getByText(/removed you from the room/).waitFor();
  await tutor.page.getByRole("listitem", { name: guestName }).waitFor({ state: "detached" });

  await student.page.getByRole("button", { name: "Leave the room" }).click();
  await tutor.page.getByText("Nobody else is here yet").waitFor();
  await student.page.getByRole("button", { name: "Come back" }).click();
  await expectSeenAndHeard(tutor.page, studentName);
  for (const each of [tutor, student, guest]) {
    expect(each.errors).toEqual([]);
    expect(each.outside).toEqual([]);
    await each.context.close();
  }
});
