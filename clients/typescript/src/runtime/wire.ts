/** Values on the wire: a codec per type. Knows neither HTTP nor sockets. */

import { WireError } from "./errors.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A length of time in milliseconds. */
export type Duration = number;
/** A UUID in its canonical form, lower case with dashes. */
export type UuidValue = string;
/** An address, as text. */
export type Uri = string;

/** Encoder and decoder of one type. */
export interface Codec<T> {
  /** The name of the type on the wire: "int", "List<Note>". */
  readonly name: string;
  encode(value: T): Json;
  /** Raises WireError with the path to the fault. */
  decode(json: unknown): T;
}

/** A codec of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyCodec = Codec<any>;

/** The type that a codec is for. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

// Scalars ---------------------------------------------------------------------------------------------------------

/** A whole number. JavaScript represents them exactly up to 2^53; larger ones are refused in both directions. */
export const int: Codec<number> = { name: "int", encode: safeInteger, decode: safeInteger };

export const double: Codec<number> = { name: "double", encode: finite, decode: finite };

export const bool: Codec<boolean> = {
  name: "bool",
  encode: (value) => value,
  decode(json) {
    if (json === 0 || json === 1) return json === 1;
    if (typeof json !== "boolean") throw expected("true or false", json);
    return json;
  },
};

export const string: Codec<string> = text("String");
export const uuid: Codec<UuidValue> = text("UuidValue");
export const uri: Codec<Uri> = text("Uri");

/** A moment, as a Date: to the millisecond; the server's microseconds are cut off. */
export const dateTime: Codec<Date> = {
  name: "DateTime",
  encode(value) {
    if (Number.isNaN(value.getTime())) throw new WireError("expected a valid date");
    return value.toISOString();
  },
  decode(json) {
    const date = new Date(typeof json === "string" ? inUtc(json) : safeInteger(json));
    if (Number.isNaN(date.getTime())) throw expected("a time in ISO 8601", json);
    return date;
  },
};

/** In whole milliseconds. */
export const duration: Codec<Duration> = { name: "Duration", encode: safeInteger, decode: safeInteger };

export const bigInt: Codec<bigint> = {
  name: "BigInt",
  encode: (value) => value.toString(),
  decode(json) {
    if (typeof json !== "string" || !/^-?\d+$/.test(json)) throw expected("a whole number as text", json);
    return BigInt(json);
  },
};

const BYTES = /^decode\('([A-Za-z0-9+/=_-]*)', 'base64'\)$/;

export const byteData: Codec<Uint8Array> = {
  name: "ByteData",
  encode(value) {
    let binary = "";
    for (let start = 0; start < value.length; start += 0x8000) {
      binary += String.fromCharCode(...value.subarray(start, start + 0x8000));
    }
    return `decode('${btoa(binary)}', 'base64')`;
  },
  decode(json) {
    const match = typeof json === "string" ? BYTES.exec(json) : null;
    if (!match) throw expected("decode('<base64>', 'base64')", json);
    return Uint8Array.from(atob(match[1] ?? ""), (character) => character.charCodeAt(0));
  },
};

/** The numbers of a Vector, HalfVector or SparseVector; a sparse one is also read from "{1:0.5,7:2}/8". */
export function vector(name: string): Codec<number[]> {
  const { encode, decode } = list(double);
  return { name, encode, decode: (json) => decode(typeof json === "string" ? sparse(json) : json) };
}

/** Bits as booleans; also read from "0101". */
export const bit: Codec<boolean[]> = {
  name: "Bit",
  encode: (value) => list(bool).encode(value),
  decode(json) {
    const text = typeof json === "string" && /^[01]*$/.test(json);
    return list(bool).decode(text ? Array.from(json, (digit) => digit === "1") : json);
  },
};

/** A shape on the globe as EWKT: "SRID=4326;POINT(9.99 53.55)". */
export const geography = (name: string): Codec<string> => text(name);

/** A hand-written class of the server: its JSON unchanged. */
export const json = (name: string): Codec<Json> => ({
  name,
  encode: (value) => value,
  decode: (value) => value as Json,
});

/** The result of a method without one. */
export const nothing: Codec<void> = { name: "void", encode: () => null, decode: () => undefined };

// Containers ------------------------------------------------------------------------------------------------------

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    get name() {
      return `${codec.name}?`;
    },
    encode: (value) => (value === null ? null : codec.encode(value)),
    decode: (json) => (json === null || json === undefined ? null : codec.decode(json)),
  };
}

