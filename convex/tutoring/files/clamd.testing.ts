/** A real clamd with a signature database of one's own, which needs no download. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLAMD = "/usr/sbin/clamd";
const START_MS = 60_000;

/** Whether there is a clamd to test against; says loudly when not. */
export function clamdIsThere(): boolean {
  const there = existsSync(CLAMD);
  if (!there) console.warn(`NOT TESTED against a real clamd: ${CLAMD} is not there (Debian package clamav-daemon).`);
  return there;
}

/** Starts a clamd that knows just these files, by their names. */
export async function startClamd(
  known: Record<string, Uint8Array>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "clamd-"));
  const socket = join(folder, "clamd.sock");
  const signatures = Object.entries(known).map(
    ([name, bytes]) => `${createHash("md5").update(bytes).digest("hex")}:${bytes.length}:${name}\n`,
  );
  await writeFile(join(folder, "test.hdb"), signatures.join(""));
  const settings = [
    `DatabaseDirectory ${folder}`,
    `LocalSocket ${socket}`,
    "Foreground yes",
    "StreamMaxLength 12M",
    "MaxScanSize 16M",
    "MaxFileSize 16M",
    "AlertExceedsMax yes",
    "AlertEncrypted yes",
  ];
  await writeFile(join(folder, "clamd.conf"), `${settings.join("\n")}\n`);
  const clamd = spawn(CLAMD, ["--config-file", join(folder, "clamd.conf")], { stdio: "ignore" });
  const stop = async () => {
    clamd.kill();
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_MS;
  while (!existsSync(socket)) {
    if (Date.now() > deadline || clamd.exitCode !== null) {
      await stop();
      throw new Error("clamd did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url: `unix://${socket}`, stop };
}
