import type { Ops, PackageRequest } from '@livesys/core/plugin';
import { removeHostKeys, removeLeftovers } from '@livesys/distro-parts';
import { reachSettings, renderSettings } from './apt-conf.ts';
import {
  BUILD_FOLDER,
  LEFTOVERS,
  QUIET_ENVIRONMENT,
  STUBS_FIRST,
  writeStubs,
} from './build-environment.ts';

const CONF = `${BUILD_FOLDER}/apt.conf`;
const PREFERENCES = '/etc/apt/preferences.d/00livesys-build';

/** The kernel of the image is settled; no other one may be chosen. */
const SAME_KERNEL = `Package: linux-image-*
Pin: release a=now
Pin-Priority: 1001

Package: linux-image-*
Pin: version *
Pin-Priority: -1
`;

const SAME_VERSIONS = `${SAME_KERNEL}
Package: *
Pin: release a=now
Pin-Priority: 1001
`;

/**
 * In an image every installed version is preferred above all. What needs a newer version then ends
 * with apt's list of unmet dependencies, which names both sides. Tools are no part of an image, and
 * a source is often older than its mirror: what they need may be newer there, but for systemd, which
 * hands its state from the boot image over to that of the image. An update of the same release may
 * do that.
 */
function preferences({ purpose, facts }: PackageRequest): string {
  if (purpose === 'image') return SAME_VERSIONS;
  const release = /^\d+/.exec(facts.distro.packages['systemd'] ?? '')?.[0];
  if (release === undefined) return SAME_KERNEL;
  return `${SAME_KERNEL}
Package: systemd
Pin: version ${release}*
Pin-Priority: 1001
`;
}

/**
 * Hooks of the root's own apt are dropped: they empty the shared cache (docker-clean), commit to a
 * repository (etckeeper) or ask (apt-listchanges). No cache or log is written beside the packages.
 */
const INSTALL_CONF = `${STUBS_FIRST}APT::Get::Assume-Yes "true";
APT::Get::Remove "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Log::History "";
Dir::Log::Terminal "";
Dir::Log::Planner "";
Dir::Log::Solver "";
DPkg::Options:: "--force-confdef";
DPkg::Options:: "--force-confold";
DPkg::Options:: "--force-unsafe-io";
DPkg::Options:: "--log=/dev/null";
DPkg::Use-Pty "0";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
`;

/**
 * Records the installation of packages into the root that the operations see as `/`. What the base
 * has already needs nothing; if that is all of it, the network is not touched.
 */
export function installPackages(ops: Ops, request: PackageRequest): void {
  const installed = request.facts.distro.packages;
  const wanted = [...new Set(request.packages)].filter((name) => installed[name] === undefined);
  if (wanted.length === 0) return;
  const recommends = request.purpose === 'tools' ? ['--no-install-recommends'] : [];
  const apt = ['apt-get', `--config-file=${CONF}`];
  ops.write(CONF, `${INSTALL_CONF}${renderSettings(reachSettings(request.builder))}`);
  ops.write(PREFERENCES, preferences(request));
  writeStubs(ops);
  ops.exec([...apt, 'update'], { env: QUIET_ENVIRONMENT, progress: 'apt' });
  ops.exec([...apt, ...recommends, 'install', ...wanted], {
    env: QUIET_ENVIRONMENT,
    progress: 'apt',
  });
  ops.remove(PREFERENCES);
  ops.remove(BUILD_FOLDER);
  removeLeftovers(ops, LEFTOVERS);
  if (request.purpose === 'image') removeHostKeys(ops);
}
