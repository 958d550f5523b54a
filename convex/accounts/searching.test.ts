import { expect, test } from "vitest";
import { matches } from "./searching";

const session = {
  deviceName: "Firefox on Linux",
  ipAddress: "192.0.2.1",
  location: "New York, US",
  loginMethod: "password",
};

test.each(["firefox", "FIRE", "fox", "linux fire", "192.0.2", "york", "new york, us", "passw", "", "  "])(
  "%j finds it",
  (search) => {
    expect(matches(session, search)).toBe(true);
  },
);

test.each(["chrome", "firefox windows", "192.0.3", "google"])("%j does not", (search) => {
  expect(matches(session, search)).toBe(false);
});
