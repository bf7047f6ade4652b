export { addLiveUser, type UserGroups } from './live-user.ts';
export { enableUnit, extendUnit, maskUnits } from './units.ts';
