import type { ColumnFormat } from '../manifest/panel.ts'
import { DateValue, Decimal, type SqlValue, TimestampValue } from '../sql/value.ts'
import { writeJson } from './rows-json.ts'

/** The locales that reports are written in, by the name that `--locale` takes. */
export const LOCALES = ['en', 'pt-BR'] as const
export type Locale = (typeof LOCALES)[number]

/** The key of a locale's texts. */
export function languageOf(locale: Locale): 'en' | 'pt' {
  return locale === 'pt-BR' ? 'pt' : 'en'
}

/**
 * A value as people of a locale read it: `R$ 1.000,00`, `03/02/2020`. Digits are exact, because they are formatted as text
 * and not as floating-point numbers; times stay in the zone that they have, which is UTC. Null is empty.
 */
export function localeText(value: SqlValue, format: ColumnFormat, locale: Locale): string {
  if (value === null) return ''
  switch (format.kind) {
    case 'number':
    case 'integer':
    case 'money':
    case 'percent':
      return numberText(value, format, locale)
    case 'date':
      return dateText(plainText(value).replace(/T.*$/, ''), locale)
    case 'datetime':
      return value instanceof TimestampValue ? datetimeText(value, locale) : plainText(value)
    case 'text':
      return plainText(value)
  }
}

/** A value as every program reads it: all digits, ISO 8601, JSON for what is nested. */
export function plainText(value: SqlValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (value instanceof Decimal || value instanceof DateValue || value instanceof TimestampValue) return String(value)
  return typeof value === 'object' ? writeJson(value) : String(value)
}

function numberText(value: SqlValue, format: ColumnFormat, locale: Locale): string {
  const digits = value instanceof Decimal ? value.digits : value
  const isNumber = typeof digits === 'number' || typeof digits === 'bigint'
  if (!isNumber && !(typeof digits === 'string' && /^-?\d+(\.\d+)?$/.test(digits))) return plainText(value)
  const scale = typeof digits === 'string' ? (digits.split('.')[1]?.length ?? 0) : undefined
  // The formatter takes digits as text, and keeps all of them.
  const text = numberFormat(locale, format, scale).format(digits as number)
  return text.replace(/[\u00a0\u202f]/g, ' ')
}

const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: Locale, format: ColumnFormat, scale: number | undefined): Intl.NumberFormat {
  const key = JSON.stringify([locale, format, scale])
  const known = numberFormats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(locale, numberOptions(format, scale))
  numberFormats.set(key, made)
  return made
}

function numberOptions(
  { kind, currency, decimals }: ColumnFormat,
  scale: number | undefined,
): Intl.NumberFormatOptions {
  const exactly = (digits: number | undefined): Intl.NumberFormatOptions =>
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }
  switch (kind) {
    case 'money':
      return { style: 'currency', ...(currency ? { currency } : {}), ...exactly(decimals) }
    case 'percent':
      return { style: 'percent', maximumFractionDigits: 2, ...exactly(decimals) }
    case 'integer':
      return exactly(0)
    default:
      return { maximumFractionDigits: 20, ...exactly(decimals ?? scale) }
  }
}

function dateText(iso: string, locale: Locale): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso) ?? []
  // Infinities, and years that are no four digits.
  if (year === '') return iso
  if (locale === 'pt-BR') return `${day}/${month}/${year}`
  return englishDay.format(new Date(`${iso}T00:00:00Z`))
}

/** `Feb 3, 2020`: in numbers, English readers of two continents would take it for two different days. */
const englishDay = new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'medium' })

function datetimeText({ iso, hasZone }: TimestampValue, locale: Locale): string {
  const [, day = '', clock = '', fraction = ''] = /^(.+)T(\d\d:\d\d:\d\d)(\.\d+)?(?:\+00:00)?$/.exec(iso) ?? []
  if (day === '') return iso
  const second = locale === 'pt-BR' ? fraction.replace('.', ',') : fraction
  return `${dateText(day, locale)} ${clock}${second}${hasZone ? ' UTC' : ''}`
}
