import type { QueryLineage } from '../../sql/query-lineage.ts'

/**
 * Lineage as a test writes it: what is copied as `=orders.id`, what is derived as `~orders.id`, rows as `filtered orders.id`,
 * and `joined orders.id for total` where that counts for some columns only.
 */
export interface WrittenLineage {
  readonly columns: Readonly<Record<string, string>>
  readonly rows: string
}

/** Everything in the order of the alphabet; a column of which only the relation is known is a star. */
export function writeLineage({ columns, rows }: QueryLineage): WrittenLineage {
  const name = ({ relation, column = '*' }: { readonly relation: string; readonly column: string | undefined }) =>
    `${relation}.${column}`
  return {
    columns: Object.fromEntries(
      columns.map((column) => [
        column.name,
        column.inputs
          .map((input) => `${input.how === 'copied' ? '=' : '~'}${name(input)}`)
          .sort()
          .join(' '),
      ]),
    ),
    rows: rows
      .map((row) => `${row.how} ${name(row)}${row.columns ? ` for ${row.columns.join(' ')}` : ''}`)
      .sort()
      .join(', '),
  }
}
