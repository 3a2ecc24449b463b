import { expect, test } from 'vitest'
import { databaseError, offsetOfByte, offsetOfCharacter } from './errors.ts'

test('offsets in bytes and in characters become UTF-16 offsets', () => {
  const sql = "select 'ação 💰', x"
  expect(offsetOfByte(sql, Buffer.byteLength(sql.slice(0, sql.indexOf('x'))))).toBe(sql.indexOf('x'))
  expect(offsetOfCharacter(sql, [...sql.slice(0, sql.indexOf('x'))].length)).toBe(sql.indexOf('x'))
  expect(offsetOfCharacter(sql, 1000)).toBe(sql.length)
})

test('an error is read from its JSON', () => {
  const cause = new Error(
    '{"exception_type":"Binder","exception_message":"Referenced column \\"nope\\" not found in FROM clause!\\nCandidate bindings: \\"note\\"","candidates":"note,\\"no pe\\"","position":"16","error_subtype":"COLUMN_NOT_FOUND","name":"nope"}',
  )
  const error = databaseError(cause, 'describe select nope', 'describe '.length)
  expect({ ...error }).toMatchObject({
    code: 'binder',
    title: 'Binder Error',
    position: 7,
    unknownName: 'nope',
    candidates: ['note', 'no pe'],
  })
  expect(error.message).toBe('Referenced column "nope" not found in FROM clause!\nCandidate bindings: "note"')
  expect(error.cause).toBe(cause)
})

test('an error in plain words loses its echo of the statement', () => {
  const error = databaseError(
    new Error('Binder Error: No such column\n\nLINE 1: select nope\n               ^'),
    'select nope',
  )
  expect([error.code, error.title, error.message]).toEqual(['binder', 'Binder Error', 'No such column'])
})

test.each([
  ['IO Error: Could not write file "shop.duckdb": No space left on device', 'disk-full', 'IO Error'],
  [
    'TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation',
    'constraint',
    'Transaction Error',
  ],
  ['Out of Memory Error: failed to allocate data of size 16.0 MiB', 'out-of-memory', 'Out of Memory Error'],
  ['INTERRUPT Error: Interrupted!', 'interrupted', 'Interrupted'],
  ['Something else went wrong', 'other', 'Error'],
])('%s', (message, code, title) => {
  const error = databaseError(new Error(message), 'select 1')
  expect([error.code, error.title]).toEqual([code, title])
})
