import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeManyAtomically } from './write-many.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lavra-files-'))
})

afterEach(() => rmSync(root, { recursive: true }))

/** Every file below the folder with its text. */
function filesBelow(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  return Object.fromEntries(files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]))
}

async function write(files: Readonly<Record<string, string>>, secrets: readonly string[] = []): Promise<void> {
  await writeManyAtomically(
    Object.entries(files).map(([path, text]) => [join(root, path), text] as const),
    secrets,
  )
}

test('folders in folders are made in any order, and nothing else is left', async () => {
  const files = { 'gold/day/a.sql': 'a', 'gold/b.sql': 'b', 'silver/c.sql': 'c', 'silver/day/d.sql': 'd', 'e.sql': 'e' }
  await write(files)
  expect(filesBelow(root)).toEqual(files)
})

test('what is there and not written stays, and a file that has its text is left alone', async () => {
  mkdirSync(join(root, 'gold'))
  writeFileSync(join(root, 'gold/other.sql'), 'other')
  writeFileSync(join(root, 'gold/same.sql'), 'same')
  utimesSync(join(root, 'gold/same.sql'), 1, 1)
  await write({ 'gold/same.sql': 'same', 'gold/new.sql': 'new' })
  expect(filesBelow(root)).toEqual({ 'gold/new.sql': 'new', 'gold/other.sql': 'other', 'gold/same.sql': 'same' })
  expect(statSync(join(root, 'gold/same.sql')).mtimeMs).toBe(1000)
})

test('secrets are written nowhere, also by the thread that writes many files', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`gold/${index}.sql`, 'key=xyzzy-secret']),
  )
  await write(files, ['xyzzy-secret'])
  const written = Object.values(filesBelow(root))
  expect(written).toHaveLength(1000)
  expect(new Set(written)).toEqual(new Set(['key=*****']))
})

test('a file that cannot be written is told, and nothing half is left', async () => {
  writeFileSync(join(root, 'gold'), 'a file where the folder should be')
  await expect(write({ 'gold/a.sql': 'a' })).rejects.toThrow('EEXIST')
  expect(filesBelow(root)).toEqual({ gold: 'a file where the folder should be' })
})
