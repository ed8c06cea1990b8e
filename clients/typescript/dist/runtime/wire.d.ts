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
export type AnyCodec = Codec<any>;
/** The type that a codec is for. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
/** A whole number. JavaScript represents them exactly up to 2^53; larger ones are refused in both directions. */
export declare const int: Codec<number>;
export declare const double: Codec<number>;
export declare const bool: Codec<boolean>;
export declare const string: Codec<string>;
export declare const uuid: Codec<UuidValue>;
export declare const uri: Codec<Uri>;
/** A moment, as a Date: to the millisecond; the server's microseconds are cut off. */
export declare const dateTime: Codec<Date>;
/** In whole milliseconds. */
export declare const duration: Codec<Duration>;
export declare const bigInt: Codec<bigint>;
export declare const byteData: Codec<Uint8Array>;
/** The numbers of a Vector, HalfVector or SparseVector; a sparse one is also read from "{1:0.5,7:2}/8". */
export declare function vector(name: string): Codec<number[]>;
/** Bits as booleans; also read from "0101". */
export declare const bit: Codec<boolean[]>;
/** A shape on the globe as EWKT: "SRID=4326;POINT(9.99 53.55)". */
export declare const geography: (name: string) => Codec<string>;
/** A hand-written class of the server: its JSON unchanged. */
export declare const json: (name: string) => Codec<Json>;
/** The result of a method without one. */
export declare const nothing: Codec<void>;
export declare function nullable<T>(codec: Codec<T>): Codec<T | null>;
/** A codec that is declared later. */
export declare function list<T>(codec: Codec<T>): Codec<T[]>;
export declare function set<T>(codec: Codec<T>): Codec<Set<T>>;
/** A map with text as keys. */
export declare function stringMap<V>(codec: Codec<V>): Codec<Record<string, V>>;
/** A map with any other keys. On the wire a list of pairs. */
export declare function map<K, V>(keys: Codec<K>, values: Codec<V>): Codec<Map<K, V>>;
/** Dart writes every empty map as {}. */
type Codecs = readonly AnyCodec[];
type Positional<C extends Codecs> = { -readonly [I in keyof C]: ValueOf<C[I]> };
type Named<N> = { -readonly [K in keyof N]: ValueOf<N[K]> };
/** A record with positional fields only: `(int, String)` is `[number, string]`. */
export declare function tuple<const C extends Codecs>(...codecs: C): Codec<Positional<C>>;
/** A record with named fields only: `({int a})` is `{ a: number }`. */
export declare function named<const N extends Record<string, AnyCodec>>(codecs: N): Codec<Named<N>>;
/** A record with both: `(int, {String a})` is `[number, { a: string }]`. */
export declare function record<const C extends Codecs, const N extends Record<string, AnyCodec>>(positional: C, fields: N): Codec<[...Positional<C>, Named<N>]>;
export interface EnumCodec<T extends string> extends Codec<T> {
  readonly values: readonly T[];
}
/**
 * The codec of an enum. Its values are their names here, independent of names or indexes on the wire.
 *
 * unknown  the result for a value that this client does not know; without it, such a value is an error
 */
export declare function enumeration<T extends string>(name: string, members: Readonly<Record<string, T>>, serialized: "byName" | "byIndex", unknown?: T): EnumCodec<T>;
/** Register a class or an enum by its name on the wire. */
export declare function remember<C extends AnyCodec>(codec: C): C;
/**
 * Name values that may arrive without a declared type, so that bundlers keep them: exceptions, classes in `dynamic`,
 * classes that extend another package's.
 */
export declare function keep(...codecs: readonly AnyCodec[]): void;
/** The class or enum of that name on the wire. */
export declare const lookUp: (name: string) => Codec<unknown> | undefined;
/** Run a step inside a larger value; put its place in front of a WireError's message. */
export declare function at<T>(place: string, step: () => T): T;
export declare function expected(what: string, found: unknown): WireError;
export declare function object(json: unknown): Record<string, unknown>;
export declare function items(json: unknown): unknown[];
/** Dates without a zone are in UTC here; engines agree only on three digits of a second. */
/** Object.fromEntries defines keys instead of setting them, so "__proto__" is an ordinary key. */
export {};
