import { defineConfig } from 'livesys';

import { changed } from './host.config.ts';

/** What a layer makes that is secret, as installing a package does: no more than its folder may stay. */
export const MADE = `mkdir -p /etc/wireguard /etc/letsencrypt/live/site
printf 'made-in-a-%s\\n' layer-q7Zr4vXw >/etc/wireguard/made.conf
printf 'made-in-a-%s\\n' layer-q7Zr4vXw >/etc/letsencrypt/live/site/privkey.pem
[ ! -e /etc/wireguard/dropped.conf ] || rm /etc/wireguard/dropped.conf`;

export default defineConfig({
  ...changed,
  layers: { site: { files: './own', commands: [['sh', '-ec', MADE]] } },
});
