// Everything below U+0020 but tab and newline, DEL, and the C1 controls.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Trims and drops control characters except tab and newline (contracts §0, Input). Passwords never pass through here. */
export const cleanText = (text: string): string => text.replace(CONTROL, "").trim();
