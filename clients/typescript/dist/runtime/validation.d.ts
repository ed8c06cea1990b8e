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
export declare class FieldValidation <T> {
  /** The field's name on the wire. */
  readonly field: string;
  readonly rules: ReadonlyArray<FieldRule>;
  constructor(field: string, rules: ReadonlyArray<FieldRule>);
  /** The first rule that the value breaks; null for none. Null and undefined break none. */
  fault(value: T | null | undefined): FieldFault | null;
  /** The message for a form; null if the value is valid. */
  message(value: T | null | undefined): string | null;
  /** The limits of length: characters (code points), items or bytes. */
  get minLength(): number | undefined;
  get maxLength(): number | undefined;
  /** The limits of range. */
  get min(): number | undefined;
  get max(): number | undefined;
  private named;
}
export declare const fieldValidation: <T>(field: string, rules: ReadonlyArray<FieldRule>) => FieldValidation<T>;
interface Limits {
  readonly min?: number;
  readonly max?: number;
}
/** The number of characters (code points), items or bytes. */
export declare const lengthRule: (message: string, limits: Limits) => FieldRule;
/** A number between two others, both included; never NaN. */
export declare const rangeRule: (message: string, limits: Limits) => FieldRule;
/** The form of a text: pattern, email or url. */
export declare const formRule: (name: string, message: string, pattern: string) => FieldRule;
/** The faults among these. */
export declare const faults: (found: ReadonlyArray<FieldFault | null>) => FieldFault[];
export {};
