import type { Rule } from '../rule.ts'
import { columnUnread } from './column-unread.ts'
import { cteUnused } from './cte-unused.ts'
import { joinFanOut } from './join-fan-out.ts'
import { joinTypes } from './join-types.ts'
import { keyUntested } from './key-untested.ts'
import { notAValue } from './not-a-value.ts'
import { personalData } from './personal-data.ts'
import { starAcrossLayers } from './star-across-layers.ts'
import { textAsNumber } from './text-as-number.ts'

/** Every rule, in the order of their codes. */
export const RULES: readonly Rule[] = [
  columnUnread,
  cteUnused,
  joinFanOut,
  joinTypes,
  keyUntested,
  notAValue,
  personalData,
  starAcrossLayers,
  textAsNumber,
]