/** A codec that is declared later. */
export function list<T>(codec: Codec<T>): Codec<T[]> {
  return {
    get name() {
      return `List<${codec.name}>`;
    },
    encode: (value) => value.map((item, index) => at(`[${index}]`, () => codec.encode(item))),
    decode: (json) => items(json).map((item, index) => at(`[${index}]`, () => codec.decode(item))),
  };
}

export function set<T>(codec: Codec<T>): Codec<Set<T>> {
  const inner = list(codec);
  return {
    get name() {
      return `Set<${codec.name}>`;
    },
    encode: (value) => inner.encode([...value]),
    decode: (json) => new Set(inner.decode(json)),
  };
}

/** A map with text as keys. */
export function stringMap<V>(codec: Codec<V>): Codec<Record<string, V>> {
  return {
    get name() {
      return `Map<String,${codec.name}>`;
    },
    encode: (value) => mapValues(value, (item) => codec.encode(item)),
    decode: (json) => mapValues(object(json), (item) => codec.decode(item)),
  };
}

/** A map with any other keys. On the wire a list of pairs. */
export function map<K, V>(keys: Codec<K>, values: Codec<V>): Codec<Map<K, V>> {
  return {
    get name() {
      return `Map<${keys.name},${values.name}>`;
    },
    encode: (value) =>
      [...value].map(([key, item], index) =>
        at(`[${index}]`, () => ({ k: keys.encode(key), v: values.encode(item) })),
      ),
    decode: (json) =>
      new Map(
        items(isEmpty(json) ? [] : json).map((pair, index): [K, V] =>
          at(`[${index}]`, () => {
            const { k, v } = object(pair);
            return [keys.decode(k), values.decode(v)];
          }),
        ),
      ),
  };
}

/** Dart writes every empty map as {}. */
const isEmpty = (json: unknown): boolean =>
  typeof json === "object" && json !== null && Object.keys(json).length === 0;

type Codecs = readonly AnyCodec[];
type Positional<C extends Codecs> = { -readonly [I in keyof C]: ValueOf<C[I]> };
type Named<N> = { -readonly [K in keyof N]: ValueOf<N[K]> };

/** A record with positional fields only: `(int, String)` is `[number, string]`. */
export function tuple<const C extends Codecs>(...codecs: C): Codec<Positional<C>> {
  const inner = record(codecs, {});
  return {
    get name() {
      return inner.name;
    },
    encode: (value) => inner.encode([...(value as unknown[]), {}] as never),
    decode: (json) => (inner.decode(json) as unknown[]).slice(0, -1) as Positional<C>,
  };
}

/** A record with named fields only: `({int a})` is `{ a: number }`. */
export function named<const N extends Record<string, AnyCodec>>(codecs: N): Codec<Named<N>> {
  const inner = record([], codecs);
  return {
    get name() {
      return inner.name;
    },
    encode: (value) => inner.encode([value] as never),
    decode: (json) => (inner.decode(json) as unknown[])[0] as Named<N>,
  };
}

/** A record with both: `(int, {String a})` is `[number, { a: string }]`. */
export function record<const C extends Codecs, const N extends Record<string, AnyCodec>>(
  positional: C,
  fields: N,
): Codec<[...Positional<C>, Named<N>]> {
  const first = positional as readonly Codec<unknown>[];
  const last = Object.entries(fields) as unknown as [string, Codec<unknown>][];
  return {
    get name() {
      const parts = first.map((codec) => codec.name);
      if (last.length) parts.push(`{${last.map(([name, codec]) => `${codec.name} ${name}`).join(",")}}`);
      return `(${parts.join(",")}${parts.length === 1 && first.length ? "," : ""})`;
    },
    encode(value) {
      const values = value as unknown[];
      const byName = values[first.length] as Record<string, unknown>;
      const out: JsonObject = {};
      if (first.length) out["p"] = first.map((codec, index) => at(`$${index + 1}`, () => codec.encode(values[index])));
      if (last.length) {
        out["n"] = Object.fromEntries(last.map(([name, codec]) => [name, at(name, () => codec.encode(byName[name]))]));
      }
      return out;
    },
    decode(json) {
      const { p, n } = object(json);
      const values = p === undefined ? [] : items(p);
      const byName = n === undefined || n === null ? {} : object(n);
      return [
        ...first.map((codec, index) => at(`$${index + 1}`, () => codec.decode(values[index]))),
        Object.fromEntries(last.map(([name, codec]) => [name, at(name, () => codec.decode(byName[name]))])),
      ] as never;
    },
  };
}

