import { createServer } from "node:net";

/** Throws one line naming the variable when one of the ports is taken or not allowed. */
export async function assertPortsFree(host: string, ports: Record<string, number>): Promise<void> {
  for (const [variable, port] of Object.entries(ports)) {
    const problem = await probe(host, port);
    if (problem === "EADDRINUSE")
      throw new Error(
        `Port ${port} on ${host} is in use. Stop what listens there, or set ${variable} to another port.`,
      );
    if (problem && ADDRESS_PROBLEMS.includes(problem))
      throw new Error(`Cannot listen on ${host} (${problem}). Set HOST to an address of this machine.`);
    if (problem) throw new Error(`Cannot listen on ${host}:${port} (${problem}). Set ${variable} to another port.`);
  }
}

const ADDRESS_PROBLEMS = ["ENOTFOUND", "EADDRNOTAVAIL", "EAI_AGAIN", "EINVAL"];

function probe(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
