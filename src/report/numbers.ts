/** `0.21s`, `2m 03s`, `1h 02m 03s`. */
export function describeSeconds(seconds: number): string {
  if (seconds < 59.995) return `${seconds.toFixed(2)}s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  const rest = `${two(whole % 60)}s`
  return minutes < 60 ? `${minutes}m ${rest}` : `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m ${rest}`
}

/** `1 row`, `1,234 rows`. */
export function describeCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
