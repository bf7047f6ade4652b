/** Replaced members, with what they were. */
export class Patches {
  readonly #undo: (() => void)[] = [];

  /** Replaces a member by a value. Members that cannot be replaced are left alone. */
  replace(owner: object, member: string, value: unknown): void {
    const found = Object.getOwnPropertyDescriptor(owner, member);
    if (found?.configurable === false && found.writable !== true) return;
    Object.defineProperty(owner, member, {
      value,
      enumerable: found?.enumerable ?? true,
      configurable: found?.configurable ?? true,
      writable: true,
    });
    this.#undo.push(() => {
      if (found === undefined) Reflect.deleteProperty(owner, member);
      else Object.defineProperty(owner, member, found);
    });
  }

  /** Replaces a member that is a function; getters and data stay. */
  replaceFunction(owner: object, member: string, value: unknown): void {
    const holder = Object.getOwnPropertyDescriptor(owner, member);
    const inherited: unknown = holder === undefined ? Reflect.get(owner, member) : holder.value;
    if (typeof inherited === 'function') this.replace(owner, member, value);
  }

  /** Puts everything back, the last one first. */
  restore(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#undo.length = 0;
  }
}
