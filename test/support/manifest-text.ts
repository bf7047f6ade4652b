import { createHash } from 'node:crypto';

export const IMAGE = '01234567-89ab-cdef-0123-456789abcdef';
export const HEX = '0123456789abcdef';

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Manifest, selection: lines with their hash as the last one. */
export const sealed = (body: string) => `${body}end ${digest(body)}\n`;

export const layer = (name: string, bytes = 10) =>
  `layer ${name} layers/${name}-${HEX}.squashfs ${bytes} ${HEX.repeat(4)} squashfs - -\n`;

export const head = `livesys 1\nimage ${IMAGE}\n`;

/** A manifest without its end line: two layers, the profiles office (default, persistent) and rescue. */
export const good = `${head}${layer('base')}${layer('desk.top-1')}profile office default base,desk.top-1\nprofile rescue - base\npersist office data LIVESYS-DATA optional\nx-note anything at all\n`;
