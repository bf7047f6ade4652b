/** The framework for programs: loading a config, planning and applying. Plugins import `./plugin`. */
export { auditTree, hashesIn, type AuditedTree } from './apply/audit-tree.ts';
export { annotatePlan, type Annotations } from './apply/annotate.ts';
export { withDependents } from './apply/schedule.ts';
export { seeingMounts, type Sight } from './apply/seeing-mounts.ts';
export { applyPlan, type ApplyOptions } from './apply/apply-plan.ts';
export type { BuildEvent, PlannedTask } from './apply/events.ts';
export { SecretFinder, type Finding } from './audit/secret-finder.ts';
export { LocalStore } from './cache/local-store.ts';
export { pruneCache } from './cache/prune.ts';
export {
  configJsonSchema,
  defineConfig,
  findConfigFile,
  loadConfig,
  resolveConfig,
  type Builtins,
  type Modules,
  type ResolvedConfig,
  type UserConfig,
} from './config/index.ts';
export { accessListsOf, recordedAccessLists } from './fidelity/access-lists.ts';
export { judgeMounts } from './facts/judge-mounts.ts';
export { readFacts } from './facts/read-facts.ts';
export { blankPasswords, isPasswordFile } from './identity/password-files.ts';
export { disk, type DiskOptions } from './outputs/disk.ts';
export { iso } from './outputs/iso.ts';
export { parsePlan } from './plan/parse.ts';
export { renderShell } from './plan/render-shell.ts';
export { renderText } from './plan/render-text.ts';
export { isErrorCode, isLivesysError, LivesysError } from './errors/livesys-error.ts';
export { ERRORS, type ErrorCode } from './errors/table.ts';
export type { Plan } from './plan/model.ts';
export { planDigest } from './plan/digest.ts';
export { taskKeys, planScans } from './plan/keys.ts';
export { announce, type News } from './plugins/news.ts';
export { withoutOctalEscapes } from './probe/octal-escapes.ts';
export { rootReader } from './probe/root-reader.ts';
export { archive } from './sources/archive.ts';
export { bootstrap } from './sources/bootstrap.ts';
export { directory } from './sources/directory.ts';
export { host, type HostOptions } from './sources/host.ts';
export { planBuild, type Defaults } from './steps/plan-build.ts';
export { secretRules } from './steps/leave-out.ts';
export { sourceLabel } from './steps/source-label.ts';
