import { Writable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { TemporaryProject } from '../test/temporary-project.ts'
import { main } from './main.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

/** Where the names of events go, by command: the standard output or the error stream. */
async function told(...argv: readonly string[]): Promise<Readonly<Record<'stdout' | 'stderr', readonly string[]>>> {
  const texts = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof texts) =>
    new Writable({
      write: (chunk, _, done) => {
        texts[name] += String(chunk)
        done()
      },
    })
  await main(argv, { cwd: project!.root, env: {}, stdout: stream('stdout'), stderr: stream('stderr') })
  const names = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).data.diagnostic.code)
  return { stdout: names(texts.stdout), stderr: names(texts.stderr) }
}

test('a quiet command does not tell what has no effect', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  const parse = ['--log-format', 'json', 'compile', '--inline', "{{ ref('order') }}", '--log-path', 'logs'] as const
  expect((await told(...parse)).stderr).toEqual(['flag-without-effect', 'ref-not-found'])
  expect((await told('--quiet', ...parse)).stderr).toEqual(['ref-not-found'])
})

test('problems as JSON go where the other events of the command go', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': `select * from {{ ref('order') }}` })
  expect(await told('build', '--log-format', 'json')).toEqual({ stdout: ['ref-not-found'], stderr: [] })
  expect(await told('--log-format=json', 'ls')).toEqual({ stdout: [], stderr: ['ref-not-found'] })
  expect(await told('biuld', '--log-format', 'json')).toEqual({ stdout: [], stderr: ['command-line'] })
})
