/**
 * `npm run bench`: speed and cost, measured on a server started as a user starts it. Figures of one run are compared
 * with plain references measured in the same run, because machines differ and are shared.
 */
import { benchAccounts } from "./benchmarks/accounts";
import { startBench } from "./benchmarks/bench";
import { benchFocus } from "./benchmarks/focus";
import { benchRooms } from "./benchmarks/rooms";
import { benchScale } from "./benchmarks/scale";
import { report } from "./benchmarks/stats";
import { benchTutoring } from "./benchmarks/tutoring";
import { benchValuations } from "./benchmarks/valuations";
import { benchWebhooks } from "./benchmarks/webhooks";
import { HELP_OPTION, readArguments, wholeNumber } from "./lib/arguments";

const CASES = {
  focus: benchFocus,
  accounts: benchAccounts,
  valuations: benchValuations,
  tutoring: benchTutoring,
  rooms: benchRooms,
  webhooks: benchWebhooks,
  scale: benchScale,
};

const HELP = `npm run bench -- [options]     measure live-sessions

  --case NAME   only this group: ${Object.keys(CASES).join(", ")} (repeatable)
  --rows N      rows that the case scale stores beside 1,000 (100000)
  --help        this text

Ratios compare with a plain reference measured in the same run: a node:http server with a fixed answer, a ws broadcast, or
one writer's durable appends to a file.`;

async function main(): Promise<void> {
  const { values: flags } = readArguments({
    options: {
      case: { type: "string", multiple: true },
      rows: { type: "string", default: "100000" },
      help: HELP_OPTION,
    },
  });
  if (flags.help) return console.log(HELP);
  const rows = wholeNumber("--rows", flags.rows, 1_000);
  const names = flags.case ?? Object.keys(CASES);
  for (const name of names)
    if (!Object.hasOwn(CASES, name))
      throw new Error(`--case: no group "${name}"; there are ${Object.keys(CASES).join(", ")}.`);
  console.log("Starting a server with empty data");
  const bench = await startBench();
  try {
    report("npm start to ready (headless, empty)", { took: `${bench.startSeconds.toFixed(1)} s` });
    for (const name of names) {
      console.log(`\n${name}`);
      await CASES[name as keyof typeof CASES](bench, { rows });
    }
  } finally {
    await bench.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
