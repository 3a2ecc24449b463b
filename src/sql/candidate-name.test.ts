import { expect, test } from 'vitest'
import { candidateIdentifier, fitIdentifier, isCandidateIdentifier, runMark } from './candidate-name.ts'

test('a candidate bears the mark of its run', () => {
  const mark = runMark('2f5b2c1e-7a52-4a6e-9d3c-5b1f0a6d8e21')
  expect(mark).toMatch(/^[0-9a-f]{8}$/)
  expect(candidateIdentifier('orders', '3f9a1c2b', 63)).toBe('orders__lavra_3f9a1c2b')
  expect(candidateIdentifier('orders', '3f9a1c2b', 63, 'delta')).toBe('orders__lavra_3f9a1c2b_delta')
})

test('only names with the mark are taken for candidates', () => {
  expect(isCandidateIdentifier('orders__lavra_3f9a1c2b')).toBe(true)
  expect(isCandidateIdentifier('orders__lavra_3f9a1c2b_delta')).toBe(true)
  expect(isCandidateIdentifier('orders__lavra_backup')).toBe(false)
  expect(isCandidateIdentifier('orders')).toBe(false)
})

test('long names are cut to the limit in bytes and stay different', () => {
  const long = 'ç'.repeat(60)
  const cut = fitIdentifier(`${long}a`, 63)
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(63)
  expect(cut).not.toBe(fitIdentifier(`${long}b`, 63))
  expect(Buffer.byteLength(candidateIdentifier(long, '3f9a1c2b', 63, 'delta'))).toBeLessThanOrEqual(63)
  expect(fitIdentifier('orders', 63)).toBe('orders')
})
