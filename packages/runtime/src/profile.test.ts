import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { good, head, HEX, layer, sealed } from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('the profile under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);
  function manifest(content: string | Uint8Array, script = ''): string[] {
    library.write('manifest', content);
    return run(
      `livesys_parse_manifest manifest m; echo "$?" "$LIVESYS_CODE" "$LIVESYS_REASON"\n${script}`,
    );
  }

  const choose = 'livesys_choose_profile; printf "%s\\n" "$?" "$LIVESYS_CODE" "$LIVESYS_REASON"';

  it('is E32 with the valid names when it is unknown', () => {
    expect(manifest(sealed(good), `LIVESYS_ARG_profile=ofice; ${choose}`).slice(1)).toEqual([
      '1',
      'E32',
      'there is no profile "ofice"; did you mean "office"?',
      'profiles on this medium: office rescue',
    ]);
  });

  it('comes from the kernel argument, the selection or the manifest', () => {
    const from = (script: string) =>
      manifest(
        sealed(good),
        `${script}; livesys_choose_profile; echo "$LIVESYS_PROFILE $LIVESYS_PROFILE_SOURCE"`,
      )[1];
    expect(from('LIVESYS_SELECTED_PROFILE=rescue LIVESYS_ARG_profile=office')).toBe(
      'office argument',
    );
    expect(from('LIVESYS_SELECTED_PROFILE=rescue')).toBe('rescue selection');
    expect(from(':')).toBe('office default');
    expect(library.notices()).toEqual([]);
    expect(from('LIVESYS_SELECTED_PROFILE=gone')).toBe('office default');
    expect(library.notices()).toEqual(['profile gone, which was selected, is not on this medium']);
  });

  it('names every layer that is missing, linked or of another size', () => {
    const names = ['a', 'b', 'c', 'd', 'e-e'];
    const body = `${head}${names.map((n) => layer(n)).join('')}profile p - ${names.join(',')}\n`;
    mkdirSync(library.path('medium/layers'), { recursive: true });
    const file = (name: string) => library.path(`medium/layers/${name}-${HEX}.squashfs`);
    writeFileSync(file('a'), 'x'.repeat(10));
    writeFileSync(file('b'), 'x');
    symlinkSync('/etc/passwd', file('c'));
    writeFileSync(file('e-e'), '');
    const lines = manifest(
      sealed(body),
      'livesys_choose_profile; livesys_check_layer_files medium; printf "%s\\n" "$LIVESYS_CODE" "$LIVESYS_REASON"',
    );
    expect(lines.slice(1)).toEqual([
      'E33',
      'profile p cannot be assembled:',
      `layer c: layers/c-${HEX}.squashfs is a symbolic link`,
      `layer d: layers/d-${HEX}.squashfs is missing`,
      `layer b: layers/b-${HEX}.squashfs has 1 bytes instead of 10`,
      `layer e-e: layers/e-e-${HEX}.squashfs has 0 bytes instead of 10`,
    ]);
  });
});
