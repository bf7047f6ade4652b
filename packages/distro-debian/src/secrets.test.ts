import { secretRules, SecretFinder } from '@livesys/core';
import { expect, it } from 'vitest';

import debian from './index.ts';

const found = (path: string): readonly string[] => {
  const finder = new SecretFinder(secretRules(debian()));
  finder.add(path, false);
  return finder.findings().map((finding) => finding.path);
};

it.each([
  '/etc/apt/auth.conf',
  '/etc/dbconfig-common/phpmyadmin.conf',
  '/etc/mysql/debian.cnf',
  '/var/cache/debconf/passwords.dat',
])('%s is secret', (path) => {
  expect(found(path)).toEqual([path]);
});

it.each(['/etc/apt/keyrings/winehq-archive.key', '/etc/apt/trusted.gpg.d/vendor.key'])(
  '%s is a public key, without which nothing can be installed from there',
  (path) => {
    expect(found(path)).toEqual([]);
  },
);
