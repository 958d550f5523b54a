/** The pages of webhooks: endpoints and their secrets, deliveries to a real receiver, what a closed page says. */
import { Webhook } from "standardwebhooks";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { target } from "../support/api";
import { violationsOf } from "../support/axe";
import { useBrowser } from "../support/browser";
import { startReceiver, type Receiver } from "../support/receiver";

const server = target();
const { newUser } = useBrowser();
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver?.close());

async function newManager(options: Parameters<typeof newUser>[0] = {}) {
  const manager = await newUser(options);
  await adminClient(server.convexUrl, server.adminKey).run("accounts/users:grantPermission", {
    email: manager.email,
    permission: "manage_webhooks",
  });
  return manager;
}

/** Adds an endpoint through the form and returns the secret that is shown. */
async function addEndpoint(page: Page, url: string, events: string[] = []): Promise<string> {
  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const form = page.getByRole("dialog", { name: "Add endpoint" });
  await form.getByLabel("URL").fill(url);
  await form.getByLabel("Description").fill("Books the hours");
  if (events.length > 0) await form.getByLabel("Chosen events").check();
  for (const event of events) {
    const [group, name] = event.split(": ") as [string, string];
    await form.getByRole("group", { name: group }).getByLabel(name).check();
  }
  await form.getByRole("button", { name: "Add endpoint" }).click();
  const secret = await page.getByRole("dialog", { name: "Signing secret" }).getByLabel("Signing secret").inputValue();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "Done" }).click();
  await page.waitForURL(/\/webhooks\/.+/);
  return secret;
}

const deliveries = (page: Page) => page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
const more = async (page: Page, action: string) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: action }).click();
};

