/** The rules for the values of fields, from model files. The server checks them too. */

/** A value that breaks a rule of its field. */


/** One rule, with the message for values that break it. */


/** The rules for one field. */
export class FieldValidation {
  /** The field's name on the wire. */
  field;
  rules;

  constructor(field, rules) {
    this.field = field;
    this.rules = rules;
  }

  /** The first rule that the value breaks; null for none. Null and undefined break none. */
  fault(value) {
    if (value === null || value === undefined) return null;
    const broken = this.rules.find((rule) => !rule.accepts(value));
    return broken ? { field: this.field, rule: broken.name, message: broken.message } : null;
  }

  /** The message for a form; null if the value is valid. */
  message(value) {
    return this.fault(value)?.message ?? null;
  }

  /** The limits of length: characters (code points), items or bytes. */
  get minLength() {
    return this.named("length")?.min;
  }

  get maxLength() {
    return this.named("length")?.max;
  }

  /** The limits of range. */
  get min() {
    return this.named("range")?.min;
  }

  get max() {
    return this.named("range")?.max;
  }

   named(name) {
    return this.rules.find((rule) => rule.name === name);
  }
}

export const fieldValidation = (field, rules) =>
  new FieldValidation(field, rules);



/** The number of characters (code points), items or bytes. */
export const lengthRule = (message, limits) => ({
  name: "length",
  message,
  ...limits,
  accepts: (value) => isWithin(count(value), limits),
});

/** A number between two others, both included; never NaN. */
export const rangeRule = (message, limits) => ({
  name: "range",
  message,
  ...limits,
  accepts: (value) => isWithin(value, limits),
});

/** The form of a text: pattern, email or url. */
export const formRule = (name, message, pattern) => ({
  name,
  message,
  accepts: (value) => new RegExp(pattern, "u").test(value),
});

/** The faults among these. */
export const faults = (found) =>
  found.filter((fault) => fault !== null);

function isWithin(value, { min = -Infinity, max = Infinity }) {
  return value >= min && value <= max;
}

function count(value) {
  if (typeof value === "string") return [...value].length;
  return value instanceof Set ? value.size : (value).length;
}
