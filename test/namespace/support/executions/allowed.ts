import type { AllowList } from './allow-list.ts';
import { argvPattern, type Places } from './pattern.ts';

export type Who = 'root' | 'user';

/** A program that may be executed: by which, and with which arguments. */
export interface Allowed {
  readonly by: string;
  /** What others call it, if it may execute any. */
  readonly name: string;
  readonly form: string;
  readonly argv: RegExp;
}

/**
 * Reads an allow-list. `[user:…]` and `[root:…]` are there for that one only. A program executes
 * the one behind its ` | `, which is also the end of its own arguments; the last one is called `x`
 * by `as`, and an `unshare` before it `x/unshare`.
 */
export function readAllowList(list: AllowList, who: Who, places: Places): readonly Allowed[] {
  const found = new Map<string, Allowed>();
  for (const [by, forms] of Object.entries(list)) {
    for (const [form, about] of Object.entries(forms)) {
      const own = form.replaceAll(/\[(root|user):([^\]]*)\]/g, (_, one: string, text: string) =>
        one === who ? text : '',
      );
      const name = typeof about === 'string' ? '' : about.as;
      if (own === '') continue;
      for (const one of chain(by, own, name, places)) found.set(`${one.by} ${one.form}`, one);
    }
  }
  return [...found.values()];
}

function chain(by: string, form: string, name: string, places: Places): readonly Allowed[] {
  const links = form.split(' | ');
  const names = links.map((link) => `${name}/${link.split(' ', 1)[0]}`);
  names[links.length - 1] = name;
  return links.map((_, index) => {
    const whole = links.slice(index).join(' ');
    const starter = index === 0 ? by : (names[index - 1] as string);
    return {
      by: starter,
      name: names[index] as string,
      form: whole,
      argv: argvPattern(whole, places),
    };
  });
}
