/** Classes and exceptions of model files: their base classes, their codecs, and values that carry their type. */
import { type AnyCodec, type Codec, type Json, type JsonObject, at, expected, items, lookUp, object, remember } from "./wire.js";
import * as wire from "./wire.js";
/** The base of all classes that model files declare. */
export declare abstract class Model {
  /** The object as it goes over the wire; JSON.stringify uses it. */
  toJSON(): Json;
}
/** The base of all exceptions that model files declare: the server's exceptions arrive with their type and fields. */
export declare abstract class ModelException extends Error {
  toJSON(): Json;
}
/** A field of a class: its codec, its key on the wire if that differs, whether it may be missing there. */
export interface FieldCodec<T> {
  readonly codec: Codec<T>;
  readonly key?: string;
  readonly optional?: boolean;
}
/** A field under another key. */
export declare const keyed: <T>(key: string, field: Codec<T> | FieldCodec<T>) => FieldCodec<T>;
/** A field with a default: if missing on the wire, the class fills it in. */
export declare const optional: <T>(codec: Codec<T>) => FieldCodec<T>;
type Fields<V> = { readonly [K in keyof V]-?: Codec<Exclude<V[K], undefined>> | FieldCodec<Exclude<V[K], undefined>> };
/** The codec of a class; it is the class's static `codec`. */
export declare class ModelCodec <T extends Model | ModelException> implements Codec<T> {
  readonly name: string;
  #private;
  constructor(name: string, type: () => abstract new (values: never) => T, describe: (() => object) | null, subclasses: Subclasses);
  /** Property, key on the wire, codec. Read at the first use, when all classes exist. Null for a sealed class. */
  private fields;
  /** The fields that are not null, after the name of the object's own class. */
  encode(value: T): Json;
  /** An object of this class, or of the subclass that the data names. */
  decode(json: unknown): T;
  private subclass;
  private read;
}
/** The classes that extend one. Named here, so that a bundle with the parent has them. */
type Subclasses = () => ReadonlyArray<{ readonly codec: ModelCodec<any> }>;
/** The codec of a class with these fields, in the order of the wire. A bundler drops it with its class if unused. */
export declare function model<T extends Model | ModelException, V>(name: string, type: () => new (values: V) => T, fields: () => Fields<V>, subclasses?: Subclasses): ModelCodec<T>;
/** The codec of a sealed class: a value of it is always one of a subclass. */
export declare function sealed<T extends Model | ModelException>(name: string, type: () => abstract new (values: never) => T, subclasses: Subclasses): ModelCodec<T>;
/** Decode the server's exception from `{"className", "data"}`; null if this client does not know it. */
export declare function decodeException(json: unknown): ModelException | null;
/** A value of type `dynamic`: its type is sent with it. Plain objects are maps with text as keys. */
export declare const dynamic: Codec<unknown>;
/** A value on a stream: `{"className", "data"}`. */
export declare function encodeTyped<T>(codec: Codec<T>, value: T): Json;
/** A value from a stream, by the type that the stream declares. */
export declare function decodeTyped<T>(codec: Codec<T>, json: unknown): T;
/** The codec for a value by its run-time type. A number with a fraction is a double, text a String, never an enum. */
/** A random UUID (version 4). */
export declare function uuid4(): string;
/** A UUID whose order is the order of creation (version 7). */
export declare function uuid7(): string;
export {};
