/**
 * WebSocket text frames (RFC 6455 §5.2: final, unmasked, uncompressed), written as one piece. Sockets that one change
 * concerns mostly get the very same text and share its bytes.
 */
const FINAL_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

export class FrameEncoder {
  #text = "";
  #frame = makeTextFrame("");

  /** The frame must not be changed: it may be the last one's. */
  encode(text: string): Buffer {
    if (text !== this.#text) {
      this.#frame = makeTextFrame(text);
      this.#text = text;
    }
    return this.#frame;
  }
}

function makeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = FINAL_TEXT;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
