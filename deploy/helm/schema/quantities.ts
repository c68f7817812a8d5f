import { z } from 'zod';

/** Building blocks of values: what Kubernetes understands, with bounds. */

/** `512Mi`, `20Gi`: a size in binary units, so that the chart can add sizes up. */
export const size = () =>
  z.string().regex(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, { error: 'expected a size such as 512Mi or 20Gi' });

/** A whole number between the bounds, both included. */
export const whole = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** Of a Secret, a claim, a class: empty where there is none. */
export const name = () => z.string().regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/);

/** A key of a Secret. */
export const secretKey = () => z.string().regex(/^[-._a-zA-Z0-9]+$/);

/** An object or a list that goes into the manifest as it is: the API server checks it. */
export const asIs = () => z.looseObject({});
export const listAsIs = () => z.array(asIs());

export const texts = () => z.record(z.string(), z.string());

export const resources = () =>
  z.strictObject({
    requests: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    limits: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  });

/** `4222` or `http`, `50%` or `1`. */
export const countOrShare = () => z.union([whole(0, 1000), z.string().regex(/^\d{1,3}%$/)]);
