import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Paints text with ANSI codes, or returns it as it is. */
export type Paint = (style: Style, text: string) => string

export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text
}
