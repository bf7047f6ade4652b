export { type Acceleration, detectAcceleration } from './acceleration.ts';
export type { Drive, QemuOptions } from './arguments.ts';
export { findFirmware, prepareFirmware } from './firmware.ts';
export { type Machine, machineFailed, startMachine } from './machine.ts';
export type { Exit } from '../programs/spawn-tied.ts';
export { Qmp } from './qmp.ts';
export { cleanConsole, consoleTail, SerialReader } from './serial.ts';
export { requireQemu } from './tool.ts';
