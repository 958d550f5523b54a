/**
 * `npm run conformance`: pushes applications of well-known published components to embedded deployments, with the
 * official command line tool, and drives them; with `--convex-test`, runs the tests of Convex's mock on such
 * deployments.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { BACKGROUND_CASES } from "./conformance/background-cases";
import { type ConformanceCase, PushedApp } from "./conformance/case";
import { runSuite } from "./conformance/convex-test/suite";
import { DATA_CASES } from "./conformance/data-cases";
import { findFreePorts } from "./conformance/ports";
import { COMPONENT_VERSIONS, defaultCacheFolder, installPackages, pushCase } from "./conformance/project";
import { startDeployment } from "./deployment/main";
import { HELP_OPTION, readArguments } from "./lib/arguments";

const CASES = [...BACKGROUND_CASES, ...DATA_CASES];
const nameOf = (one: ConformanceCase): string => one.name.split(":", 1)[0]!;

const HELP = `npm run conformance -- [options]     drive published Convex components on embedded deployments

  --case NAME   only this one: ${CASES.map(nameOf).join(", ")} (repeatable)
  --cache DIR   where packages are installed (${defaultCacheFolder()})
  --convex-test DIR
                instead, run convex-test's own tests, from a checkout of its repository, on embedded deployments
  --help        this text

Installs from the npm registry on the first run. Needs no other service. Exit code 1 when a case fails, or a test comes
out other than scripts/conformance/convex-test/differences.ts says.`;

interface Finding {
  one: ConformanceCase;
  failure: string | null;
  pushSeconds: number;
  driveSeconds: number;
}

async function main(): Promise<boolean> {
  const { values: flags } = readArguments({
    options: {
      case: { type: "string", multiple: true },
      cache: { type: "string" },
      "convex-test": { type: "string" },
      help: HELP_OPTION,
    },
  });
  if (flags.help) {
    console.log(HELP);
    return true;
  }
  if (flags["convex-test"] !== undefined) return await runSuite(resolve(flags["convex-test"]));
  for (const name of flags.case ?? [])
    if (!CASES.some((one) => nameOf(one) === name))
      throw new Error(`--case: no case "${name}"; there are ${CASES.map(nameOf).join(", ")}.`);
  const cache = resolve(flags.cache ?? defaultCacheFolder());
  console.log(`Packages in ${cache}`);
  if (await installPackages(cache)) console.log("Installed.");
  const wanted = CASES.filter((one) => flags.case?.includes(nameOf(one)) ?? true);
  const findings: Finding[] = [];
  for (const [index, one] of wanted.entries()) {
    process.stdout.write(`${index + 1}/${wanted.length} ${one.name} … `);
    const finding = await examine(one, cache);
    console.log(finding.failure === null ? "passed" : "FAILED");
    findings.push(finding);
  }
  printTable(findings);
  return findings.every(({ failure }) => failure === null);
}

/** Pushes and drives one application on a deployment of its own. */
async function examine(one: ConformanceCase, cache: string): Promise<Finding> {
  const dataDir = mkdtempSync(join(tmpdir(), "conformance-"));
  const adminKey = `conformance|${randomBytes(32).toString("hex")}`;
  const [cloudPort, sitePort] = await findFreePorts();
  const deployment = await startDeployment({ dataDir, cloudPort, sitePort, adminKey });
  const started = performance.now();
  let pushed = started;
  let failure: string | null = null;
  try {
    await pushCase(cache, one, deployment.cloudUrl, adminKey);
    pushed = performance.now();
    const client = new ConvexHttpClient(deployment.cloudUrl, { logger: false });
    (client as ConvexHttpClient & { setAdminAuth(key: string): void }).setAdminAuth(adminKey);
    await one.drive(new PushedApp(client, deployment.siteUrl));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await deployment.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const driveSeconds = (performance.now() - pushed) / 1000;
  return { one, failure, pushSeconds: (pushed - started) / 1000, driveSeconds };
}

function printTable(findings: Finding[]): void {
  console.log("\n| Case | Packages | Result | Push | Driven |\n| --- | --- | --- | --- | --- |");
  for (const { one, failure, pushSeconds, driveSeconds } of findings) {
    const packages = one.components.map((name) => `@convex-dev/${name} ${COMPONENT_VERSIONS[name]}`).join(", ");
    const result = failure === null ? "passed" : `FAILED: ${failure.replaceAll("\n", " ").replaceAll("|", "\\|")}`;
    console.log(
      `| ${one.name} | ${packages} | ${result} | ${pushSeconds.toFixed(1)} s | ${driveSeconds.toFixed(1)} s |`,
    );
  }
}

main().then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
