import fc from 'fast-check'
import { expect } from 'vitest'

const { LAVRA_PROPERTY_RUNS: askedRuns, LAVRA_PROPERTY_SEED: askedSeed, LAVRA_PROPERTY_PATH: askedPath } = process.env

const MINUTE = 60_000

/** The time that a test of a property may take: a failure has to be made small before it is told. */
export const PROPERTY_TIMEOUT = askedRuns === undefined ? 6 * MINUTE : 24 * 60 * MINUTE

/**
 * Tries a property on `runs` random inputs, or on as many as `LAVRA_PROPERTY_RUNS` says. A failure is made as small as it
 * can be in the time there is, and says how to see it again.
 */
export async function checkProperty<Values>(
  property: fc.IProperty<Values> | fc.IAsyncProperty<Values>,
  runs: number,
): Promise<void> {
  const details = await fc.check(property, {
    numRuns: askedRuns === undefined ? runs : Number(askedRuns),
    interruptAfterTimeLimit: PROPERTY_TIMEOUT - MINUTE,
    markInterruptAsFailure: true,
    ...(askedSeed === undefined ? {} : { seed: Number(askedSeed) }),
    ...(askedPath === undefined ? {} : { path: askedPath, endOnFailure: true }),
  })
  if (!details.failed) return
  const { currentTestName } = expect.getState()
  const report = await fc.asyncDefaultReportMessage(details)
  const replay = `LAVRA_PROPERTY_SEED=${details.seed} LAVRA_PROPERTY_PATH=${details.counterexamplePath ?? ''}`
  throw new Error(`${report}\n\nTo see it again: ${replay} npx vitest run -t '${currentTestName}'`, {
    cause: details.errorInstance,
  })
}
