/** Tutoring in real Chromium under other settings than the rest of the tests have: on a server of its own. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { startServer, type Server } from "../../lib/server";
import { newEmail, offerSession, signUp, useBrowser } from "../support/browser";

let server: Server;
let admin: ReturnType<typeof adminClient>;

const { visit } = useBrowser();

beforeAll(async () => {
  server = await startServer({ args: ["--no-seed"] });
  admin = adminClient(server.convexUrl, server.adminKey);
});
afterAll(() => server?.stop());

async function newUser() {
  const visitor = await visit();
  const email = newEmail();
  await signUp(visitor.page, server.webUrl, email);
  return { ...visitor, email };
}

const badge = (page: Page, count: number) =>
  page.getByRole("button", { name: `Notifications, ${count} unread` }).waitFor();

test("a session waits for a moderator, and opens on the tutor's page when it is approved", async () => {
  const tutor = await newUser();
  const path = await offerSession(tutor.page, { title: "For approval", seats: 2 });
  await tutor.page.getByText("Awaiting approval", { exact: true }).waitFor();
  await tutor.page.getByRole("button", { name: "More actions" }).click();
  await tutor.page.getByRole("menuitem", { name: "Share by link" }).click();
  await tutor.page.getByText("The link shows the session once it is approved.").waitFor();
  await tutor.page.keyboard.press("Escape");
  const moderator = await newUser();
  await moderator.page.goto(`${server.webUrl}${path}`);
  await moderator.page.getByRole("button", { name: "Not open yet" }).waitFor();
  await admin.run("accounts/users:grantPermission", { email: moderator.email, permission: "moderate_sessions" });
  await moderator.page.getByRole("button", { name: "Approve", exact: true }).click();
  await moderator.page.getByRole("alertdialog").getByRole("button", { name: "Approve" }).click();
  await tutor.page.getByText("Approved", { exact: true }).waitFor();
  await badge(tutor.page, 1);
  await moderator.page.getByRole("button", { name: "Ask to join" }).waitFor();
  await Promise.all([tutor.context.close(), moderator.context.close()]);
});

test("a file is uploaded, visibly scanned, and downloaded by those who have a seat only; a lie is deleted", async () => {
  await admin.setEnvironment({ TUTORING_AUTO_APPROVE: "true" });
  const tutor = await newUser();
  const path = await offerSession(tutor.page, { title: "With paper", seats: 1 });
  const student = await newUser();
  await student.page.goto(`${server.webUrl}${path}`);
  const materials = (page: Page) => page.getByRole("region", { name: "Materials" });
  const add = async (name: string, content: string) => {
    await materials(tutor.page).getByRole("button", { name: "Add material" }).click();
    const dialog = tutor.page.getByRole("dialog");
    await dialog
      .getByLabel("File", { exact: true })
      .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };
  // No scanner can be asked, so the file waits to be scanned; then the built-in check does it.
  await admin.setEnvironment({ CLAMD_URL: "tcp://127.0.0.1:1" });
  await add("worksheet.txt", "One half and one third.");
  await materials(tutor.page).getByText("Scanning…").waitFor();
  expect(await materials(tutor.page).getByRole("link").count()).toBe(0);
  await admin.setEnvironment({ CLAMD_URL: null });
  const rows = await admin.run<{ page: { _id: string }[] }>("_system/cli/tableData", {
    table: "tutoringMaterials",
    order: "desc",
    paginationOpts: { numItems: 1, cursor: null },
  });
  await admin.run("tutoring/files/scan:run", { materialId: rows.page[0]!._id });
  await materials(tutor.page).getByRole("link", { name: "Download worksheet.txt" }).waitFor();
  await materials(student.page).getByText("worksheet", { exact: true }).waitFor();
  expect(await materials(student.page).getByRole("link").count()).toBe(0);
  await add("photo.png", "no picture at all");
  await materials(tutor.page).getByText("Couldn't be scanned").waitFor();
  await badge(tutor.page, 1);

  await student.page.getByRole("button", { name: "Ask to join" }).click();
  await student.page.getByRole("button", { name: "Send request" }).click();
  await tutor.page.getByRole("button", { name: /^Approve / }).click();
  const downloading = student.page.waitForEvent("download");
  await materials(student.page).getByRole("link", { name: "Download worksheet.txt" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("worksheet.txt");
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe("One half and one third.");

  await materials(tutor.page).getByRole("button", { name: "Remove worksheet" }).click();
  await tutor.page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await materials(student.page).getByText("worksheet", { exact: true }).waitFor({ state: "detached" });
  await Promise.all([tutor.context.close(), student.context.close()]);
});
