import type { BootAssets, BootEntry } from './boot.ts';
import type { Architecture, DistroFacts, Facts, KernelFacts, MountFacts } from './facts.ts';
import type { Hooks } from './hooks.ts';
import type { Need } from './need.ts';
import type { DownloadCache, Ops, PlanBuilder } from './plan-builder.ts';
import type { Probe } from './probe.ts';
import type { Runtime } from './runtime.ts';
import type { SecretRule } from './secret-rule.ts';
import type { Artifact, Ref, Text, Tree } from './values.ts';

/** What every plugin has, whatever it does. */
export interface Plugin {
  /** The npm package name, or another name that a user can find it by. */
  readonly name: string;
  readonly version: string;
  /** Range of plugin API versions it is written for, such as `^1.0.0`. */
  readonly apiVersion: string;
  /** Tools that its tasks run in the tools tree. */
  readonly needs?: readonly Need[];
  /** Taps hooks. Called once per planning, before any step. */
  apply?(hooks: Hooks): void;
}

/** Where the base comes from. */
export interface Source extends Plugin {
  readonly role: 'source';
  /** What the user would call it, for messages: a path, `debian:bookworm`. */
  readonly label: string;
  /** Whether the distribution must be named in the config because there is no root to look at. */
  readonly needsDistro?: boolean;
  /** Plans the source tree, which must be named `source:base`. */
  plan(context: SourceContext): Tree;
}

export interface SourceContext {
  readonly plan: PlanBuilder;
  /** Present where it is known before there is a tree. */
  readonly distro?: DistroAdapter;
  /** The builder's root. */
  readonly builder: Probe;
  /** From facts that were given: the mounts of a machine that need not be this one. */
  readonly mounts?: readonly MountFacts[];
  readonly architecture: Architecture;
  /** Makes a path absolute; relative ones count from the config's folder. */
  readonly resolvePath: (path: string) => string;
}

/** A request to install packages into the root that the operations see as `/`. */
export interface PackageRequest {
  readonly packages: readonly string[];
  readonly facts: Facts;
  /** The builder's root, for how it reaches the repositories. */
  readonly builder: Probe;
  /** `tools`: thrown away after the build, so only what is needed runs. */
  readonly purpose: 'image' | 'tools';
}

/** A request for the tree that later steps run their tools in. */
export interface ToolsRequest extends Omit<PackageRequest, 'purpose'> {
  readonly plan: PlanBuilder;
  /** The task id to use. */
  readonly id: string;
  /** The source tree. */
  readonly base: Tree;
  /** When the repositories were looked at, as ISO 8601; another text where that is not recorded. */
  readonly repositories: string;
}

/** The user of a live system. */
export interface LiveUser {
  readonly name: string;
  /** `none` locks the password; text is set as it is; a secret never appears in a plan. */
  readonly password: 'none' | { readonly secret: Ref } | { readonly text: string };
  /** Logs in by itself on the console, the serial console and in the greeter of a desktop. */
  readonly autologin: boolean;
  /** May become root without a password. */
  readonly sudo: boolean;
}

export interface GeneralizeRequest {
  readonly facts: Facts;
  /** With `keep` the machine and its people stay who they are. */
  readonly identity: 'reset' | 'keep';
  readonly user: LiveUser | undefined;
  readonly hostname: string;
}

/** A distribution: how to find, install and generalize it. */
export interface DistroAdapter extends Plugin {
  readonly role: 'distro';
  /** Values of os-release ID it serves; a derivative is served through its ID_LIKE. */
  readonly ids: readonly string[];
  /** What it would bootstrap, such as `debian:bookworm`. */
  readonly bootstrapLabel?: string;
  /** Reads facts; runs nothing and may be recorded. Kernels are listed newest first. */
  detect(probe: Probe): DistroFacts;
  /**
   * Folders in which {@link DistroAdapter.detect} looks for kernels and their modules, for whoever has
   * none. The need `kernel` asks for the package that brings one.
   */
  readonly kernelFolders?: readonly string[];
  /** Plans a new root. */
  bootstrap?(context: BootstrapContext): Tree;
  /** Tools the builder must have for {@link DistroAdapter.bootstrap}. */
  readonly bootstrapNeeds?: readonly Need[];
  /** Packages that every image needs for the runtime, such as util-linux. */
  readonly imagePackages?: readonly string[];
  /** Packages for a need that its author did not name for this distribution. */
  packagesFor?(need: Need, facts: Facts): readonly string[] | undefined;
  /** Records the installation of packages; kernel packages and installed versions stay. */
  installPackages(ops: Ops, request: PackageRequest): void;
  /**
   * Plans the tools tree, whose programs then count as others than the source's
   * ({@link InitramfsContext.programs}). Undefined, or left out: {@link DistroAdapter.installPackages}
   * in a layer on the source, which does not suit a rolling distribution that is out of date.
   */
  planTools?(request: ToolsRequest): Tree | undefined;
  /** Download caches that {@link DistroAdapter.installPackages} uses. */
  downloads(facts: Facts): readonly DownloadCache[];
  /** What the result of an installation depends on in a tree, so that a tools tree is not rebuilt for a changed file in a home. */
  readonly packagePaths: readonly string[];
  /** What never belongs in an image, as lines of .gitignore; `/path/*` keeps the folder. */
  excludes(facts: Facts): readonly string[];
  /** What is secret on this distribution, beyond what is so on every Linux. */
  readonly secrets?: readonly SecretRule[];
  /** Paths that change all the time and say nothing about the system, such as logs. */
  volatile(facts: Facts): readonly string[];
  /** Records what must differ on a live system: fstab, identity, live user. */
  generalize(ops: Ops, request: GeneralizeRequest): void;
}

