import { ALLOWANCE_LINTS } from './allowances.ts'
import type { Rule } from './rule.ts'
import { RULES } from './rules/index.ts'

/** Everything that `lavra check` says beside what the engine refuses. */
export const LINTS: readonly Omit<Rule, 'find'>[] = [...ALLOWANCE_LINTS, ...RULES]
