import { z } from 'zod';

/** The part of JSON Schema that structured outputs allow. */
const nodeSchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  minItems: z.int().optional(),
  minimum: z.number().optional(),
});

/** The smallest value that fits a JSON schema: what the default chat answer holds when a schema was asked for. */
export function sampleFromSchema(schema: unknown): unknown {
  const node = nodeSchema.parse(schema);
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[0];
  if (node.anyOf) return sampleFromSchema(node.anyOf[0]);
  switch (Array.isArray(node.type) ? node.type[0] : node.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(node.properties ?? {}).map(([name, value]) => [name, sampleFromSchema(value)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, node.minItems ?? 1) }, () => sampleFromSchema(node.items ?? {}));
    case 'integer':
    case 'number':
      return node.minimum ?? 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'A steady sentence.';
  }
}
