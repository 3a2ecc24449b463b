import type { GrantDialect } from '../../sql/dialect.ts'
import { physicalIdentifier } from '../../sql/relation.ts'
import { quote, render, stringLiteral } from './literals.ts'

export const postgresGrants: GrantDialect = {
  list: (relation) =>
    [
      'select grantee, lower(privilege_type)',
      'from information_schema.role_table_grants',
      'where grantor = current_role and grantee <> current_role',
      `  and table_schema = ${stringLiteral(relation.schema)}`,
      `  and table_name = ${stringLiteral(physicalIdentifier(relation))}`,
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
