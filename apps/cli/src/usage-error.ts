/** Something the person at the terminal can mend: shown as one line, without a stack. Ends the command with 2. */
export class UsageError extends Error {}
