/** One line per step, with the time it took, so that a start is never silent. */
export async function step<T>(what: string, work: () => Promise<T>, note?: (result: T) => string): Promise<T> {
  const startedAt = Date.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`  … ${what}`);
  else console.log(`  … ${what}`);
  try {
    const result = await work();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${live ? "\r" : ""}  ✓ ${what}${note ? ` ${note(result)}` : ""} (${seconds} s)`);
    return result;
  } catch (error) {
    if (live) process.stdout.write(`\r  ✗ ${what}\n`);
    else console.log(`  ✗ ${what}`);
    throw error;
  }
}
