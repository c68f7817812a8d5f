/**
 * Jobs a replica holds: one for each call that is allowed at once, and one in four more, so that the next chunk is read and
 * the last one stored while all calls are under way. No more: what is held here can't be overtaken.
 */
export const slotsFor = (callsAtOnce: number): number => callsAtOnce + Math.floor(callsAtOnce / 4);
