import type { Plugin } from '@livesys/core/plugin';

const SETTINGS = '[General]\nEnableNetworkConfiguration=true\n';

/** Wireless networks on the live system. `country`: whose radio rules hold, such as `DE`. */
export default function wifi({ country }: { readonly country: string }): Plugin {
  return {
    name: 'livesys-wifi',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    apply(hooks) {
      hooks.packages.tap('livesys-wifi', (payload) => ({
        ...payload,
        packages: [...payload.packages, 'iwd'],
      }));
      hooks.imageFiles.tap('livesys-wifi', (payload) => ({
        files: [...payload.files, { path: '/etc/iwd/main.conf', content: SETTINGS }],
        enable: [...payload.enable, 'iwd.service'],
      }));
      hooks.kernelArguments.tap('livesys-wifi', (payload) => ({
        ...payload,
        arguments: [...payload.arguments, `cfg80211.ieee80211_regdom=${country}`],
      }));
    },
  };
}
