// Formats numbers, sizes and times for display.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

export const count = value => whole.format(value);

// For large type, where nine digits would not fit.
export const brief = value => value < 1e8 ? whole.format(value) : compact.format(value);

export const counted = (value, one, many = `${one}s`) => `${whole.format(value)} ${value === 1 ? one : many}`;

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++)
    value /= 1024;
  return `${precise.format(value)} ${units[unit]}`;
}

export const rate = perSecond => perSecond >= 1000 ? whole.format(perSecond) : precise.format(perSecond);

export const megabytes = bytesPerSecond => `${precise.format(bytesPerSecond / 1e6)} MB/s`;

export const percent = share => `${whole.format(Math.floor(share * 100))} %`;

export function duration(seconds) {
  if (seconds < 1)
    return `${whole.format(seconds * 1000)} ms`;
  if (seconds < 10)
    return `${seconds.toFixed(1)} s`;
  if (seconds < 120)
    return `${whole.format(seconds)} s`;
  if (seconds < 7200)
    return `${whole.format(seconds / 60)} min`;
  return seconds < 172800 ? `${whole.format(seconds / 3600)} h` : `${whole.format(seconds / 86400)} days`;
}

export const ago = seconds => seconds < 1 ? 'just now' : `${duration(seconds)} ago`;

// Converts a name such as "ResolverThrew" to words ("Resolver threw").
export const words = name => name.replace(/(?!^)[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
