/** A reporter of vitest for `npm test`: how many tests passed, and everything that failed, hooks of suites included. */
import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Names the file that the outcome is written to. */
export const OUTCOME_FILE = "TEST_OUTCOME_FILE";

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** The failures, each with its test, the error's first line and the place in the test's file. */
  failures: string[];
  /** The same of tests that passed at their second try. */
  secondTries: string[];
}

export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const outcome: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [], secondTries: [] };
    const note = (name: string, errors: readonly SerializedError[], file?: string, list = outcome.failures) =>
      list.push(...errors.map((error) => describeFailure(name, error, file)));
    for (const module of modules) {
      const file = module.relativeModuleId;
      note(file, module.errors(), file);
      for (const suite of module.children.allSuites()) note(`${file} > ${suite.fullName}`, suite.errors(), file);
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === "pending") continue;
        outcome[state]++;
        const list = state === "passed" ? outcome.secondTries : outcome.failures;
        note(`${file} > ${test.fullName}`, errors ?? [], file, list);
      }
    }
    note("outside any test", unhandled);
    writeFileSync(process.env[OUTCOME_FILE]!, JSON.stringify(outcome));
  }
}

function describeFailure(name: string, { message, stack }: SerializedError, file?: string): string {
  const place = file && stack?.split("\n").find((frame) => frame.includes(file));
  // A thrown value may be no error and have no message.
  return [`${name}: ${String(message).split("\n", 1)[0]}`, ...(place ? [place.trim()] : [])].join("\n    ");
}
