/** What is left of a value of personal data: a text in front of its last characters, or nothing of it at all. */
interface Mask {
  readonly before: string
  readonly kept: number
  /** Shorter values are hidden whole: too much of them would be kept. */
  readonly least: number
}

/** The classes of which something is left, so that a person who knows the value can tell which it is. */
const MASKS: Readonly<Record<string, Mask>> = {
  cpf: { before: '***.***.***-', kept: 2, least: 11 },
  cnpj: { before: '**.***.***/****-', kept: 2, least: 14 },
  phone: { before: '***', kept: 2, least: 8 },
  card: { before: '**** **** **** ', kept: 4, least: 12 },
}

/** What stands for a value of any other class. */
const HIDDEN = '***'

/**
 * A SQL expression of text that stands for a column of personal data: `***.***.***-40` for a `cpf`, `***@example.com` for an
 * `email`, `***` for a class that has no mask of its own. Null stays null. The same SQL is read by every engine.
 */
export function maskedColumn(column: string, personalClass: string): string {
  const text = `cast(${column} as varchar)`
  if (personalClass === 'email') {
    return `case when strpos(${text}, '@') > 0 then '${HIDDEN}' || substr(${text}, strpos(${text}, '@')) when ${column} is not null then '${HIDDEN}' end`
  }
  const mask = MASKS[personalClass]
  if (!mask) return `case when ${column} is not null then '${HIDDEN}' end`
  const { before, kept, least } = mask
  return `case when length(${text}) >= ${least} then '${before}' || right(${text}, ${kept}) when ${column} is not null then '${HIDDEN}' end`
}
