import { expect, test } from 'vitest'
import { fileTypeOf } from './file-types.ts'

test('numbers keep every digit', () => {
  expect(fileTypeOf('DECIMAL(38,10)')).toEqual({ kind: 'decimal', precision: 38, scale: 10 })
  expect(fileTypeOf('UTINYINT')).toEqual({ kind: 'smallint' })
  expect(fileTypeOf('UINTEGER')).toEqual({ kind: 'bigint' })
  expect(fileTypeOf('UBIGINT')).toEqual({ kind: 'decimal', precision: 20, scale: 0 })
  expect(fileTypeOf('HUGEINT')).toEqual({ kind: 'decimal', precision: 39, scale: 0 })
})

test('lists of plain values are lists, and all else that is nested is JSON', () => {
  expect(fileTypeOf('VARCHAR[]')).toEqual({ kind: 'list', element: { kind: 'text' } })
  expect(fileTypeOf('DECIMAL(5,2)[3]')).toEqual({ kind: 'list', element: { kind: 'decimal', precision: 5, scale: 2 } })
  expect(fileTypeOf('INTEGER[][]')).toEqual({ kind: 'json' })
  expect(fileTypeOf('STRUCT(a INTEGER[], b VARCHAR)')).toEqual({ kind: 'json' })
  expect(fileTypeOf('MAP(VARCHAR, INTEGER)[]')).toEqual({ kind: 'json' })
})

test('what is like nothing else is text', () => {
  expect(fileTypeOf("ENUM('open', 'paid[]')")).toEqual({ kind: 'text' })
  expect(fileTypeOf('VARIANT')).toEqual({ kind: 'text' })
})
