import type { MacroRegistry } from './macro-registry.ts'
import type { ParseSubject } from './parse-subject.ts'
import type { ProjectContext } from './project-context.ts'

/** The names of a relation. */
export interface RelationName {
  readonly database: string
  readonly schema: string
  readonly identifier: string
}

/**
 * What the macros of `builtin/names.sql` give a node, without rendering them, which for thousands of nodes takes longer than
 * their own templates; undefined where the project has a say in it. `relation-names.test.ts` compares the two.
 */
export function builtinRelationName(project: ProjectContext, { name, config }: ParseSubject): RelationName | undefined {
  const { database, schema, alias } = config
  if (![database, schema, alias].every(isOrdinary) || !isLeftToBuiltin(project)) return undefined
  const { target } = project
  return {
    database: (database ?? target.database).trim(),
    schema: (schema === undefined ? target.schema : `${target.schema}_${schema.trim()}`).trim(),
    identifier: (alias || name).trim(),
  }
}

/** Python and JavaScript do not agree that the other characters are spaces. */
function isOrdinary(written: string | undefined): boolean {
  return written === undefined || /^[ -~\xa0-\ufefe]*$/.test(written)
}

const known = new WeakMap<MacroRegistry, boolean>()

function isLeftToBuiltin(project: ProjectContext): boolean {
  const before = known.get(project.macros)
  if (before !== undefined) return before
  const isLeft = ['database', 'schema', 'alias'].every((part) => isBuiltinMacro(project, `generate_${part}_name`))
  // What the macros speak of, should the project call macros of its own so.
  const isClear = ['adapter', 'target', 'return', 'node'].every(
    (name) => !project.macros.find(name, project.macros.rootPackage),
  )
  known.set(project.macros, isLeft && isClear)
  return isLeft && isClear
}

/** Whether neither the macro nor what it dispatches to is the project's or a package's. */
function isBuiltinMacro({ macros, dialect, dispatch }: ProjectContext, name: string): boolean {
  const request = {
    name,
    namespace: 'dbt',
    fromPackage: macros.rootPackage,
    adapterType: dialect.name,
    config: dispatch,
  }
  const used = [macros.find(name, macros.rootPackage), macros.dispatch(request)]
  return used.every((macro) => macro?.file.path.startsWith('lavra/macros/'))
}
