import type { Need } from '@livesys/core/plugin';

/** What unlocks an encrypted partition for changes. */
export const ENCRYPTION = {
  binaries: ['cryptsetup', 'dmsetup'],
  /** Threads, which derive the key from the passphrase, end by it; nothing is linked with it. */
  libraries: ['libgcc_s.so.1'],
  kernelModules: {
    required: ['dm_mod', 'dm_crypt'],
    /**
     * AES, the default of cryptsetup, and Adiantum, for processors that are slow at it. With the
     * last, cryptsetup itself uses them.
     */
    optional: [
      ...['xts', 'ecb', 'cbc', 'essiv', 'aes_generic', 'aesni_intel', 'aes_arm64', 'aes_ce_blk'],
      ...['sha256_generic', 'sha512_generic', 'adiantum', 'chacha_generic', 'nhpoly1305'],
      'algif_skcipher',
    ],
  },
} as const;

export const ENCRYPTION_NEEDS: readonly Need[] = [
  {
    name: 'cryptsetup',
    reason: 'at boot, it unlocks an encrypted partition for changes',
    packages: { debian: ['cryptsetup-bin'], arch: ['cryptsetup'], fedora: ['cryptsetup'] },
  },
];
