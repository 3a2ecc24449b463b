import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Manifest } from '../manifest.ts'

/** Grants on an engine that has no roles do nothing: one warning for all of them, at the first. */
export function checkGrants(manifest: Manifest, dialect: Dialect): readonly Diagnostic[] {
  if (dialect.grants) return []
  const granted = [...manifest.nodes.values()].filter(
    ({ kind, config }) => kind !== 'test' && Object.keys(config.grants).length > 0,
  )
  const [first, ...others] = granted
  if (!first) return []
  const rest = others.length === 0 ? '' : ` and of ${others.length === 1 ? '1 other' : `${others.length} others`}`
  return [
    {
      ...problem(
        'grants-not-supported',
        `${dialect.name} has no roles: the grants of "${first.name}"${rest} do nothing.`,
        {
          place: first.configPlaces.get('grants') ?? first.place,
        },
      ),
      severity: 'warning',
    },
  ]
}
