import { type Connection, isRefusal } from '../adapters/adapter.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import { grantStatements } from '../materialization/grants.ts'
import type { Candidate } from '../run/candidates.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { inNameOf } from './publication-error.ts'

/**
 * Gives and takes rights on what was just published, inside the publishing transaction. What stands is asked for here and not
 * before: a table that was swapped in has other grants than the one that it replaced.
 */
export async function applyGrants(
  environment: RunEnvironment,
  connection: Connection,
  candidates: readonly Candidate[],
): Promise<void> {
  for (const candidate of candidates) {
    if (Object.keys(candidate.node.config.grants).length === 0) continue
    await inNameOf(candidate.node.id, () => apply(environment, connection, candidate))
  }
}

async function apply(environment: RunEnvironment, connection: Connection, { node, target }: Candidate): Promise<void> {
  const { dialect } = environment.adapter
  if (!dialect.grants) return
  try {
    const { rows } = await connection.query(dialect.grants.list(target))
    const existing = rows.map(([grantee, privilege]) => ({ grantee: String(grantee), privilege: String(privilege) }))
    const wanted = node.config.grants
    for (const statement of grantStatements({ dialect: dialect.grants, relation: target, wanted, existing })) {
      environment.recordSent(node.id, statement)
      await connection.execute(statement)
    }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const subject = `publishing ${node.kind} ${node.name}`
    const failed = { subject, engine: dialect.name, fallback: node.configPlaces.get('grants') ?? node.place }
    throw new UserError(databaseDiagnostic(error, failed), { cause: error })
  }
}
