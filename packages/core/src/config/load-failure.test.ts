import { expect, test } from 'vitest';
import { describeFailure } from './load-failure.ts';

test('finds the line of a mistake in JSON, also when the picture of it has colours', () => {
  const picture = (mark: string, plain: string) =>
    `JSON Error in a.json\nUnexpected number in JSON at position 19\n${mark}>${plain} 3 |  "b" 2\n`;
  for (const message of [picture('', ''), picture('\u001B[31m\u001B[1m', '\u001B[22m\u001B[39m')]) {
    const error = Object.assign(new Error(message), { name: 'JSONError' });
    expect(describeFailure(error, 'a.json')).toEqual({
      text: 'Unexpected number',
      line: 3,
      file: 'a.json',
    });
  }
});
