import { z } from 'zod';

/** How one component does. `missing`: it is not there; `broken`: it is, and does not do. */
export interface ComponentReport {
  name: string;
  status: 'ok' | 'missing' | 'broken';
  version?: string | undefined;
  path?: string | undefined;
  /** What was found, in a line. */
  detail: string;
  /** What to do about it. Absent where nothing has to be done. */
  fix?: string | undefined;
}

/** What `scripts/setup-report.mjs` prints; it shares its checks with the set-up. */
export const setupFindings = z.array(
  z.object({
    name: z.string(),
    status: z.enum(['ok', 'missing', 'broken']),
    version: z.string().optional(),
    path: z.string().optional(),
    detail: z.string(),
    fix: z.string().optional(),
  }),
);
