import path from 'node:path'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { quote, stringLiteral } from './literals.ts'
import { type DuckdbAttachment, type DuckdbOptions, IN_MEMORY } from './options.ts'

/** Options of the instance. Extensions are never downloaded behind the user's back, unless they say so themselves. */
export function instanceConfig(options: DuckdbOptions): Readonly<Record<string, string>> {
  const own = Object.entries(options.configOptions ?? {}).map(([name, value]) => [name, String(value)] as const)
  return { autoinstall_known_extensions: 'false', ...Object.fromEntries(own) }
}

/** What every connection is set to, each with the name of the setting for messages. Ours first: the user's win. */
export function sessionStatements(
  options: DuckdbOptions,
): readonly { readonly setting: string; readonly statement: string }[] {
  const settings = {
    errors_as_json: true,
    TimeZone: 'UTC',
    ...searchPath(options.projectRoot),
    ...options.settings,
  }
  return Object.entries(settings).map(([setting, value]) => ({
    setting,
    statement: `set ${quote(setting)} = ${stringLiteral(String(value))}`,
  }))
}

export function attachStatement(attachment: DuckdbAttachment, projectRoot: string): string {
  const isFile = (attachment.type ?? 'duckdb') === 'duckdb' || attachment.type === 'sqlite'
  const hasScheme = attachment.path === IN_MEMORY || /^\w+:/.test(attachment.path)
  const location = isFile && !hasScheme ? path.resolve(projectRoot, attachment.path) : attachment.path
  const alias = attachment.alias === undefined ? '' : ` as ${quote(attachment.alias)}`
  const choices = [
    ...(attachment.type === undefined ? [] : [`type ${quote(attachment.type)}`]),
    ...(attachment.readOnly ? ['read_only'] : []),
  ]
  const inBrackets = choices.length === 0 ? '' : ` (${choices.join(', ')})`
  return `attach if not exists ${stringLiteral(location)}${alias}${inBrackets}`
}

export function extensionProblem(extension: string): Diagnostic {
  return problem(
    'extension-missing',
    `The DuckDB extension "${extension}" is not installed, and Lavra downloads nothing by itself.`,
    {
      hint: `install it once with DuckDB's own command line: INSTALL ${extension}`,
    },
  )
}

export function attachProblem(attachment: DuckdbAttachment, message: string): Diagnostic {
  return problem(
    'database-attach',
    `The database "${attachment.alias ?? attachment.path}" cannot be attached. DuckDB says: ${message}`,
    {
      hint: 'correct its entry under "attach" in profiles.yml',
    },
  )
}

export function settingProblem(setting: string, message: string): Diagnostic {
  const [said = message, guess] = message.split(/\n+Did you mean: /)
  return problem('database-setting', `The setting "${setting}" is not accepted. DuckDB says: ${said}`, {
    hint: `correct it under "settings" in profiles.yml${guess === undefined ? '' : `; did you mean ${guess.trim()}?`}`,
  })
}

/**
 * Lets relative paths start at the project. Where the process stands there already they do so by themselves, and then the
 * `filename` of a row stays relative, which with a search path it does not: DuckDB puts the path in front. The setting is
 * a list with commas, for which there is no escape.
 */
function searchPath(projectRoot: string): Readonly<Record<string, string>> {
  if (path.resolve(projectRoot) === process.cwd() || projectRoot.includes(',')) return {}
  return { file_search_path: projectRoot }
}
