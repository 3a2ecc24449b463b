import { type ChildRun, type Kill, lastStep } from './children.ts'
import { versionVector } from './project.ts'
import type { Bench } from './scenario.ts'
import type { RunOptions, Subject } from './subject.ts'

export interface PlannedRun {
  readonly subject: Subject
  readonly kill?: Kill | undefined
  readonly options?: RunOptions
}

/** Starts these runs at once, with readers beside them, waits for all and checks every subject when all are over. */
export async function runTogether(bench: Bench, planned: readonly PlannedRun[]): Promise<readonly ChildRun[]> {
  const subjects = [...new Set(planned.map(({ subject }) => subject))]
  const watchers = await Promise.all(subjects.map(({ database, schema }) => database.watch?.(versionVector(schema))))
  const started = planned.map(({ subject, kill, options }) => ({
    subject,
    options,
    ...subject.start(kill, options),
  }))
  const ended = await Promise.all(started.map(async (run) => ({ ...run, run: await run.child.ended })))
  for (const { run } of ended) if (run.exitCode === undefined) bench.tally.killed(lastStep(run))
  for (const [index, subject] of subjects.entries()) {
    subject.checkReaders((await watchers[index]?.stop()) ?? [], optionsOf(planned, subject))
  }
  for (const { subject, seen, options } of ended) subject.checkReaders(seen(), options)
  for (const subject of subjects) {
    const own = ended.filter((run) => run.subject === subject).map(({ run }) => run)
    await subject.check(own, optionsOf(planned, subject))
  }
  return ended.map(({ run }) => run)
}

function optionsOf(planned: readonly PlannedRun[], subject: Subject): RunOptions {
  return { isStarved: planned.some((run) => run.subject === subject && run.options?.isStarved === true) }
}
