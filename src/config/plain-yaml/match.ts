// What the lines of a plain text are made of. Every pattern is sticky: it is matched at one offset.

export const SPACES = / */y
export const LINE_END = / *(?:\n|$)/y
export const KEY = /(\+?[A-Za-z_][\w.+-]{0,200}):(?: +|(?=\n|$))/y

export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

export function afterSpaces(text: string, at: number): number {
  return at + (matchAt(SPACES, text, at)?.[0].length ?? 0)
}

export function isLineEnd(text: string, at: number): boolean {
  return matchAt(LINE_END, text, at) !== undefined
}
