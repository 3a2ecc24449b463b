import { traceOf } from '../lineage/follow.ts'
import { lineageJson, lineageText } from '../report/lineage-report.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { traceColumns } from './trace-columns.ts'

/** `lavra lineage <column>`: where the columns of a node come from, as the engine says of its query. Reads no rows. */
export async function lineage(flags: Flags, world: World, [name = '']: readonly string[]): Promise<ExitCode> {
  const traced = await traceColumns(flags, world, name, (_, { owner }) => new Set([owner.id]))
  const trace = traceOf(traced.lineage, traced.asked)
  const isJson = flags.output === 'json'
  world.stdout.write(isJson ? lineageJson(trace, traced.asked) : lineageText(trace, traced.asked, traced.label))
  return traced.hasProblems ? 1 : 0
}
