import { defineConfig, directory, iso } from 'livesys';

// A root tree that exists already. It is only read; distribution and kernel are found in it.
export default defineConfig({
  source: directory('./root'),
  excludes: ['/srv/*', '/home/*/.cache'],
  // Larger than squashfs, and quicker where a program reads a little of many files.
  format: 'erofs',
  outputs: [iso()],
});
