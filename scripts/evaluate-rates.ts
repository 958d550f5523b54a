/**
 * `npm run evaluate:rates`: how often the embedded scorer's top dimension is the one people gave to everyday
 * activities. Exits 1 below 90% overall, so that it can guard a change to the lexicon.
 */
import { evaluate, partOf, type Agreement } from "../convex/focus/scorer/evaluation/agreement.testing";
import { scoreActivity } from "../convex/focus/scorer";
import { HELP_OPTION, readArguments } from "./lib/arguments";

const REQUIRED_PERCENT = 90;

const HELP = `npm run evaluate:rates -- [options]     agreement of the embedded rates with labelled activities

  --verbose     list disagreements of the development half, with the reasons behind each
  --held-out    with --verbose: those of the held-out half too; whoever tunes the lexicon should not look
  --name TEXT   only score this activity and print its rates and reasons
  --help        this text

Exits 1 when fewer than ${REQUIRED_PERCENT}% agree overall.`;

function printScore(name: string): void {
  const { rates, reasons } = scoreActivity({ name });
  console.log(
    Object.entries(rates)
      .map(([dimension, rate]) => `${dimension} ${rate}`)
      .join("  "),
  );
  for (const { dimension, term, weight, source } of reasons) {
    console.log(`  ${weight.toFixed(2)} ${dimension.padEnd(10)} ${term} (${source})`);
  }
}

function line(label: string, agreement: Agreement): string {
  const percent = (100 * partOf(agreement)).toFixed(1).padStart(5);
  return `${label.padEnd(13)}${percent}%  ${agreement.agreed} of ${agreement.of}`;
}

function main(): number {
  const { values: flags } = readArguments({
    options: {
      verbose: { type: "boolean", default: false },
      "held-out": { type: "boolean", default: false },
      name: { type: "string" },
      help: HELP_OPTION,
    },
  });
  if (flags.help) {
    console.log(HELP);
    return 0;
  }
  if (flags.name !== undefined) {
    printScore(flags.name);
    return 0;
  }
  const { outcomes, development, heldOut, overall, totalRatio, namesInLexicon } = evaluate();
  if (flags.verbose) {
    for (const outcome of outcomes) {
      if (outcome.scored === outcome.dimension || (outcome.heldOut && !flags["held-out"])) continue;
      console.log(
        `${outcome.name}: ${outcome.scored}, labelled ${outcome.dimension}${outcome.heldOut ? " (held out)" : ""}`,
      );
      printScore(outcome.name);
    }
  }
  console.log(line("development", development));
  console.log(line("held out", heldOut));
  console.log(line("overall", overall));
  console.log(`total rates: largest over smallest ${totalRatio.toFixed(3)}`);
  console.log(`labelled names that are terms of the lexicon: ${namesInLexicon.length} of ${outcomes.length}`);
  return 100 * partOf(overall) >= REQUIRED_PERCENT ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
