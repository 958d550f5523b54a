/**
 * Writes a minimal database in the MaxMind DB format 2.0 (maxmind.github.io/MaxMind-DB): an IPv4 tree of 24-bit records
 * in which one network has a value.
 *
 * @param network its leading bits, as in `11000110` for 198.0.0.0/8
 */
export function mmdbOf(network: string, value: Record<string, unknown>): Uint8Array {
  const nodeCount = network.length;
  const nothing = nodeCount;
  const data = nodeCount + 16;
  const tree = [...network].flatMap((bit, depth) => {
    const next = depth + 1 === nodeCount ? data : depth + 1;
    const [left, right] = bit === "0" ? [next, nothing] : [nothing, next];
    return [...bytes(left, 3), ...bytes(right, 3)];
  });
  const metadata = {
    node_count: nodeCount,
    record_size: 24,
    ip_version: 4,
    database_type: "GeoLite2-City",
    languages: ["en"],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
    description: { en: "one network" },
  };
  const marker = [0xab, 0xcd, 0xef, ...new TextEncoder().encode("MaxMind.com")];
  return Uint8Array.from([...tree, ...Array<number>(16).fill(0), ...encode(value), ...marker, ...encode(metadata)]);
}

const bytes = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** (count - 1 - i)) % 256);

// Data section types of the format.
const STRING = 2;
const UINT32 = 6;
const MAP = 7;
const ARRAY = 11;

function control(type: number, size: number): number[] {
  if (size >= 29) throw new Error("longer values are not needed here");
  return type <= 7 ? [(type << 5) | size] : [size, type - 7];
}

function encode(value: unknown): number[] {
  if (typeof value === "string") {
    const text = [...new TextEncoder().encode(value)];
    return [...control(STRING, text.length), ...text];
  }
  if (typeof value === "number") return [...control(UINT32, 4), ...bytes(value, 4)];
  if (Array.isArray(value)) return [...control(ARRAY, value.length), ...value.flatMap(encode)];
  const entries = Object.entries(value as object);
  return [...control(MAP, entries.length), ...entries.flatMap(([key, item]) => [...encode(key), ...encode(item)])];
}
