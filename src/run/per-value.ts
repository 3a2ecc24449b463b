import type { Connection } from '../adapters/adapter.ts'
import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import type { Model } from '../manifest/nodes.ts'
import { fitIdentifier } from '../sql/candidate-name.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import type { SqlValue } from '../sql/value.ts'
import type { RunEnvironment } from './environment.ts'
import { located } from './send.ts'

/** One relation of a `per_value` node: its name, and the row of the query that it stands for. */
export interface ValueTarget {
  readonly relation: Relation
  readonly value: Readonly<Record<string, SqlValue>>
}

/**
 * The relations that a `per_value` node becomes in this run: one a row of its query, named by its name template. Names
 * that would be one relation (case, length) get the suffixes `_2`, `_3` in the order of their values, so that a name does
 * not depend on the order in which the database gives the rows. An empty result is an error unless `allow_empty`, because
 * it would drop every relation of the node.
 */
export async function perValueTargets(
  environment: RunEnvironment,
  connection: Connection,
  node: Model,
): Promise<readonly ValueTarget[]> {
  const config = node.config.per_value
  invariant(config, `${node.id} has no per_value`)
  const subject = {
    thisRelation: undefined,
    isIncremental: false,
    fullRefresh: environment.fullRefresh,
    value: undefined,
  }
  const query = await environment.compiler.text(connection, node, config.query, subject, 'per_value')
  const sender = { id: node.id, failed: { compiled: query, subject: `model ${node.name}`, fallback: placeOf(node) } }
  const statement = { kind: 'sql', sql: query.sql, main: true, mainOffset: 0 } as const
  const result = await located(environment, sender, statement, () => connection.query(query.sql))
  const rows = result.rows.map((row) =>
    Object.fromEntries(result.columns.map((column, index) => [column.name, row[index] ?? null])),
  )
  rows.sort((a, b) => compareText(sortKey(a), sortKey(b)))
  if (rows.length === 0 && !config.allow_empty) throw new UserError(emptyResult(node))
  const taken = new Set<string>()
  const targets: ValueTarget[] = []
  for (const value of rows) {
    const name = await environment.compiler.text(connection, node, config.name, { ...subject, value }, 'per_value')
    const identifier = uniqueName(name.sql.trim(), taken, environment.adapter.dialect.maxIdentifierBytes)
    if (identifier === '') throw new UserError(emptyName(node, sortKey(value)))
    targets.push({ relation: { ...environment.compiler.relationBase(node), identifier }, value })
  }
  refuseForeignRelations(environment, node, targets)
  return targets
}

function uniqueName(name: string, taken: Set<string>, maxBytes: number): string {
  let candidate = fitIdentifier(name, maxBytes)
  for (let number = 2; taken.has(candidate.toLowerCase()); number++) {
    candidate = `${fitIdentifier(name, maxBytes - String(number).length - 1)}_${number}`
  }
  taken.add(candidate.toLowerCase())
  return candidate
}

/** A value must not take the name of another node's relation. */
function refuseForeignRelations(environment: RunEnvironment, node: Model, targets: readonly ValueTarget[]): void {
  const owners = new Map<string, string>()
  for (const other of environment.manifest.nodes.values()) {
    if (other.kind !== 'test' && other.relation) owners.set(relationLabel(other.relation).toLowerCase(), other.name)
  }
  for (const { relation } of targets) {
    const owner = owners.get(relationLabel(relation).toLowerCase())
    if (owner === undefined) continue
    throw new UserError(
      problem(
        'relation-duplicate',
        `"${node.name}" gives a relation "${relationLabel(relation)}", which "${owner}" has.`,
        {
          place: placeOf(node),
          hint: 'let the name of "per_value" start with a prefix of its own',
        },
      ),
    )
  }
}

function placeOf(node: Model) {
  return node.configPlaces.get('per_value') ?? node.place
}

function emptyResult(node: Model) {
  return problem(
    'per-value-empty',
    `The query of "per_value" gave no row, so every relation of "${node.name}" would be dropped.`,
    {
      place: placeOf(node),
      hint: 'set "allow_empty: true" beside the query if that is meant',
    },
  )
}

function emptyName(node: Model, value: string) {
  return problem('per-value-name', `The name of "per_value" is empty for the value ${value}.`, { place: placeOf(node) })
}

function sortKey(value: Readonly<Record<string, SqlValue>>): string {
  return JSON.stringify(Object.values(value).map(String))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
