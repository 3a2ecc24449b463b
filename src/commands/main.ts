import { CommanderError } from 'commander'
import { DatabaseError } from '../adapters/adapter.ts'
import { secretsOfEnvironment } from '../config/secrets.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { version } from '../version.ts'
import { commandLineProblem } from './command-line/command-line-problem.ts'
import { createProgram } from './command-line/program.ts'
import type { ExitCode, World } from './flags.ts'
import { scrubbedStream } from './scrubbed-stream.ts'
import { flagsBefore, problemTeller, type TellProblems } from './tell-problems.ts'

/**
 * Parses the command line, runs the command and gives the exit code. Never throws: what is unexpected is shown as such.
 * Without `surroundings` the command runs in this process's folder, environment and terminal.
 */
export async function main(argv: readonly string[], surroundings?: Omit<World, 'signal'>): Promise<number> {
  const interruption = interruptible()
  const around = surroundings ?? ownProcess()
  const secrets = new Set(secretsOfEnvironment(around.env))
  const world: World = {
    ...around,
    stdout: scrubbedStream(around.stdout, secrets),
    stderr: scrubbedStream(around.stderr, secrets),
    secrets,
    signal: interruption.signal,
  }
  let tell = problemTeller(flagsBefore(argv, world), undefined, world)
  try {
    let exitCode: number = 0
    const program = createProgram(world, async (command, written) => {
      const { settleFlags } = await import('./flag-sources.ts')
      const flags = {
        ...settleFlags(written.flags, world, command.name),
        which: command.name === 'ls' ? 'list' : command.name,
      }
      tell = problemTeller(flags, command.name, world)
      await tell(written.warnings)
      const run = await command.load()
      exitCode = await run(flags, world, command.args)
    })
    await program.parseAsync(argv, { from: 'user' })
    return interruption.exitCode() ?? exitCode
  } catch (error) {
    return interruption.exitCode() ?? (await explain(error, tell))
  } finally {
    interruption.stop()
  }
}

function ownProcess(): Omit<World, 'signal'> {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    enterFolder: (folder) => process.chdir(folder),
  }
}

/** Ctrl-C and SIGTERM stop the run in order; a second one ends the process at once. */
function interruptible() {
  const controller = new AbortController()
  let code: ExitCode | undefined
  const on = (name: 'SIGINT' | 'SIGTERM', exitCode: ExitCode) => {
    const listener = () => {
      if (code !== undefined) process.exit(code)
      code = exitCode
      controller.abort(new Error(`interrupted by ${name}`))
    }
    process.on(name, listener)
    return () => process.off(name, listener)
  }
  const stops = [on('SIGINT', 130), on('SIGTERM', 143)]
  return {
    signal: controller.signal,
    exitCode: () => code,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

async function explain(error: unknown, tell: TellProblems): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  await tell(diagnosticsOf(error))
  return 2
}

/** The problems that an error is about. */
function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof UserError) return error.diagnostics
  // Outside of any node: the database did not even take what every run writes.
  if (error instanceof DatabaseError) {
    const hint = error.hint ?? (error.code === 'disk-full' ? 'free some space and run again' : undefined)
    return [
      problem('database', `${error.title}: ${error.message}`, {
        subject: 'the run itself',
        ...(hint === undefined ? {} : { hint }),
      }),
    ]
  }
  if (!(error instanceof CommanderError)) return [defect(error)]
  const found = commandLineProblem(error)
  return found ? [found] : []
}

function defect(error: unknown): Diagnostic {
  const stack = error instanceof Error ? error.stack : String(error)
  return problem('defect', `Lavra ${version} met something it did not expect. This is a defect of Lavra.\n${stack}`)
}
