import { z } from 'zod';

const made = new WeakMap<z.ZodType, z.ZodType>();

/** The same schema, but unknown fields are stripped at every depth instead of refused: how a receiver reads,
 *  so that a newer sender does not break an older receiver. Senders parse with the strict schema itself. */
export function tolerant<Schema extends z.ZodType>(schema: Schema): Schema {
  const known = made.get(schema);
  if (known !== undefined) return known as Schema;
  const loosened = loosen(schema);
  made.set(schema, loosened);
  return loosened as Schema;
}

function loosen(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => [
        name,
        tolerant(field),
      ]),
    );
    return z.core.clone(schema, { ...schema._zod.def, shape, catchall: undefined });
  }
  if (schema instanceof z.ZodArray) {
    return z.core.clone(schema, { ...schema._zod.def, element: tolerant(schema.element as z.ZodType) });
  }
  if (schema instanceof z.ZodUnion) {
    const options = (schema.options as readonly z.ZodType[]).map((option) => tolerant(option));
    return z.core.clone(schema, { ...schema._zod.def, options });
  }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const innerType = tolerant(schema.unwrap() as z.ZodType);
    return z.core.clone(schema as z.ZodType, { ...schema._zod.def, innerType } as never);
  }
  if (schema instanceof z.ZodRecord) {
    const names = (schema.keyType as z.ZodType)._zod.values;
    const valueType = tolerant(schema.valueType as z.ZodType);
    // A record over an enumeration has exactly its names: what is beside them is from a newer sender.
    if (names !== undefined) return z.object(Object.fromEntries([...names].map((name) => [name, valueType])));
    return z.core.clone(schema, { ...schema._zod.def, valueType });
  }
  return schema;
}
