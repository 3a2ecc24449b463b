/** `id = 7, day = 2020-01-01`: a key for messages. `columns` may be longer than `row`. */
export function describeKey(row: readonly unknown[], columns: readonly string[]): string {
  return row.map((value, index) => `${columns[index]} = ${describeValue(value)}`).join(', ')
}

function describeValue(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' && !Object.hasOwn(value, 'iso') && !Object.hasOwn(value, 'digits')
    ? JSON.stringify(value)
    : String(value)
}
