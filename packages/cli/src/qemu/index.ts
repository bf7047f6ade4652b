export { type Acceleration, detectAcceleration } from './acceleration.ts';
export { type Drive, type Firmware, qemuArguments, type QemuOptions } from './arguments.ts';
export { findFirmware, prepareFirmware } from './firmware.ts';
export { type Machine, machineFailed, startMachine } from './machine.ts';
export type { Exit } from './process.ts';
export { Qmp } from './qmp.ts';
export { cleanConsole, consoleTail, SerialReader } from './serial.ts';
export { findProgram, QEMU, requireQemu } from './tool.ts';
