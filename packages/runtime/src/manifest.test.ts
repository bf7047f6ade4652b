import { describe, expect, it } from 'vitest';
import {
  digest,
  good,
  head,
  HEX,
  IMAGE,
  layer,
  sealed,
} from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('the manifest under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);
  function manifest(content: string | Uint8Array, script = ''): string[] {
    library.write('manifest', content);
    return run(
      `livesys_parse_manifest manifest m; echo "$?" "$LIVESYS_CODE" "$LIVESYS_REASON"\n${script}`,
    );
  }

  it('is read', () => {
    const script =
      'livesys_choose_profile; echo "$? $LIVESYS_IMAGE $LIVESYS_PROFILE $LIVESYS_LAYERS $LIVESYS_LAYER_COUNT"';
    expect(manifest(sealed(good), script)).toEqual(['0  ', `0 ${IMAGE} office base,desk.top-1 2`]);
  });

  it('is pinned by livesys.manifest=', () => {
    library.write('manifest', sealed(good));
    const script = (hash: string) =>
      `LIVESYS_ARG_manifest=${hash}; livesys_parse_manifest manifest m; echo "$? $LIVESYS_CODE"`;
    expect(run(script(digest(sealed(good))))).toEqual(['0 ']);
    expect(run(script(digest('another')))).toEqual(['1 E30']);
  });

  const profile = 'profile p default base\n';
  it.each<readonly [string, string | Uint8Array]>([
    ['empty', ''],
    ['without an end line', good],
    ['with a wrong hash', `${good}end ${HEX.repeat(4)}\n`],
    ['with something after the end line', `${sealed(good)}x-more\n`],
    ['cut in its last line', sealed(good).slice(0, -1)],
    ['cut in the middle', sealed(good).slice(0, 200)],
    ['of a later version', sealed(good.replace('livesys 1', 'livesys 2'))],
    ['without an image', sealed(`livesys 1\n${layer('base')}${profile}`)],
    ['with a second image line', sealed(`${head}image ${IMAGE}\n${layer('base')}${profile}`)],
    ['with NUL', sealed(`${head}x-\0\n${layer('base')}${profile}`)],
    [
      'with NUL, by a hash of what is made of it',
      sealed(good.replaceAll('base', 'ba?se')).replaceAll('ba?se', 'ba\0se'),
    ],
    ['with CRLF', sealed(good.replaceAll('\n', '\r\n'))],
    ['with a tab', sealed(good.replace('profile office', 'profile\toffice'))],
    [
      'with a line of 1 MB',
      sealed(`${head}x-${'a'.repeat(1_000_000)}\n${layer('base')}${profile}`),
    ],
    ['with half a hash tree', sealed(good.replace('squashfs - -', 'squashfs 4096 -'))],
    ['with a hash tree inside a block', sealed(good.replace('- -', `4097 ${HEX.repeat(4)}`))],
    ['with two blanks', sealed(good.replace('profile office', 'profile  office'))],
    ['with an empty line', sealed(`${head}\n${layer('base')}${profile}`)],
    ['with an unknown line', sealed(`${good}exec reboot\n`)],
    ['with a command as name', sealed(good.replaceAll('base', '$(touch${IFS}hacked)'))],
    ['with a command in backticks', sealed(good.replaceAll('base', '`touch\u0020hacked`'))],
    ['with a pattern as name', sealed(good.replaceAll('base', '*'))],
    ['with a path as name', sealed(good.replaceAll('base', '../base'))],
    ['with .. as name', sealed(good.replaceAll('base', '..'))],
    ['with a file outside', sealed(good.replace('layers/base', '../../etc/base'))],
    ['with an absolute file', sealed(good.replace('layers/base', '/layers/base'))],
    ['with another layer’s file', sealed(good.replace('layers/base', 'layers/desk.top-1'))],
    ['with a size that is none', sealed(good.replace('squashfs 10', 'squashfs 1e9'))],
    ['with a short hash', sealed(good.replace(HEX.repeat(4), HEX))],
    ['with another file system', sealed(good.replace(' squashfs -', ' ext4 -'))],
    ['with a layer twice', sealed(`${head}${layer('base')}${layer('base')}${profile}`)],
    ['without a profile', sealed(`${head}${layer('base')}`)],
    [
      'with a profile of a missing layer',
      sealed(`${head}${layer('base')}profile p - base,other\n`),
    ],
    ['with a profile of ..', sealed(`${head}${layer('base')}profile p - base,..\n`)],
    ['with two defaults', sealed(`${good}profile third default base\n`)],
    ['with an empty layer in a profile', sealed(`${head}${layer('base')}profile p - base,,base\n`)],
    ['with persistence of a missing profile', sealed(`${good}persist nobody data x optional\n`)],
    ['with a hostile persistence target', sealed(good.replace('LIVESYS-DATA', '../../etc'))],
  ])('is refused %s', (_what, content) => {
    expect(manifest(content, '[ ! -e hacked ] && echo safe')).toEqual([
      expect.stringMatching(/^1 E30 the manifest/),
      'safe',
    ]);
  });

  it('holds 500 layers with the longest names, and not 501 in a profile', () => {
    const names = Array.from(
      { length: 501 },
      (_, i) => `${String(i).padStart(3, '0')}${'n'.repeat(61)}`,
    );
    const of = (list: string[]) =>
      sealed(`${head}${list.map((n) => layer(n)).join('')}profile p - ${list.join(',')}\n`);
    expect(manifest(of(names.slice(0, 500)))).toEqual(['0  ']);
    expect(manifest(of(names))[0]).toMatch(/^1 E30 .*501 layers/);
  }, 60_000);
});
