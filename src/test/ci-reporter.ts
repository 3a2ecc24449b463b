import type { Reporter, TestModule } from 'vitest/node'

/** Closes a test run with one plain line, and fails it when a test was skipped: a skipped test says nothing. */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const skipped = count('skipped')
    if (skipped > 0) process.exitCode = 1
    console.log(`${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  }
}
