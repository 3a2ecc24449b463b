import type { Connection } from '../../adapters/adapter.ts'
import type { NodeLineage } from '../../lineage/node-lineage.ts'
import { claimsOf } from './claim.ts'
import { askTheData, type Budget, type OracleReport, type Subject } from './oracle.ts'
import type { Cell, OracleTable, Row } from './oracle-data.ts'

/** So many of a relation's own rows are looked at. */
const MOST_ROWS = 60

/** What is read of `manifest.json`. */
export interface ProjectManifest {
  readonly nodes: Readonly<Record<string, ManifestNode>>
  readonly sources: Readonly<Record<string, Pick<ManifestNode, 'relation_name'>>>
}

interface ManifestNode {
  readonly resource_type: string
  readonly relation_name: string | null
  readonly compiled_code?: string
  readonly config: { readonly materialized: string; readonly per_value?: unknown }
}

/** What is read of `lineage.json`. */
export interface ProjectLineageFile {
  readonly nodes: Readonly<Record<string, NodeLineage>>
}

export interface ProjectQuestion {
  readonly manifest: ProjectManifest
  readonly lineage: ProjectLineageFile
  /** Where the oracle makes its tables: temporary ones. */
  readonly connection: Connection
  /** Where the project was built; its rows are read, and nothing is changed. Absent where it was not. */
  readonly built: Connection | undefined
  readonly seed: number
  readonly budget: Budget
  readonly onModel?: (id: string, report: OracleReport) => void
}

/** Asks the data of each model of a project by itself: everything that the model reads becomes a small table. */
export async function askProject(question: ProjectQuestion): Promise<readonly OracleReport[]> {
  const { manifest, lineage, connection, seed, budget } = question
  const relations = new Map(
    Object.entries({ ...manifest.nodes, ...manifest.sources }).map(([id, { relation_name: name }]) => [id, name]),
  )
  const reports: OracleReport[] = []
  for (const [id, node] of Object.entries(manifest.nodes)) {
    const known = lineage.nodes[id]
    const isQueried = node.resource_type === 'model'
    if (!isQueried || node.config.materialized === 'ephemeral' || node.config.per_value || !known?.hasQuery) continue
    const tables: OracleTable[] = []
    const claimed = new Map<string, string>()
    let sql = node.compiled_code ?? ''
    for (const read of known.reads) {
      const name = relations.get(read)
      const columns = lineage.nodes[read]?.columns ?? []
      if (!name || !sql.includes(name) || columns.length === 0) continue
      const table = `lavra_oracle_${tables.length}`
      sql = sql.replaceAll(name, table)
      claimed.set(table, read)
      tables.push(await readTable(question.built, { table, name, columns }))
    }
    const subject = modelSubject(id, { sql, lineage: known, claimed })
    const report = await askTheData({ connection, tables, subjects: [subject], seed, budget, isTemporary: true })
    question.onModel?.(id, report)
    reports.push(report)
  }
  return reports
}

function modelSubject(
  name: string,
  {
    sql,
    lineage,
    claimed,
  }: { readonly sql: string; readonly lineage: NodeLineage; readonly claimed: ReadonlyMap<string, string> },
): Subject {
  return {
    name,
    sql,
    comparisons: [],
    outputs: lineage.columns.map((column) => column.name),
    claims: claimsOf(lineage, ({ node }, table) => node === claimed.get(table)),
  }
}

async function readTable(
  built: Connection | undefined,
  {
    table,
    name,
    columns,
  }: {
    readonly table: string
    readonly name: string
    readonly columns: readonly { readonly name: string; readonly type: string }[]
  },
): Promise<OracleTable> {
  const rows = built ? await ownRows(built, { name, columns: columns.map((column) => column.name) }) : []
  return {
    name: table,
    rows,
    columns: columns.map((column, index) => ({
      name: column.name,
      type: column.type,
      values: [...new Set(rows.map((row) => row[index]!))].slice(0, 24),
    })),
  }
}

async function ownRows(
  built: Connection,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
): Promise<readonly Row[]> {
  const texts = columns.map((column) => `cast("${column.replaceAll('"', '""')}" as varchar)`)
  const { rows } = await built.query(`select ${texts.join(', ')} from ${name} limit ${MOST_ROWS}`)
  return rows.map((row) => row.map((value): Cell => (value === null ? null : String(value))))
}
