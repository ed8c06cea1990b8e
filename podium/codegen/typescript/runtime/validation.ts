/** The rules for the values of fields, from model files. The server checks them too. */

/** A value that breaks a rule of its field. */
export interface FieldFault {
  /** The field's name on the wire, as in the server's answers. */
  readonly field: string;
  /** The name of the rule: length, range, pattern, email or url. */
  readonly rule: string;
  /** A sentence in English. In another language, choose one by the field or the rule. */
  readonly message: string;
}

/** One rule, with the message for values that break it. */
interface FieldRule {
  readonly name: string;
  readonly message: string;
  readonly min?: number;
  readonly max?: number;
  /** Whether a value of the field's type obeys the rule. */
  readonly accepts: (value: unknown) => boolean;
}

/** The rules for one field. */
export class FieldValidation<T> {
  /** The field's name on the wire. */
  readonly field: string;
  readonly rules: ReadonlyArray<FieldRule>;

  constructor(field: string, rules: ReadonlyArray<FieldRule>) {
    this.field = field;
    this.rules = rules;
  }

  /** The first rule that the value breaks; null for none. Null and undefined break none. */
  fault(value: T | null | undefined): FieldFault | null {
    if (value === null || value === undefined) return null;
    const broken = this.rules.find((rule) => !rule.accepts(value));
    return broken ? { field: this.field, rule: broken.name, message: broken.message } : null;
  }

  /** The message for a form; null if the value is valid. */
  message(value: T | null | undefined): string | null {
    return this.fault(value)?.message ?? null;
  }

  /** The limits of length: characters (code points), items or bytes. */
  get minLength(): number | undefined {
    return this.named("length")?.min;
  }

  get maxLength(): number | undefined {
    return this.named("length")?.max;
  }

  /** The limits of range. */
  get min(): number | undefined {
    return this.named("range")?.min;
  }

  get max(): number | undefined {
    return this.named("range")?.max;
  }

  private named(name: string): FieldRule | undefined {
    return this.rules.find((rule) => rule.name === name);
  }
}

export const fieldValidation = <T>(field: string, rules: ReadonlyArray<FieldRule>): FieldValidation<T> =>
  new FieldValidation<T>(field, rules);

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** The number of characters (code points), items or bytes. */
export const lengthRule = (message: string, limits: Limits): FieldRule => ({
  name: "length",
  message,
  ...limits,
  accepts: (value) => isWithin(count(value), limits),
});

/** A number between two others, both included; never NaN. */
export const rangeRule = (message: string, limits: Limits): FieldRule => ({
  name: "range",
  message,
  ...limits,
  accepts: (value) => isWithin(value as number, limits),
});

/** The form of a text: pattern, email or url. */
export const formRule = (name: string, message: string, pattern: string): FieldRule => ({
  name,
  message,
  accepts: (value) => new RegExp(pattern, "u").test(value as string),
});

/** The faults among these. */
export const faults = (found: ReadonlyArray<FieldFault | null>): FieldFault[] =>
  found.filter((fault): fault is FieldFault => fault !== null);

function isWithin(value: number, { min = -Infinity, max = Infinity }: Limits): boolean {
  return value >= min && value <= max;
}

function count(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  return value instanceof Set ? value.size : (value as { readonly length: number }).length;
}
