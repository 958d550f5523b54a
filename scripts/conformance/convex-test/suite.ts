/** convex-test's own tests, from a checkout of its repository, on embedded deployments. */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROJECT_DIR } from "../../lib/settings";
import { TestDeployments } from "./deployments";
import { DIFFERENT, findReason, NOT_APPLICABLE } from "./differences";
import { BRIDGE } from "./inline";
import { CONTROL_VARIABLE } from "./wire";

interface TestResult {
  file: string;
  name: string;
  status: "passed" | "failed" | "skipped";
  message: string;
}

/** The report of vitest with `--reporter=json`. */
interface VitestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string; failureMessages: string[] }[];
  }[];
}

const PATIENCE_MS = 120_000;

/** Runs the tests and prints what came of them. @returns whether all is as listed. */
export async function runSuite(checkout: string): Promise<boolean> {
  if (!existsSync(join(checkout, "convex/schema.ts")) || !existsSync(join(checkout, "index.ts")))
    throw new Error(`--convex-test: ${checkout} is no checkout of github.com/get-convex/convex-test.`);
  const folder = mkdtempSync(join(tmpdir(), "convex-test-"));
  const deployments = new TestDeployments(folder, copyProject(checkout, join(folder, "app"), true));
  try {
    const suite = copyProject(checkout, join(folder, "suite"), false);
    const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string };
    console.log(`The tests of convex-test ${version}, on a deployment each; some wait 10 s for a scheduled function …`);
    return judgeResults(await runTests(suite, await deployments.listen()));
  } finally {
    await deployments.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies the functions of a checkout, with the bridge in the application and each component when it will be pushed. */
function copyProject(checkout: string, project: string, isPushed: boolean): string {
  cpSync(join(checkout, "convex"), join(project, "convex"), { recursive: true });
  symlinkSync(join(PROJECT_DIR, "node_modules"), join(project, "node_modules"));
  const files = readdirSync(join(project, "convex"), { recursive: true, encoding: "utf8" });
  if (isPushed)
    for (const config of files.filter((file) => basename(file) === "convex.config.ts"))
      cpSync(
        fileURLToPath(import.meta.resolve("./bridge.ts")),
        join(project, "convex", dirname(config), `${BRIDGE}.ts`),
      );
  return project;
}

async function runTests(suite: string, controlUrl: string): Promise<TestResult[]> {
  const shim = fileURLToPath(import.meta.resolve("./shim.ts"));
  const config = {
    resolve: { alias: { "../index": shim } },
    server: { fs: { strict: false } },
    test: {
      include: ["convex/**/*.test.ts"],
      environment: "node",
      fileParallelism: false,
      testTimeout: PATIENCE_MS,
      hookTimeout: PATIENCE_MS,
      exclude: Object.keys(NOT_APPLICABLE).flatMap((listed) => (listed.includes(" > ") ? [] : [`convex/${listed}`])),
    },
  };
  writeFileSync(join(suite, "vitest.config.mjs"), `export default ${JSON.stringify(config)};\n`);
  const output = join(suite, "results.json");
  const vitest = join(PROJECT_DIR, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${output}`];
  const child = spawn(process.execPath, [vitest, "run", "--root", suite, ...reporters], {
    cwd: suite,
    env: { ...process.env, [CONTROL_VARIABLE]: controlUrl },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (!existsSync(output)) throw new Error(`vitest: ${complaints}`);
  return readReport(JSON.parse(readFileSync(output, "utf8")) as VitestReport);
}

function readReport({ testResults }: VitestReport): TestResult[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.split("/").at(-1)!;
    if (assertionResults.length === 0) return [{ file, name: "(the file)", status: "failed" as const, message }];
    return assertionResults.map(({ ancestorTitles, title, status, failureMessages }) => ({
      file,
      name: [...ancestorTitles, title].join(" > "),
      status: status === "passed" || status === "failed" ? status : ("skipped" as const),
      message: failureMessages.join("\n"),
    }));
  });
}

function judgeResults(results: TestResult[]): boolean {
  const isListed = ({ file, name }: TestResult) => findReason(DIFFERENT, file, name) !== null;
  const passed = results.filter(({ status }) => status === "passed");
  const failed = results.filter(({ status }) => status === "failed");
  const skipped = results.filter(({ status }) => status === "skipped");
  const wrong = [...failed.filter((one) => !isListed(one)), ...passed.filter(isListed)];
  printReasons("Do not apply", NOT_APPLICABLE);
  printReasons("Expected to differ", DIFFERENT);
  for (const { file, name, status, message } of wrong) {
    const [first] = message.split("\n    at ", 1);
    console.log(`\nNOT AS LISTED: ${file} > ${name}: ${status}${status === "failed" ? `\n${first!}` : ""}`);
  }
  const names = new Set(results.flatMap(({ file, name }) => [file, `${file} > ${name}`]));
  for (const listed of Object.keys({ ...NOT_APPLICABLE, ...DIFFERENT }))
    if (listed.includes(" > ") && !names.has(listed)) console.log(`\nListed, but not in this checkout: ${listed}`);
  const files = Object.keys(NOT_APPLICABLE).filter((listed) => !listed.includes(" > ")).length;
  console.log(
    `\n${passed.length} of ${results.length} tests passed, ${failed.length} failed (${failed.filter(isListed).length} of ` +
      `them as listed), ${skipped.length} do not apply, nor do ${files} files.`,
  );
  return wrong.length === 0 && results.length > 0;
}

function printReasons(title: string, reasons: Record<string, string>): void {
  console.log(`\n${title}:`);
  for (const [test, reason] of Object.entries(reasons)) console.log(`  ${test}: ${reason}`);
}
