import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { UserError } from '../../../diagnostics/errors.ts'
import { formatDiagnostic } from '../../../diagnostics/format.ts'
import { loadExtensions, loadPglite } from './pglite.ts'

const missing = async (name: string) => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' })
}

test('a package that is not installed is told with the command that installs it', async () => {
  const error = await loadPglite(missing).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).diagnostics.map((found) => formatDiagnostic(found, { color: false }))).toEqual([
    `error[package-missing]
  To check offline, the package "@electric-sql/pglite" is needed: it is Postgres as a library.
  hint: npm install --save-dev @electric-sql/pglite@0.5.16`,
  ])
})

test('a package that does not load is not called missing', async () => {
  const broken = async () => {
    throw new Error('out of memory')
  }
  await expect(loadPglite(broken)).rejects.toThrow('out of memory')
})

test('the version in the hint is the one that is tested with', async () => {
  const { default: manifest } = await import('../../../../package.json', { with: { type: 'json' } })
  const { message = '' } = (await loadPglite(missing).catch((reason: UserError) => ({
    message: reason.diagnostics[0]?.hint,
  }))) as { readonly message?: string }
  expect(message.endsWith(`@${manifest.devDependencies['@electric-sql/pglite']}`)).toBe(true)
})

test('every extension that comes with the package can be made', { timeout: 60_000 }, async () => {
  const contrib = join(dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))), 'contrib')
  const modules = readdirSync(contrib).flatMap((file) => /^(\w+)\.js$/.exec(file)?.[1] ?? [])
  const names = modules.map((module) => (module === 'uuid_ossp' ? 'uuid-ossp' : module))
  const { PGlite } = await loadPglite()
  const extensions = await loadExtensions([...names, 'postgis'])
  // This one is a library that is loaded, and makes nothing.
  expect(names.filter((name) => !extensions.has(name))).toEqual(['auto_explain'])
  const database = await PGlite.create({ extensions: Object.fromEntries(extensions) })
  for (const name of extensions.keys()) await database.exec(`create extension if not exists "${name}" cascade`)
  await database.close()
})
