import { defineConfig } from 'livesys';

import { changed } from './host.config.ts';

/** A layer that changes files with accounts, as installing a package does. */
export const ACCOUNTS = `echo 'service:!:19000::::::' >>/etc/shadow
echo 'service:x:900:900::/:/bin/false' >>/etc/passwd`;

export default defineConfig({
  ...changed,
  identity: 'reset',
  include: ['/home/anna/projects'],
  layers: { site: { commands: [['sh', '-ec', ACCOUNTS]] } },
});
