import { CompileRecorder, compiledBefore } from './compile-record.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { locateProject } from './locate-project.ts'

/**
 * `lavra compile`: writes the SQL that a run would build to `target/compiled`, under published names. Templates may ask
 * the database; where there is none yet, they get no answer, as while parsing. With `--inline` or `--select`, prints it.
 *
 * A whole project that is as it was when it was last compiled is left as it is.
 */
export async function compile(flags: Flags, world: World): Promise<ExitCode> {
  if (!isWhole(flags)) return await (await loadCompiler())(flags, world)
  const located = locateProject(flags, world)
  const before = compiledBefore(located, flags, world)
  if (before !== undefined) {
    const folder = located.targetName
    world.stdout.write(`Nothing has changed since ${before} nodes were compiled to ${folder}/compiled\n`)
    return 0
  }
  return await (await loadCompiler())(flags, world, new CompileRecorder(located, flags, world))
}

/** Nothing is asked for but the files, and nothing but the project decides what they are. */
function isWhole(flags: Flags): boolean {
  const { inline, select, exclude, resourceType, state } = flags
  return [inline, select, exclude, resourceType, state].every((flag) => flag === undefined)
}

/** Loaded when there is something to do: templates, manifest and engine take longer to load than to see that nothing changed. */
async function loadCompiler() {
  return (await import('./compile-project.ts')).compileProject
}