test("an endpoint is made, sent events, read, sent again, changed, paused and deleted", async () => {
  const { page, context, errors, outside } = await newManager();
  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByText("No endpoints yet.").waitFor();
  // The other files' users are of the same tenant, and none of their sessions ends.
  const first = await addEndpoint(page, `${receiver.url}/in`, ["Tutoring: Completed"]);
  await page.getByText("Nothing was sent yet.").waitFor();
  await page.getByText("tutoring.session.completed", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Send test event" }).click();
  const [ping] = await receiver.wait("/in", 1);
  expect(ping!.body.type).toBe("ping");
  new Webhook(first).verify(ping!.text, ping!.headers as Record<string, string>);
  const row = deliveries(page).first();
  await row.getByText("Delivered").waitFor();
  await row.locator("summary").focus();
  await page.keyboard.press("Enter");
  await row.getByText("Answered 204").first().waitFor();
  await row.getByText("The answer was empty.").waitFor();
  expect(await row.textContent()).toContain(ping!.body.id);

  receiver.behave("/in", 500);
  await row.getByRole("button", { name: "Send again" }).click();
  await row.getByText("Answered 500").first().waitFor();
  await page.getByRole("status").filter({ hasText: "Nothing could be delivered since" }).waitFor();
  receiver.behave("/in", 204);
  await row.getByText("3 attempts").waitFor();
  await row.getByText("Delivered").waitFor();
  await page.getByText("Active", { exact: true }).waitFor();

  await more(page, "Rotate secret");
  await page.getByRole("alertdialog").getByRole("button", { name: "Rotate secret" }).click();
  const second = await page.getByRole("dialog").getByLabel("Signing secret").inputValue();
  expect(second).not.toBe(first);
  await page.getByRole("button", { name: "Done" }).click();
  expect(await page.content()).not.toContain(second);
  const before = receiver.under("/in").length;
  await page.getByRole("button", { name: "Send test event" }).click();
  const signed = (await receiver.wait("/in", before + 1)).at(-1)!;
  for (const secret of [first, second])
    new Webhook(secret).verify(signed.text, signed.headers as Record<string, string>);

  await page.getByRole("button", { name: "Edit" }).click();
  const form = page.getByRole("dialog", { name: "Edit endpoint" });
  await form.getByLabel("URL").fill("nowhere");
  await form.getByRole("button", { name: "Save changes" }).click();
  await form.getByText("Must be an absolute URL.").waitFor();
  await form.getByLabel("URL").fill(`${receiver.url}/other`);
  await form.getByLabel("All events").check();
  await form.getByRole("button", { name: "Save changes" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByText(`${receiver.url}/other`).waitFor();
  await page.getByText("All events").waitFor();

  await more(page, "Pause");
  await page.getByRole("alertdialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused", { exact: true }).waitFor();
  expect(await page.getByRole("button", { name: "Send test event" }).count()).toBe(0);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  receiver.behave("/other", 410);
  await page.getByRole("button", { name: "Send test event" }).click();
  await page.getByText("the server answered 410 Gone").waitFor();

  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByRole("link", { name: /\/other/ }).click();
  await more(page, "Delete endpoint");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete endpoint" }).click();
  await page.waitForURL(/\/webhooks$/);
  await page.getByText("No endpoints yet.").waitFor();
  expect([errors, outside]).toEqual([[], []]);
  await context.close();
});

test("wrong entries are told beside their fields, and kept through Escape", async () => {
  const { page, context } = await newManager();
  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const form = page.getByRole("dialog", { name: "Add endpoint" });
  const send = () => form.getByRole("button", { name: "Add endpoint" }).click();
  await send();
  await form.getByText("Enter a URL, such as").waitFor();
  await form.getByLabel("URL").fill("https://user:word@example.com/");
  await send();
  await form.getByText("Must not contain a user name or a password.").waitFor();
  await form.getByLabel("Chosen events").check();
  await send();
  await form.getByText("Choose at least one event.").waitFor();
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Add endpoint" }).click();
  expect(await form.getByLabel("URL").inputValue()).toBe("https://user:word@example.com/");
  await context.setOffline(true);
  await form.getByLabel("All events").check();
  await form.getByLabel("URL").fill(`${receiver.url}/offline`);
  await send();
  await form.getByText("The server couldn't be reached, or refused. Try again.").waitFor();
  await context.close();
});

test("without the permission the page says whom to ask, and an unknown endpoint leads back", async () => {
  const { page, context, email } = await newUser();
  expect(await page.getByRole("link", { name: "Webhooks" }).count()).toBe(0);
  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByText("You don't have access to webhooks. Ask an administrator.").waitFor();
  expect(await page.getByRole("button", { name: "Add endpoint" }).count()).toBe(0);
  await adminClient(server.convexUrl, server.adminKey).run("accounts/users:grantPermission", {
    email,
    permission: "manage_webhooks",
  });
  await page.getByRole("link", { name: "Webhooks" }).waitFor();
  await page.goto(`${server.webUrl}/webhooks/6b2c1c9e-0000-4000-8000-000000000000`);
  await page.getByRole("heading", { level: 1, name: "Webhook not found" }).waitFor();
  await page.getByRole("link", { name: "All webhooks" }).click();
  await page.getByText("No endpoints yet.").waitFor();
  await context.close();
});

test("the pages hold against axe at every width, and fit", async () => {
  const { page, context } = await newManager();
  const expectNone = async (where: string) => expect.soft([where, await violationsOf(page)]).toEqual([where, []]);
  const url = `${receiver.url}/a/very/long/path/that/does/not/fit/a/phone?with=a-query-besides`;
  // Among all events those of other files' users would come before the one that is opened here.
  await addEndpoint(page, url, ["Tutoring: Completed"]);
  await page.getByRole("button", { name: "Send test event" }).click();
  await deliveries(page).first().locator("summary").click();
  await page.getByText("Answered 204").first().waitFor();
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNone(`endpoint at ${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNone("endpoint in the dark");
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Chosen events").check();
  await expectNone("edit");
  await page.keyboard.press("Escape");
  await more(page, "Rotate secret");
  await expectNone("rotate");
  await page.getByRole("alertdialog").getByRole("button", { name: "Rotate secret" }).click();
  await page.getByRole("dialog").getByLabel("Signing secret").waitFor();
  await expectNone("secret");
  await page.goto(`${server.webUrl}/webhooks`);
  await page.getByRole("list", { name: "Webhooks" }).waitFor();
  await expectNone("endpoints");
  await context.close();
});
