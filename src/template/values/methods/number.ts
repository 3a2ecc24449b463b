import { numberOf } from '../types.ts'
import type { MethodBody, MethodTable } from './method.ts'

export const FLOAT_METHODS: MethodTable<unknown> = new Map<string, MethodBody<unknown>>([
  ['is_integer', (self) => Number.isInteger(Number(numberOf(self)))],
])
