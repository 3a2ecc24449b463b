/** What names stand for; each value is made when it is first asked for. */
export type Names = Readonly<Record<string, () => unknown>>
