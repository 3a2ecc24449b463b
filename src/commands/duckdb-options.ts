import { isAbsolute, join } from 'node:path'
import { type DuckdbAttachment, type DuckdbOptions, IN_MEMORY } from '../adapters/duckdb/options.ts'
import type { LocatedValue } from '../config/located-value.ts'
import { childOf } from '../config/located-value.ts'
import type { Profile } from '../config/profiles-file.ts'
import { boolean, either, jsonObject, listOf, mapOf, object, type Shape, text } from '../config/shape.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors, UserError } from '../diagnostics/errors.ts'

const scalar: Shape<string | number | boolean> = (at, problems) => {
  const { value } = at
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  problems.push(problem('value-type', 'A setting must be text, a number, true or false.', { place: at.place }))
  return undefined
}

const attachment = object(
  'an entry of attach',
  { path: text },
  { alias: text, type: text, read_only: boolean, options: jsonObject },
)

const extension = either(
  (value) => typeof value === 'string',
  text,
  object('an extension', { name: text }, { repo: text }),
)

/** The options of a DuckDB target. Throws `UserError` for fields that it cannot do with. */
export function duckdbOptions(profile: Profile, projectRoot: string): DuckdbOptions {
  const problems: Diagnostic[] = []
  const field = <T>(key: string, shape: Shape<T>): T | undefined => {
    const at = childOf(profile.at, key)
    return at && shape(at, problems)
  }
  const configOptions = field('config_options', mapOf(scalar))
  const settings = field('settings', mapOf(scalar))
  const attach = field('attach', listOf(attachment))?.map(
    ({ path, alias, type, read_only: readOnly }): DuckdbAttachment => ({
      path,
      ...(alias === undefined ? {} : { alias }),
      ...(type === undefined ? {} : { type }),
      ...(readOnly === undefined ? {} : { readOnly }),
    }),
  )
  const extensions = field('extensions', listOf(extension))?.map((entry) =>
    typeof entry === 'string' ? entry : entry.name,
  )
  stopOnErrors(problems)
  return {
    path: databasePath(profile.at, profile.path ?? IN_MEMORY, projectRoot),
    projectRoot,
    ...(configOptions ? { configOptions } : {}),
    ...(settings ? { settings } : {}),
    ...(attach ? { attach } : {}),
    ...(extensions ? { extensions } : {}),
  }
}

/** Relative to the project, so that it does not matter from where a command is called. */
function databasePath(at: LocatedValue, path: string, projectRoot: string): string {
  if (path === IN_MEMORY || isAbsolute(path)) return path
  if (/^[a-z]{2,}:/i.test(path)) {
    throw new UserError(
      problem('database-path', `"${path}" is not the path of a file.`, {
        place: at.child('path').place,
        hint: 'name a file, or :memory:',
      }),
    )
  }
  return join(projectRoot, path)
}
