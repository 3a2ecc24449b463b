import type { GrantDialect } from '../../sql/dialect.ts'
import { physicalIdentifier } from '../../sql/relation.ts'
import { quote, render, stringLiteral } from './literals.ts'

export const postgresGrants: GrantDialect = {
  list: (relation) =>
    [
      // The information schema leaves materialized views out.
      "select case g.grantee when 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(g.grantee) end, lower(g.privilege_type)",
      'from pg_catalog.pg_class as c',
      'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
      'cross join lateral pg_catalog.aclexplode(c.relacl) as g',
      `where n.nspname = ${stringLiteral(relation.schema)} and c.relname = ${stringLiteral(physicalIdentifier(relation))}`,
      '  and pg_catalog.pg_get_userbyid(g.grantor) = current_role',
      '  and (g.grantee = 0 or pg_catalog.pg_get_userbyid(g.grantee) <> current_role)',
    ].join('\n'),
  grant: (relation, privilege, grantees) => `grant ${privilege} on ${render(relation)} to ${listOf(grantees)}`,
  revoke: (relation, privilege, grantees) => `revoke ${privilege} on ${render(relation)} from ${listOf(grantees)}`,
}

function listOf(grantees: readonly string[]): string {
  return grantees.map(role).join(', ')
}

/** Words that stand for a role and are no role's name. */
const WORDS: ReadonlySet<string> = new Set(['public', 'current_role', 'current_user', 'session_user'])

/** A plain name means the role in lower case, as it does in SQL; what stands in quotes is left alone. */
function role(name: string): string {
  if (WORDS.has(name.toLowerCase()) || /^".*"$/.test(name)) return name
  return quote(/^[a-z_][\w$]*$/i.test(name) ? name.toLowerCase() : name)
}
