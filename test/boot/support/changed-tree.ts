import { expect } from 'vitest';

/** What `change-tree` of the image `bookworm` left of the test tree. */
const NAMES = [
  'becomes-file',
  'becomes-folder',
  'becomes-folder/inside',
  'becomes-link',
  'full',
  'full/three',
  'kept',
  'kept/stays',
  'link',
  'new-name',
  'new-name/deep',
  'new-name/deep/file',
  'new-name/inside',
  'owned',
];

/** The merged tree in the guest is the one that the layer saw while it was built. */
export function expectChangedTree(facts: ReadonlyMap<string, string>): void {
  expect(facts.get('extra.tree.names')?.trim().split(' ')).toEqual(NAMES);
  expect(facts.get('extra.tree.differences')).toBe('');
  expect(facts.get('extra.tree')).toBe(facts.get('extra.tree.built'));
  expect(facts.get('extra.tree.lists')).toBe('2');
  expect(facts.get('extra.marker')).toBe('site');
}
