import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { normalize } from './docs/normalize.ts'
import { Shell } from './docs/shell.ts'

/**
 * Mistakes that `lavra check` finds before anything is there: every folder of `broken-models/` is a change to the small shop
 * of `_shop`, which nobody has ever built, and `expected.txt` is all that a terminal shows. `LAVRA_UPDATE_CASES=1` writes what
 * is shown now: read the diff.
 */
const CASES = join(import.meta.dirname, 'broken-models')
const isUpdate = process.env.LAVRA_UPDATE_CASES === '1'
const home = realpathSync(mkdtempSync(join(tmpdir(), 'lavra-broken-')))

afterAll(() => rmSync(home, { recursive: true }))

test('the shop itself has nothing wrong', async () => {
  expect(await check('_shop')).toBe('Checked 9 nodes in 0.00s: no problems\n')
})

for (const name of readdirSync(CASES).filter((each) => each !== '_shop')) {
  test(name.replaceAll('-', ' '), async () => {
    const shown = await check(name)
    const path = join(CASES, name, 'expected.txt')
    if (isUpdate) writeFileSync(path, shown)
    expect(shown).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '')
    expect(shown).toMatch(/^(error|warning)\[/)
  })
}

/** What `lavra check` prints, and its exit code unless it is 0. Fails when it made a database. */
async function check(name: string): Promise<string> {
  const folder = join(home, name)
  cpSync(join(CASES, '_shop'), folder, { recursive: true })
  cpSync(join(CASES, name), folder, { recursive: true })
  const shell = new Shell(home, folder)
  const output = await shell.run('lavra check')
  const exitCode = (await shell.run('echo $?')).trim()
  expect(existsSync(join(folder, 'shop.duckdb'))).toBe(false)
  return normalize(`${output}${exitCode === '0' ? '' : `exit ${exitCode}\n`}`)
}
