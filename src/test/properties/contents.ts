import type { TemporaryProject } from '../temporary-project.ts'

/** A relation as a reader sees it. */
export interface RelationContents {
  /** `name type`, in their order. */
  readonly columns: readonly string[]
  /** Every row as one text, sorted. */
  readonly rows: readonly string[]
}

/** Every relation of the schema `main`, with all its rows. */
export async function contentsOf(project: TemporaryProject): Promise<ReadonlyMap<string, RelationContents>> {
  const found = await project.query(
    `select table_name, column_name, data_type from information_schema.columns where table_schema = 'main' order by table_name, ordinal_position`,
  )
  const columns = new Map<string, { readonly name: string; readonly type: string }[]>()
  for (const [table, name, type] of found) {
    const known = columns.get(String(table)) ?? []
    columns.set(String(table), [...known, { name: String(name), type: String(type) }])
  }
  if (columns.size === 0) return new Map()
  const selects = [...columns].map(([table, list]) => {
    const texts = list.map(({ name }) => `coalesce(cast("${name}" as varchar), 'null')`)
    return `select '${table}', ${texts.join(` || ' | ' || `)} from main."${table}"`
  })
  const rows = await project.query(selects.join('\nunion all\n'))
  return new Map(
    [...columns].map(([table, list]) => [
      table,
      {
        columns: list.map(({ name, type }) => `${name} ${type}`),
        rows: rows.flatMap(([owner, text]) => (owner === table ? [String(text)] : [])).sort(),
      },
    ]),
  )
}
