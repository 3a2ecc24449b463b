import type { Connection } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { foreignKeyTemplate } from '../manifest/foreign-key.ts'
import type { Constraint, Model, Seed, Snapshot } from '../manifest/nodes.ts'
import { contractFor } from '../materialization/contract/compare.ts'
import { type Contract, hasContract } from '../materialization/contract/contract.ts'
import { parentMissing } from '../materialization/contract/problems.ts'
import { describeKey } from '../materialization/describe-key.ts'
import { findColumn } from '../materialization/find-column.ts'
import type { Check } from '../materialization/materialization.ts'
import { terminated } from '../materialization/statements.ts'
import { promisedTypes } from '../shadow/promised-types.ts'
import type { Relation } from '../sql/relation.ts'
import { sql } from '../sql/statement.ts'
import type { NodeSubject } from './compiler.ts'
import type { RunEnvironment } from './environment.ts'
import { located, type Sender, send } from './send.ts'

/**
 * Holds a model's query against its contract, before anything is made. Runs the model's `sql_header`, because the query may
 * need it. Undefined for what has no enforced contract; throws `UserError` when the query breaks it.
 */
export async function contractOf(
  environment: RunEnvironment,
  connection: Connection,
  compiled: CompiledNode<Model | Seed | Snapshot>,
  sender: Sender,
): Promise<Contract | undefined> {
  const { node } = compiled
  if (!hasContract(node)) return undefined
  const { sql_header: header } = node.config
  if (header !== undefined) await send(environment, connection, [sql(terminated(header))], sender)
  const promised = await promisedTypes(connection, node)
  const query = { kind: 'sql', sql: compiled.sql, main: true, mainOffset: 0 } as const
  const given = await located(environment, sender, query, () => connection.describeQuery(compiled.sql))
  return contractFor(node, promised, given, environment.adapter.dialect)
}

/**
 * What the foreign keys of a contract promise: every row has its parent, among what this run publishes or has found. The
 * run checks it and not the engine; see `createContractedTable`.
 */
export async function foreignKeyChecks(
  environment: RunEnvironment,
  connection: Connection,
  model: {
    readonly node: Model | Seed | Snapshot
    readonly contract: Contract | undefined
    readonly candidate: Relation
    readonly subject: NodeSubject
  },
): Promise<readonly Check[]> {
  const { node, contract, candidate, subject } = model
  if (!contract || !hasContract(node) || node.config.materialized === 'view') return []
  const keys = [
    ...contract.columns.flatMap(({ name, constraints }) =>
      constraints.map((constraint) => ({ constraint, columns: [name] })),
    ),
    ...contract.constraints.map((constraint) => ({
      constraint,
      columns: constraint.columns.map((name) => findColumn(contract.columns, name)?.name ?? name),
    })),
  ]
  const checks: Check[] = []
  for (const { constraint, columns } of keys) {
    const template = foreignKeyTemplate(constraint)
    if (template === undefined) continue
    const parent = await environment.compiler.text(connection, node, template, subject, 'contract')
    checks.push(parentCheck(environment, node, { constraint, columns, candidate, parent: parent.sql }))
  }
  return checks
}

function parentCheck(
  { adapter }: RunEnvironment,
  model: Model,
  key: {
    readonly constraint: Constraint
    readonly columns: readonly string[]
    readonly candidate: Relation
    readonly parent: string
  },
): Check {
  const { dialect } = adapter
  const own = key.columns.map((column) => `child.${dialect.quote(column)}`)
  const pairs = own.map((column, index) => `${column} = parent.${key.constraint.toColumns[index]}`)
  return {
    sql: [
      `select ${own.join(', ')}`,
      `from ${dialect.render(key.candidate)} as child`,
      `where ${own.map((column) => `${column} is not null`).join(' and ')}`,
      `  and not exists (select 1 from ${key.parent} as parent where ${pairs.join(' and ')})`,
      'limit 1',
    ].join('\n'),
    diagnostic: (row, columns) => parentMissing(model, key.constraint, describeKey(row, columns)),
  }
}
