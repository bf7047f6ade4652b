import { isArtifact, text, type OutputContext, type OutputFormat } from '@livesys/core/plugin';

const FOLDER = '/tmp/medium';

/** The files of a medium in one archive, to be unpacked onto a FAT stick or a web server. */
export default function tar(options: { readonly file?: string } = {}): OutputFormat {
  return {
    role: 'output',
    name: 'livesys-output-tar',
    version: '1.0.0',
    apiVersion: '^1.0.0',
    format: 'tar',
    ...(options.file === undefined ? {} : { file: options.file }),
    firmware: [],
    build,
  };
}

function build({ output, content, facts }: OutputContext): void {
  output({ title: 'archive' }, (ops) => {
    for (const file of content) {
      const path = text`${FOLDER}${file.path}`;
      if (isArtifact(file.content)) {
        // A link, so that layers of some gigabytes are not copied first.
        ops.link(ops.input(file.content), path);
      } else {
        ops.write(path, file.content);
      }
    }
    ops.exec([
      'tar',
      '--create',
      '--dereference',
      '--sort=name',
      '--numeric-owner',
      '--owner=0',
      '--group=0',
      `--mtime=@${facts.sourceDateEpoch}`,
      '--mode=u=rwX,go=rX',
      '--file',
      ops.output('image'),
      '--directory',
      FOLDER,
      '.',
    ]);
  });
}
