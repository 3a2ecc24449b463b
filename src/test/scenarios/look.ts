import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { describePlace } from '../../text/source-file.ts'
import type { Outcome, TemporaryProject } from '../temporary-project.ts'

/** The status of every node by its name, in the order of names. */
export function statuses({ results }: Outcome): Readonly<Record<string, string>> {
  const sorted = [...results].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, { status }]) => [name, status]))
}

/** Every problem that a run told, one line each: `code file:line:column message`. */
export function problems({ results, events }: Outcome): readonly string[] {
  const found = [
    ...events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : [])),
    ...[...results.values()].flatMap(({ diagnostics }) => diagnostics),
  ]
  return [...new Set(found.map(line))]
}

/** The problems for which a project is refused before anything runs. */
export async function refusal(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => new Error('the project was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof UserError) return error.diagnostics.map(line)
  throw error
}

function line({ code, place, message }: Diagnostic): string {
  return place ? `${code} ${describePlace(place)} ${message}` : `${code} ${message}`
}

/** The same without the messages, where these are the engine's own: `code file:line:column`. */
export function places(outcome: Outcome): readonly string[] {
  return problems(outcome).map((problem) => problem.split(' ', 2).join(' '))
}

/** The rows of a query as text, ` | ` between values and nothing for null, in the order of the query. */
export async function rows(project: TemporaryProject, sql: string): Promise<readonly string[]> {
  const found = await project.query(sql)
  return found.map((row) => row.map((value) => (value === null ? '' : String(value))).join(' | '))
}
