/**
 * What to tell when the clock of this machine is behind the date of the image. The tools bring times
 * down to that date and never up to it, so new files keep the time of the clock.
 */
export function clockWarning(sourceDateEpoch: number, now: number): string | undefined {
  if (now >= sourceDateEpoch * 1000) return undefined;
  const [clock, date] = [now, sourceDateEpoch * 1000].map((time) => new Date(time).toISOString());
  return `the clock of this machine (${clock}) is behind the date of the source (${date}): the result differs from that of a machine whose clock is right`;
}
