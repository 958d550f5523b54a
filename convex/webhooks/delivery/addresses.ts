"use node";
/** Resolves the names of receivers. */
import { lookup, Resolver } from "node:dns/promises";
import { SECOND_MS } from "../../lib/time";
import { isPrivateAddress } from "../rules";
import { isIP } from "node:net";

export type Address = { address: string; family: 4 | 6; isPrivate: boolean };

const toAddress = (address: string): Address => ({
  address,
  family: isIP(address) === 6 ? 6 : 4,
  isPrivate: isPrivateAddress(address),
});

/** All addresses of a host. Throws when there are none. */
export async function resolveHost(host: string): Promise<Address[]> {
  if (isIP(host)) return [toAddress(host)];
  // The system's own look-up holds one of four threads until it gives up, which a name server that is silent lets last:
  // it is asked only for what name servers do not know, such as names in the hosts file.
  const resolver = new Resolver({ timeout: 3 * SECOND_MS, tries: 1 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (found.length > 0) return found.map(toAddress);
  const isSilent = answers.some(
    (answer) => answer.status === "rejected" && (answer.reason as { code?: string }).code === "ETIMEOUT",
  );
  if (isSilent) throw new Error(`No name server answered for ${host}.`);
  return (await lookup(host, { all: true })).map(({ address }) => toAddress(address));
}
