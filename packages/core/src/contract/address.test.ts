import { expect, it } from 'vitest';
import { withoutUser } from './address.ts';

it.each([
  ['https://me:word@near.example.org/arch', 'https://…@near.example.org/arch'],
  ['https://me:wo@rd@near.example.org/arch', 'https://…@near.example.org/arch'],
  ['https://me:wo/rd@near.example.org', 'https://…@near.example.org'],
  ['https://me:wo@r/d@near.example.org/$repo', 'https://…@near.example.org/$repo'],
  ['https://me:w?o#rd@near.example.org', 'https://…@near.example.org'],
  ['https://token@near.example.org/', 'https://…@near.example.org/'],
  ['HTTP://me:word@[2001:db8::1]:8080/', 'HTTP://…@[2001:db8::1]:8080/'],
  ['tor+http://me:word@near.example.org', 'tor+http://…@near.example.org'],
  ['http:///me:word@near.example.org', 'http:///…@near.example.org'],
  ['https://me:word@near.example.org/a@b', 'https://…@b'],
])('shows %s as %s', (address, shown) => {
  expect(withoutUser(address)).toBe(shown);
});

it.each([
  'https://near.example.org/$repo/os/$arch',
  'https://near.example.org:8443/@scope/x',
  'https://[2001:db8::1]:8080/a@b',
  'https://near.example.org:/a@b',
  'file:///srv/a@b',
  'DIRECT',
  '',
])('finds no user in %s', (address) => {
  expect(withoutUser(address)).toBeUndefined();
});
