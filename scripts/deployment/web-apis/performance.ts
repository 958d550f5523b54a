/**
 * Evaluates to `(define) => …`, which makes User Timing (marks and measures, W3C User Timing Level 3) of the clock that
 * a sandbox has.
 */
export const PERFORMANCE_SOURCE = String.raw`((define) => {
const clock = globalThis.performance;
const made = Symbol("made");
const mustBeMade = (key) => { if (key !== made) throw new TypeError("Illegal constructor"); };
const mustBeGiven = (values, name) => {
  if (values.length === 0) throw new TypeError("Failed to execute '" + name + "': 1 argument required, but only 0 present.");
};
const mustBeTime = (time, what) => {
  if (time < 0) throw new TypeError(what + " cannot be negative: received " + time);
  return time;
};

class PerformanceEntry {
  #name; #entryType; #startTime; #duration;
  constructor(key, name, entryType, startTime, duration) {
    mustBeMade(key);
    this.#name = String(name);
    this.#entryType = entryType;
    this.#startTime = startTime;
    this.#duration = duration;
  }
  get name() { return this.#name; }
  get entryType() { return this.#entryType; }
  get startTime() { return this.#startTime; }
  get duration() { return this.#duration; }
  get [Symbol.toStringTag]() { return this.constructor.name; }
  toJSON() {
    const { name, entryType, startTime, duration } = this;
    return { name, entryType, startTime, duration };
  }
}
class PerformanceMark extends PerformanceEntry {
  #detail;
  constructor(...given) {
    mustBeGiven(given, "PerformanceMark");
    const [name, options] = given;
    super(made, name, "mark", mustBeTime(Number(options?.startTime ?? clock.now()), "startTime"), 0);
    this.#detail = structuredClone(options?.detail ?? null);
  }
  get detail() { return this.#detail; }
  toJSON() { return { ...super.toJSON(), detail: this.#detail }; }
}
class PerformanceMeasure extends PerformanceEntry {
  #detail;
  constructor(key, name, startTime, duration, detail) {
    super(key, name, "measure", startTime, duration);
    this.#detail = structuredClone(detail ?? null);
  }
  get detail() { return this.#detail; }
  toJSON() { return { ...super.toJSON(), detail: this.#detail }; }
}

class Performance extends EventTarget {
  #entries = [];
  constructor(key) { mustBeMade(key); super(); }
  get timeOrigin() { return clock.timeOrigin; }
  now() { return clock.now(); }
  toJSON() { return { timeOrigin: this.timeOrigin }; }
  mark(...given) {
    mustBeGiven(given, "mark");
    return this.#add(new PerformanceMark(...given));
  }
  measure(...given) {
    mustBeGiven(given, "measure");
    const [name, from, endMark] = given;
    const options = typeof from === "object" && from !== null ? from : {};
    const has = (field) => options[field] !== undefined;
    if (endMark !== undefined && Object.keys(options).length > 0) throw new TypeError("Options and an end mark exclude each other");
    if (has("start") && has("end") && has("duration")) throw new TypeError("Start, end and duration are too many");
    const at = (field) => this.#timeOf(options[field]);
    const end = endMark !== undefined ? this.#timeOf(endMark)
      : has("end") ? at("end")
      : has("start") && has("duration") ? at("start") + at("duration")
      : clock.now();
    const start = has("start") ? at("start")
      : has("end") && has("duration") ? end - at("duration")
      : from !== undefined && from !== options && from !== null ? this.#timeOf(from)
      : 0;
    return this.#add(new PerformanceMeasure(made, name, start, end - start, options.detail));
  }
  clearMarks(name) { this.#clear("mark", name); }
  clearMeasures(name) { this.#clear("measure", name); }
  getEntries() { return this.#find(); }
  getEntriesByName(name, type) { return this.#find(String(name), type); }
  getEntriesByType(type) { return this.#find(undefined, String(type)); }

  #add(entry) {
    this.#entries.push(entry);
    return entry;
  }
  #clear(type, name) {
    const stays = (entry) => entry.entryType !== type || (name !== undefined && entry.name !== String(name));
    this.#entries = this.#entries.filter(stays);
  }
  #find(name, type) {
    const fits = (entry) => (name === undefined || entry.name === name) && (type === undefined || entry.entryType === type);
    return this.#entries.filter(fits).sort((a, b) => a.startTime - b.startTime);
  }
  #timeOf(mark) {
    if (typeof mark === "number") return mustBeTime(mark, "A time");
    const found = this.#entries.findLast((entry) => entry.entryType === "mark" && entry.name === String(mark));
    if (found === undefined) throw new DOMException('There is no mark "' + mark + '".', "SyntaxError");
    return found.startTime;
  }
}
for (const Class of [Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure]) define(Class.name, Class);
define("performance", new Performance(made));
})`;
