/** Signatures by which files are known. Pure. */

export const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, i) => bytes[at + i] === byte);

export const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

export const PDF = ascii("%PDF-");
export const ZIP = [0x50, 0x4b, 0x03, 0x04] as const;
/** The head of Office's older files, in which newer ones stand when they have a password. */
export const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
