import type { Words } from './words/en.ts'

/** How numbers, times and durations are written in the reader's language. */
export interface Format {
  count(value: number): string
  duration(seconds: number): string
  /** Date and time in the reader's time zone. */
  moment(iso: string): string
  /** `3 hours ago`. */
  ago(iso: string): string
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

export function formatFor({ locale }: Words): Format {
  const counts = new Intl.NumberFormat(locale)
  const decimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return {
    count: (value) => counts.format(value),
    duration: (seconds) => {
      if (seconds < 60) return `${decimals.format(seconds)} s`
      const whole = Math.round(seconds)
      const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
      return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
    },
    moment: (iso) => moments.format(new Date(iso)),
    ago: (iso) => {
      const seconds = (Date.parse(iso) - Date.now()) / 1000
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60]
      return relative.format(Math.round(seconds / size), unit)
    },
  }
}
