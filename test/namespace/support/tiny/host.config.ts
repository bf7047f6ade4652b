import { defineConfig, type UserConfig } from 'livesys';

import base from './livesys.config.ts';

// The source is left out: it is the system that runs.
const { source: _, ...rest } = base;

/** A layer that writes to, and deletes from, each file system of the source. */
const CHANGE = `echo new >/home/anna/new
rm /home/anna/old
mkdir -p /var/lib/made
echo new >/var/lib/made/file
echo new >/etc/new`;

export const changed: UserConfig = {
  ...rest,
  layers: { site: { commands: [['sh', '-ec', CHANGE]] } },
  excludes: ['/repository', '/tmp', '/var/lib/big/*', '!/var/lib/big/small', '*.tmp'],
  include: ['/home/anna/.cache/kept'],
  identity: 'keep',
};

export default defineConfig(changed);
