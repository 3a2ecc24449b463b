import { plainName } from '../text/names.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Json } from '../util/json.ts'
import type { Manifest } from './manifest.ts'
import type { ColumnProperties, Exposure } from './nodes.ts'

/** Which class of personal data a column of a node holds, such as `cpf`; undefined for none. What has one is masked. */
export type ClassOfColumn = (node: UniqueId, column: string) => string | undefined

/** The classes that a project declares on the columns of its nodes (`meta: {pii: cpf}`). */
export function declaredClasses(manifest: Manifest): ClassOfColumn {
  const byNode = new Map<UniqueId, ReadonlyMap<string, string>>()
  return (id, column) => {
    const known = byNode.get(id) ?? classesOf(manifest.nodes.get(id)?.columns ?? [])
    byNode.set(id, known)
    return known.get(plainName(column))
  }
}

/** The class of a column that an exposure masks: undefined, too, where it declares that its readers may see it. */
export function maskedClass(
  { allowance }: Pick<Exposure, 'allowance'>,
  personalClass: string | undefined,
  column: string,
): string | undefined {
  if (personalClass === undefined || !allowance) return personalClass
  if (allowance.columns === 'all') return undefined
  return allowance.columns.some(({ name }) => plainName(name) === plainName(column)) ? undefined : personalClass
}

function classesOf(columns: readonly ColumnProperties[]): ReadonlyMap<string, string> {
  return new Map(
    columns.flatMap(({ name, meta }) => {
      const found = classIn(meta.pii)
      return found === undefined ? [] : [[plainName(name), found] as const]
    }),
  )
}

/** `pii: true` says that it is personal, and not which. */
export function classIn(pii: Json | undefined): string | undefined {
  if (pii === undefined || pii === null || pii === false) return undefined
  return typeof pii === 'string' ? pii.toLowerCase() : 'personal'
}
