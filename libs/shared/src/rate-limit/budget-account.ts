import { z } from 'zod';

/** Calls that may be under way on one account: the entry must stay small. */
const MAX_RESERVATIONS = 2000;
/** Earlier months that are remembered. */
const MAX_MONTHS = 24;

const micro = z.int().min(0);
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/**
 * What was spent in a month, in micro-dollars, and what calls under way may cost. One entry for all calls, and one for
 * each feed; changed by compare-and-set only.
 */
const accountSchema = z.strictObject({
  v: z.literal(1),
  month,
  spent: micro,
  /** By call: the most it may cost, and when it is taken for spent although nobody settled it. */
  reserved: z
    .record(z.string().max(80), z.tuple([micro, z.number().min(0)]))
    .refine((calls) => Object.keys(calls).length <= MAX_RESERVATIONS, {
      error: `more than ${MAX_RESERVATIONS} reservations`,
    }),
  /** Earlier months, the newest last. */
  history: z.array(z.strictObject({ month, spent: micro })).max(MAX_MONTHS),
  /** Of whom, where it is a feed's. */
  feed: z.string().max(4096).optional(),
});
export type BudgetAccount = z.output<typeof accountSchema>;

/** The calendar month of a time, in UTC: `2026-11`. */
export function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

/** Reads a stored account; undefined where it can't be trusted. */
export function decodeAccount(text: string): BudgetAccount | undefined {
  try {
    const parsed = accountSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function emptyAccount(now: number, feed?: string): BudgetAccount {
  return {
    v: 1,
    month: monthOf(now),
    spent: 0,
    reserved: {},
    history: [],
    ...(feed === undefined ? {} : { feed }),
  };
}

/**
 * The account as it stands now: a new month begins at zero, and what nobody settled in time counts as spent, since the
 * call may have been made. Never goes back to an earlier month.
 */
export function current(account: BudgetAccount, now: number): BudgetAccount {
  const overdue = Object.values(account.reserved).filter(([, until]) => until <= now);
  const lapsed = overdue.reduce((sum, [amount]) => sum + amount, 0);
  const settled: BudgetAccount =
    overdue.length === 0
      ? account
      : {
          ...account,
          spent: account.spent + lapsed,
          reserved: Object.fromEntries(Object.entries(account.reserved).filter(([, [, until]]) => until > now)),
        };
  const nowMonth = monthOf(now);
  if (nowMonth <= settled.month) return settled;
  const history = [...settled.history, { month: settled.month, spent: settled.spent }].slice(-MAX_MONTHS);
  return { ...settled, month: nowMonth, spent: 0, history };
}

/** Spent, and what calls under way may still cost. */
export function committed({ spent, reserved }: BudgetAccount): number {
  return Object.values(reserved).reduce((sum, [amount]) => sum + amount, spent);
}

/** Sets aside what a call may cost; undefined where the budget does not hold it. A budget that is used up holds nothing. */
export function reserve(
  account: BudgetAccount,
  call: { id: string; amount: number; until: number },
  budget: number | undefined,
): BudgetAccount | undefined {
  if (Object.keys(account.reserved).length >= MAX_RESERVATIONS) return undefined;
  const total = committed(account);
  if (budget !== undefined && (total + call.amount > budget || total >= budget)) return undefined;
  return { ...account, reserved: { ...account.reserved, [call.id]: [call.amount, call.until] } };
}

/** Puts what the call cost in place of what was set aside. Doing it twice, or too late, changes nothing. */
export function settleReservation(account: BudgetAccount, id: string, amount: number): BudgetAccount {
  if (!Object.hasOwn(account.reserved, id)) return account;
  const { [id]: _settled, ...reserved } = account.reserved;
  return { ...account, spent: account.spent + amount, reserved };
}