// Enums -----------------------------------------------------------------------------------------------------------

export interface EnumCodec<T extends string> extends Codec<T> {
  readonly values: readonly T[];
}

/**
 * The codec of an enum. Its values are their names here, independent of names or indexes on the wire.
 *
 * unknown  the result for a value that this client does not know; without it, such a value is an error
 */
export function enumeration<T extends string>(
  name: string,
  members: Readonly<Record<string, T>>,
  serialized: "byName" | "byIndex",
  unknown?: T,
): EnumCodec<T> {
  const values = Object.values(members);
  return remember({
    name,
    values,
    encode(value) {
      const index = values.indexOf(value);
      if (index < 0) throw expected(`one of ${values.join(", ")}`, value);
      return serialized === "byName" ? value : index;
    },
    decode(json) {
      const index = serialized === "byName" ? values.indexOf(json as T) : typeof json === "number" ? json : -1;
      const value = values[index] ?? unknown;
      if (value === undefined) throw expected(`a ${name}: one of ${values.join(", ")}`, json);
      return value;
    },
  });
}

// Declared types ---------------------------------------------------------------------------------------------------

const known = new Map<string, Codec<unknown>>();

/** Register a class or an enum by its name on the wire. */
export function remember<C extends AnyCodec>(codec: C): C {
  known.set(codec.name, codec);
  return codec;
}

/**
 * Name values that may arrive without a declared type, so that bundlers keep them: exceptions, classes in `dynamic`,
 * classes that extend another package's.
 */
export function keep(...codecs: readonly AnyCodec[]): void {
  codecs.forEach(remember);
}

/** The class or enum of that name on the wire. */
export const lookUp = (name: string): Codec<unknown> | undefined => known.get(name);

// Helpers ---------------------------------------------------------------------------------------------------------

/** Run a step inside a larger value; put its place in front of a WireError's message. */
export function at<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const inner = /^[[.]/.test(error.message) ? error.message : `: ${error.message}`;
    const dot = place.startsWith("[") ? "" : ".";
    throw new WireError(`${dot}${place}${inner}`);
  }
}

export function expected(what: string, found: unknown): WireError {
  const shown = found === undefined ? "nothing" : JSON.stringify(found, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value);
  return new WireError(`expected ${what}, found ${(shown ?? typeof found).slice(0, 80)}`);
}

export function object(json: unknown): Record<string, unknown> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw expected("an object", json);
  return json as Record<string, unknown>;
}

export function items(json: unknown): unknown[] {
  if (!Array.isArray(json)) throw expected("a list", json);
  return json;
}

function text(name: string): Codec<string> {
  const check = (value: unknown): string => {
    if (typeof value !== "string") throw expected("text", value);
    return value;
  };
  return { name, encode: check, decode: check };
}

function safeInteger(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw expected("a whole number up to 2^53", value);
  return value as number;
}

function finite(value: unknown): number {
  if (!Number.isFinite(value)) throw expected("a number", value);
  return value as number;
}

const MAX_SPARSE_LENGTH = 1_000_000; // numbers; more are not written out

function sparse(text: string): number[] {
  const match = /^\{([^{}]*)\}\/(\d+)$/.exec(text);
  const length = Number(match?.[2]);
  if (!match || length > MAX_SPARSE_LENGTH) throw expected("a list of numbers", text);
  const values = new Array<number>(length).fill(0);
  for (const entry of (match[1] ?? "").split(",").filter(Boolean)) {
    const [place, number] = entry.split(":").map(Number);
    if (!place || place > length || number === undefined) throw expected("places from 1 on with numbers", text);
    values[place - 1] = number;
  }
  return values;
}

/** Dates without a zone are in UTC here; engines agree only on three digits of a second. */
function inUtc(iso: string): string {
  const short = iso.replace(/(\.\d{3})\d+/, "$1").replace(" ", "T");
  return /T.*(Z|[+-]\d\d:?\d\d)$/i.test(short) || !short.includes("T") ? short : `${short}Z`;
}

/** Object.fromEntries defines keys instead of setting them, so "__proto__" is an ordinary key. */
function mapValues<A, B>(value: Record<string, A>, change: (item: A) => B): Record<string, B> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, at(`[${JSON.stringify(key)}]`, () => change(item))]),
  );
}
