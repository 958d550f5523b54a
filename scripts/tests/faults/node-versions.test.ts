/**
 * A data folder outlives the Node version it was written with. `OTHER_NODES` names the folders of other versions'
 * binaries, separated by colons; without it there is nothing to compare.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "../../lib/server";
import { call, newAccount, type Account } from "../support/api";

const OTHERS = (process.env.OTHER_NODES ?? "").split(":").filter(Boolean);

test.runIf(OTHERS.length > 0)("a data folder written by one Node version is read by the others, and back", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-node-versions-"));
  const written: { account: Account; reportId: string; text: string }[] = [];
  try {
    for (const bin of [null, ...OTHERS, null]) {
      const server = await startServer({ dataDir, ...(bin && { env: { PATH: `${bin}:${process.env.PATH}` } }) });
      const { siteUrl } = server;
      try {
        for (const { account, reportId, text } of written) {
          const draft = await call("GET", `/api/sessions/${reportId}`, { auth: account.session, siteUrl });
          expect([draft.status, draft.body.form_data], `${bin} reads ${reportId}`).toEqual([200, { text }]);
        }
        // Longer than a page of the database, and not only ASCII.
        const text = "größer als eine Seite ✓ ".repeat(400);
        const account = await newAccount({}, siteUrl, server.convexUrl);
        const reportId = `written-${written.length}`;
        const body = { report_id: reportId, form_data: { text } };
        const made = await call("POST", "/api/sessions", { auth: account.session, siteUrl, body });
        expect(made.status, made.text).toBe(201);
        written.push({ account, reportId, text });
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
