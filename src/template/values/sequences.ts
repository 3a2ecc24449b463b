import type { Dict } from './dict.ts'

/** What `dict.keys()`, `.values()` and `.items()` give: always the dict as it is now. */
export class DictView {
  readonly typeName: 'dict_keys' | 'dict_values' | 'dict_items'
  readonly dict: Dict

  constructor(typeName: 'dict_keys' | 'dict_values' | 'dict_items', dict: Dict) {
    this.typeName = typeName
    this.dict = dict
  }

  items(): unknown[] {
    switch (this.typeName) {
      case 'dict_keys':
        return this.dict.keys()
      case 'dict_values':
        return this.dict.values()
      case 'dict_items':
        return this.dict.items()
    }
  }
}

/** `range(…)`: never a list in memory until it is walked. */
export class Range {
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  items(): number[] {
    return Array.from({ length: this.length }, (_, index) => this.start + index * this.step)
  }
}

/** What filters such as `map` give: true even when empty, worked out when it is first walked, empty afterwards. */
export class Lazy {
  private rest: readonly unknown[] | (() => readonly unknown[])

  constructor(items: () => readonly unknown[]) {
    this.rest = items
  }

  take(): readonly unknown[] {
    const items = typeof this.rest === 'function' ? this.rest() : this.rest
    this.rest = []
    return items
  }
}
