/**
 * The host's classes that all contexts share. What a function adds to or changes in one of them
 * (`Uint8Array.prototype.x = …`) is taken back before the next call.
 */
type Key = string | symbol;
type Members = Map<Key, PropertyDescriptor>;

/** A difference to what an object was at first: the member as it is now, undefined for one that is gone. */
interface Patch {
  object: object;
  key: Key;
  member: PropertyDescriptor | undefined;
}

class SharedClasses {
  readonly #original = new Map<object, Members>();
  /** A call that was to have a context of its own has begun, and what it did here is not taken back yet. */
  #suspect = false;
  /** Actions under way in contexts of their own, which keep their changes while they last. */
  #actions = 0;

  /** Adds classes, functions and objects that contexts share, with all that they inherit from. */
  watch(values: Iterable<unknown>): void {
    for (const value of values) {
      this.#watchChain(value);
      this.#watchChain((value as { prototype?: unknown } | undefined)?.prototype);
    }
  }

  #watchChain(value: unknown): void {
    let object = value;
    while (
      ((typeof object === "object" && object !== null) || typeof object === "function") &&
      !this.#original.has(object)
    ) {
      this.#original.set(object, readMembers(object));
      object = Reflect.getPrototypeOf(object);
    }
  }

  /** Takes back all changes and returns them. */
  reset(): Patch[] {
    const patches: Patch[] = [];
    for (const [object, members] of this.#original) {
      const keys = Reflect.ownKeys(object);
      for (const key of keys) {
        const member = Reflect.getOwnPropertyDescriptor(object, key);
        const original = members.get(key);
        if (member && (!original || !isSame(member, original))) patches.push({ object, key, member });
      }
      if (keys.length < members.size || patches.length > 0)
        for (const key of members.keys())
          if (!Object.hasOwn(object, key)) patches.push({ object, key, member: undefined });
    }
    for (const { object, key } of patches) setMember(object, key, this.#original.get(object)?.get(key));
    return patches;
  }

  /**
   * Runs a call that has a context of its own. Changes of its callers, and of actions under way, are put back after it.
   * Safe to be cut: what it left is taken back before the next call.
   */
  runApart<T>(isNested: boolean, work: () => T): T {
    const patches = this.reset();
    const isKept = isNested || this.#actions > 0;
    this.#suspect = true;
    const result = work();
    this.reset();
    this.#suspect = false;
    if (isKept) for (const { object, key, member } of patches) setMember(object, key, member);
    return result;
  }

  /** Takes back what a call that was cut left. */
  clean(): void {
    if (!this.#suspect) return;
    this.reset();
    this.#suspect = false;
  }

  /** @returns to be called when the action has ended. */
  beginAction(): () => void {
    if (this.#actions++ === 0) this.reset();
    return () => {
      if (--this.#actions === 0) this.reset();
    };
  }
}

function readMembers(object: object): Members {
  return new Map(Reflect.ownKeys(object).map((key) => [key, Reflect.getOwnPropertyDescriptor(object, key)!]));
}

function isSame(a: PropertyDescriptor, b: PropertyDescriptor): boolean {
  return (
    Object.is(a.value, b.value) &&
    a.get === b.get &&
    a.set === b.set &&
    a.writable === b.writable &&
    a.enumerable === b.enumerable
  );
}

function setMember(object: object, key: Key, member: PropertyDescriptor | undefined): void {
  if (member === undefined) Reflect.deleteProperty(object, key);
  else Reflect.defineProperty(object, key, member);
}

export const sharedClasses = new SharedClasses();
