/** Something the person at the terminal can mend: shown as one line, without a stack. */
export class UsageError extends Error {}

/** The cluster does not answer: nothing is wrong with the command, and later it may do. */
export class UnreachableError extends Error {}
