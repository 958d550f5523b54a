/** Commits without end until it is killed, and prints each commit once it is durable. Run by store.test.ts. */
import { writeSync } from "node:fs";
import { openStore } from "./store";

// Segments so small that the log is written over again and again.
const store = openStore(process.argv[2]!, { logSegmentBytes: 16 * 1024 });
for (let turn = Number(process.argv[3]); ; turn++) {
  store.groupCommit((writer) => {
    const tx = store.begin("write");
    for (let part = 0; part < 5; part++) tx.insert("", "parts", { turn, part, padding: "x".repeat(200 * part) });
    writer.commit(tx);
  });
  writeSync(1, `${turn}\n`);
}
