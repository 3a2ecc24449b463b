import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { passwordFromFile } from './password-file.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-pgpass-'))
const file = path.join(folder, '.pgpass')

afterAll(() => rmSync(folder, { recursive: true }))

function find(text: string, connection: Partial<Parameters<typeof passwordFromFile>[1]> = {}) {
  writeFileSync(file, text, { mode: 0o600 })
  const found = passwordFromFile(file, { host: 'db.shop', port: 5432, database: 'shop', user: 'ana', ...connection })
  return found.kind === 'found' ? found.password : found.kind
}

test('the first line that fits gives the password', () => {
  const text = [
    '# host:port:database:user:password',
    'db.shop:5433:shop:ana:of another port',
    'db.shop:5432:*:ana:of any database',
    '*:*:*:*:of anything',
  ].join('\n')
  expect(find(text)).toBe('of any database')
  expect(find(text, { user: 'bruno' })).toBe('of anything')
  expect(find(text, { port: 5433 })).toBe('of another port')
})

test('a backslash takes the meaning from what follows, and the password is the rest of the line', () => {
  expect(find('db.shop:5432:sh\\:op:an\\\\a:pass\\:wo\\\\rd', { database: 'sh:op', user: 'an\\a' })).toBe('pass:wo\\rd')
  expect(find('*:*:*:*:a:b c # d\r\n')).toBe('a:b c # d')
})

test('the folder of a socket is localhost', () => {
  expect(find('localhost:5432:shop:ana:local', { host: '/var/run/postgresql' })).toBe('local')
})

test('lines that are none and lines of others give nothing', () => {
  expect(find('')).toBe('none')
  expect(find('db.shop:5432:shop\n\n#*:*:*:*:x\ndb.shop:5432:shop:bruno:x')).toBe('none')
  expect(passwordFromFile(path.join(folder, 'gone'), { host: 'h', port: 1, database: 'd', user: 'u' })).toEqual({
    kind: 'none',
  })
})

test('a file that others may read is not read, and neither is a folder', () => {
  const connection = { host: 'db.shop', port: 5432, database: 'shop', user: 'ana' }
  writeFileSync(file, '*:*:*:*:x')
  chmodSync(file, 0o640)
  expect(passwordFromFile(file, connection)).toEqual({
    kind: 'ignored',
    reason: `others may read it: run chmod 600 "${file}"`,
  })
  expect(passwordFromFile(folder, connection)).toEqual({ kind: 'ignored', reason: 'it is not a file' })
})
