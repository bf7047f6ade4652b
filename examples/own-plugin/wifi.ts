import type { Plugin } from '@livesys/core/plugin';

export interface WifiOptions {
  /** ISO 3166 code of the country whose radio rules hold, such as `DE`. */
  readonly country: string;
}

/** Wireless networks on the live system: iwd, its settings, and the country for the kernel. */
export function wifi({ country }: WifiOptions): Plugin {
  const settings = '[General]\nEnableNetworkConfiguration=true\n';
  return {
    name: 'wifi',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    apply(hooks) {
      hooks.packages.tap('wifi', (payload) => ({
        ...payload,
        packages: [...payload.packages, 'iwd', 'wireless-regdb'],
      }));
      hooks.imageFiles.tap('wifi', (payload) => ({
        ...payload,
        files: [...payload.files, { path: '/etc/iwd/main.conf', content: settings }],
      }));
      hooks.kernelArguments.tap('wifi', (payload) => ({
        ...payload,
        arguments: [...payload.arguments, `cfg80211.ieee80211_regdom=${country}`],
      }));
    },
  };
}
