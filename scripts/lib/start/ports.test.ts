import { expect, test } from "vitest";
import { assertPortsFree } from "./ports";

test("an address that is not this machine's is put down to HOST, not to the port", async () => {
  await expect(assertPortsFree("192.0.2.1", { WEB_PORT: 5173 })).rejects.toThrow(
    "Cannot listen on 192.0.2.1 (EADDRNOTAVAIL). Set HOST to an address of this machine.",
  );
});
