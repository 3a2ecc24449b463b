import type { NodeConfig } from '../config/node-config.ts'
import type { GrantDialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'

export interface Grant {
  readonly grantee: string
  readonly privilege: string
}

/**
 * The statements after which others may do with a relation what the config says and nothing else: what is not listed is
 * revoked, what is missing is granted. A config without any privilege asks for nothing, and leaves what there is.
 */
export function grantStatements(input: {
  readonly dialect: GrantDialect
  readonly relation: Relation
  readonly wanted: NodeConfig['grants']
  readonly existing: readonly Grant[]
}): readonly string[] {
  const { dialect, relation, existing } = input
  const wanted = Object.entries(input.wanted).flatMap(([privilege, grantees]) =>
    grantees.map((grantee): Grant => ({ privilege: privilege.toLowerCase(), grantee })),
  )
  if (Object.keys(input.wanted).length === 0) return []
  return [
    ...byPrivilege(without(existing, wanted)).map(([name, grantees]) => dialect.revoke(relation, name, grantees)),
    ...byPrivilege(without(wanted, existing)).map(([name, grantees]) => dialect.grant(relation, name, grantees)),
  ]
}

function without(grants: readonly Grant[], others: readonly Grant[]): readonly Grant[] {
  const known = new Set(others.map(keyOf))
  return grants.filter((grant) => !known.has(keyOf(grant)))
}

/** Roles that differ only in case or quotes are taken for one; dbt ignores case, too. */
function keyOf({ grantee, privilege }: Grant): string {
  return `${privilege} ${grantee.replace(/^"(.*)"$/, '$1')}`.toLowerCase()
}

function byPrivilege(grants: readonly Grant[]): readonly (readonly [string, readonly string[]])[] {
  const grouped = new Map<string, string[]>()
  for (const { privilege, grantee } of grants) grouped.set(privilege, [...(grouped.get(privilege) ?? []), grantee])
  return [...grouped]
}
