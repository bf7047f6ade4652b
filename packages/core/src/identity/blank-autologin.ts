import { byLine, type BlankForm } from './blank-form.ts';

// Who is logged in by itself has no home in the image: the session ends as soon as it begins, and the
// next one begins. Root's does not.

/** Source: gdm's daemon/gdm-settings-keys.h. */
const GDM: BlankForm = {
  files: ['/etc/gdm/custom.conf', '/etc/gdm3/custom.conf', '/etc/gdm3/daemon.conf'],
  secret: false,
  blank: byLine((line) =>
    /^\s*(?:AutomaticLogin|TimedLogin)(?:Enable)?\s*=(?!\s*(?:false|0|root)\s*$)/i.test(line)
      ? undefined
      : line,
  ),
};

/** Source: the lightdm.conf that comes with it; lxdm.conf of lxdm. */
const LIGHTDM: BlankForm = {
  files: ['/etc/lightdm/lightdm.conf', '/etc/lightdm/lightdm.conf.d/*', '/etc/lxdm/lxdm.conf'],
  secret: false,
  blank: byLine((line) =>
    /^\s*autologin(?:-user)?\s*=(?!\s*(?:root)?\s*$)/.test(line) ? undefined : line,
  ),
};

/** Source: sddm.conf(5). */
const SDDM: BlankForm = {
  files: [
    '/etc/plasmalogin.conf',
    '/etc/plasmalogin.conf.d/*',
    '/etc/sddm.conf',
    '/etc/sddm.conf.d/*',
  ],
  secret: false,
  blank: bySection((section, line) =>
    section === 'Autologin' && /^\s*User\s*=(?!\s*(?:root)?\s*$)/.test(line) ? undefined : line,
  ),
};

/** Source: greetd(5). */
const GREETD: BlankForm = {
  files: ['/etc/greetd/*.toml'],
  secret: false,
  blank: bySection((section, line) => (section === 'initial_session' ? undefined : line)),
};

const LOGS_IN =
  /^\s*ExecStart\s*=.*getty\b.*\s(?:--autologin[= ]|-a\s*|(?:--skip-login|-n)\s.*(?:--login-options[= ]|-o\s*))(?!root\b)/;
const OPTIONS =
  /\s(?:--autologin[= ]\s*\S+|-a\s*[^\s-]\S*|--skip-login|-n(?=\s)|(?:--login-options[= ]\s*|-o\s*)(?:"[^"]*"|'[^']*'|\S+))/g;

/** A drop-in that says no more leaves the command to the unit, or to the drop-in for the live user. */
const GETTY: BlankForm = {
  files: [
    '/etc/systemd/system/*getty@*',
    '/etc/systemd/system/*getty@*/*',
    '/etc/systemd/system/console-getty.service*/*',
  ],
  secret: false,
  blank(text, path) {
    const lines = text.split('\n');
    if (!lines.some((line) => LOGS_IN.test(line))) return text;
    if (path.includes('.d/'))
      return lines.filter((line) => !/^\s*ExecStart\s*=/.test(line)).join('\n');
    return lines
      .map((line) => (LOGS_IN.test(line) ? line.replaceAll(OPTIONS, '') : line))
      .join('\n');
  },
};

/** Who is logged in without being asked. */
export const AUTOLOGIN: readonly BlankForm[] = [GDM, LIGHTDM, SDDM, GREETD, GETTY];

function bySection(
  change: (section: string, line: string) => string | undefined,
): (text: string) => string {
  return (text) => {
    let section = '';
    return text
      .split('\n')
      .filter((line) => {
        section = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? section;
        return change(section, line) !== undefined;
      })
      .join('\n');
  };
}
