/**
 * Forms as browsers send them: a field that was left empty comes as an empty text, a file that was not chosen as one without a name and
 * without a byte. What need not be there counts as absent then; what is required is refused as it came.
 */
import { z } from '@hono/zod-openapi';
import type { Spool } from '../../market/import/tick-files.ts';
import type { Form } from '../kit/form.ts';

export function filledIn<Shape extends z.ZodRawShape>(form: z.ZodObject<Shape>) {
  const optional = Object.entries(form.shape)
    .filter(([, field]) => (field as z.ZodType).safeParse(undefined).success)
    .map(([name]) => name);
  const filled = (fields: unknown): unknown => {
    if (typeof fields !== 'object' || fields === null) return fields;
    return Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => value !== '' || !optional.includes(name)),
    );
  };
  return z.preprocess(filled, form);
}

/** The file of a form, if one was chosen; the caller closes it. */
export async function chosenFile({ file, fileName }: Pick<Form, 'file' | 'fileName'>): Promise<Spool | undefined> {
  if (file?.sizeBytes !== 0 || fileName) return file;
  await file.close();
  return undefined;
}
