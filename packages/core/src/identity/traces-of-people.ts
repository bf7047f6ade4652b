import type { SecretRule } from '../contract/secret-rule.ts';

/** What people did, and the profiles of the programs they did it with. */
export const TRACES_OF_PEOPLE: readonly SecretRule[] = [
  {
    kind: 'a history',
    paths: [
      '.*_history',
      '.*_history-*',
      '.histfile',
      '.lesshst',
      '.recently-used*',
      '.viminfo*',
      '.wget-hsts',
      '.zhistory',
      '**/.local/share/fish/fish_history',
      '**/.local/share/recently-used*',
      '**/.local/share/zeitgeist/*',
      '**/.local/share/kactivitymanagerd/*',
      '**/.local/state/*/*history*',
      '**/.local/state/nvim/shada/*',
    ],
  },
  {
    kind: 'a browser or mail profile',
    paths: [
      '**/.config/BraveSoftware/*',
      '**/.config/Code*/User/globalStorage/*',
      '**/.config/chromium*/*',
      '**/.config/evolution/*',
      '**/.config/google-chrome*/*',
      '**/.config/microsoft-edge*/*',
      '**/.config/opera*/*',
      '**/.config/vivaldi*/*',
      '**/.icedove/*',
      '**/.librewolf/*',
      '**/.local/share/epiphany/*',
      '**/.local/share/evolution/*',
      '**/.local/share/qutebrowser/*',
      '**/.mozilla/*',
      '**/.thunderbird/*',
      '**/.var/app/*/*',
      '**/.waterfox/*',
      '**/snap/*/common/*',
      '**/snap/*/current/*',
    ],
  },
];