export interface BootstrapContext {
  readonly plan: PlanBuilder;
  readonly id: string;
  readonly builder: Probe;
  readonly architecture: Architecture;
}

/** Parts of the boot that an initramfs tool can give the runtime a place in. */
export type Phase = 'parse' | 'assemble' | 'publish' | 'emergency';

/** Makes one initramfs per kernel that holds the runtime. */
export interface InitramfsBuilder extends Plugin {
  readonly role: 'initramfs';
  readonly supports: { readonly phases: readonly Phase[] };
  /** Kernel arguments that it needs on every entry. */
  readonly kernelArguments: readonly string[];
  build(context: InitramfsContext): Artifact;
}

export interface InitramfsContext {
  readonly plan: PlanBuilder;
  /** The task id to use. */
  readonly id: string;
  readonly kernel: KernelFacts;
  /**
   * Whose programs and libraries the tools tree has: the image's own, or those of another version.
   * Others may run in a boot image, which brings its libraries along, but they must hand nothing over
   * to the image's whose form depends on the version. systemd would: its state, and with it the
   * devices and units that it knows.
   */
  readonly programs: 'image' | 'other';
  readonly runtime: Runtime;
  readonly facts: Facts;
  /** What plugins add. */
  readonly contents: InitramfsContents;
}

/** Payload of the hook `initramfsContents`. */
export interface InitramfsContents {
  readonly kernelModules: readonly string[];
  readonly binaries: readonly string[];
  readonly files: Runtime['initramfs']['files'];
}

/** Turns boot entries into what makes a medium start. */
export interface Bootloader extends Plugin {
  readonly role: 'bootloader';
  readonly supports: BootloaderSupports;
  assets(context: BootloaderContext): BootAssets;
}

export interface BootloaderSupports {
  readonly firmware: readonly ('bios' | 'uefi')[];
  readonly architecture: readonly Architecture[];
  /** Where it reads kernels from: the EFI system partition, or the medium's own file system. */
  readonly kernelsOn: 'esp' | 'medium';
}

export interface BootloaderContext {
  readonly plan: PlanBuilder;
  readonly entries: readonly BootEntry[];
  readonly menu: { readonly title: string; readonly defaultEntry: string };
  readonly facts: Facts;
  readonly imageId: Ref;
  /** A file that only this medium has, absolute on it; how a loader finds the medium. */
  readonly marker: Text;
  /** Where an artifact of an entry lies on the medium. */
  readonly locate: (artifact: Artifact) => Text;
  /** Signs an EFI program. The default gives back what it gets. */
  readonly sign: (efi: Artifact) => Artifact;
}

/** A kind of file or device that a build makes. */
export interface OutputFormat extends Plugin {
  readonly role: 'output';
  /** Short name, also of the task: `iso` makes `output:iso`. */
  readonly format: string;
  /** How the default file name ends. Default: the format. */
  readonly extension?: string;
  /** Where to put it. Default: `dist/<id>-<version>.<extension>` beside the config. */
  readonly file?: string;
  /** What it can start from; none for an output that is not booted. */
  readonly firmware: readonly ('bios' | 'uefi')[];
  build(context: OutputContext): void;
}

export interface OutputContext {
  /** Makes the output: the operations must write `ops.output('image')`. */
  readonly output: (options: { readonly title?: string }, body: (ops: Ops) => void) => void;
  readonly plan: PlanBuilder;
  /** Everything on the medium by its absolute path, boot assets included. */
  readonly content: readonly MediumFile[];
  readonly assets: BootAssets;
  /**
   * The EFI system partition as a FAT image, which outputs of one build share; undefined where the
   * loader has none. An output that calls it needs `mkfs.vfat`, `mcopy` and `mmd`.
   */
  readonly espImage: () => Artifact | undefined;
  readonly imageId: Ref;
  /** Volume label, at most 32 characters of A-Z, 0-9 and `_`. */
  readonly label: string;
  readonly facts: Facts;
}

export interface MediumFile {
  readonly path: Text;
  readonly content: Artifact | Text;
}
