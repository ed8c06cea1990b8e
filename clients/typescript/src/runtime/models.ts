/** Classes and exceptions of model files: their base classes, their codecs, and values that carry their type. */

import { type AnyCodec, type Codec, type Json, type JsonObject, at, expected, items, lookUp, object, remember } from "./wire.js";
import * as wire from "./wire.js";

/** The base of all classes that model files declare. */
export abstract class Model {
  /** The object as it goes over the wire; JSON.stringify uses it. */
  toJSON(): Json {
    return codecOf(this).encode(this as never);
  }
}

/** The base of all exceptions that model files declare: the server's exceptions arrive with their type and fields. */
export abstract class ModelException extends Error {
  toJSON(): Json {
    return codecOf(this).encode(this as never);
  }
}

/** A field of a class: its codec, its key on the wire if that differs, whether it may be missing there. */
export interface FieldCodec<T> {
  readonly codec: Codec<T>;
  readonly key?: string;
  readonly optional?: boolean;
}

/** A field under another key. */
export const keyed = <T>(key: string, field: Codec<T> | FieldCodec<T>): FieldCodec<T> => ({ ...plain(field), key });

/** A field with a default: if missing on the wire, the class fills it in. */
export const optional = <T>(codec: Codec<T>): FieldCodec<T> => ({ codec, optional: true });

type Fields<V> = { readonly [K in keyof V]-?: Codec<Exclude<V[K], undefined>> | FieldCodec<Exclude<V[K], undefined>> };

/** The codec of a class; it is the class's static `codec`. */
export class ModelCodec<T extends Model | ModelException> implements Codec<T> {
  readonly name: string;
  readonly #type: () => abstract new (values: never) => T;
  readonly #describe: (() => object) | null;
  readonly #subclasses: Subclasses;
  #fields: ReadonlyArray<readonly [string, string, FieldCodec<unknown>]> | undefined;

  constructor(
    name: string,
    type: () => abstract new (values: never) => T,
    describe: (() => object) | null,
    subclasses: Subclasses,
  ) {
    this.name = name;
    this.#type = type;
    this.#describe = describe;
    this.#subclasses = subclasses;
  }

  /** Property, key on the wire, codec. Read at the first use, when all classes exist. Null for a sealed class. */
  private get fields(): ReadonlyArray<readonly [string, string, FieldCodec<unknown>]> | null {
    if (!this.#describe) return null;
    this.#fields ??= Object.entries(this.#describe()).map(([property, field]) => {
      const read = plain(field as Codec<unknown> | FieldCodec<unknown>);
      return [property, read.key ?? property, read] as const;
    });
    return this.#fields;
  }

  /** The fields that are not null, after the name of the object's own class. */
  encode(value: T): Json {
    const own = codecOf(value);
    if (!own.fields) throw expected(`a ${this.name}`, value);
    const out: JsonObject = { __className__: own.name };
    for (const [property, key, field] of own.fields) {
      const item = (value as unknown as Record<string, unknown>)[property];
      if (item !== null && item !== undefined) out[key] = at(property, () => field.codec.encode(item));
    }
    return out;
  }

  /** An object of this class, or of the subclass that the data names. */
  decode(json: unknown): T {
    const data = object(json);
    const name = data["__className__"];
    if (typeof name !== "string" || name === this.name) return this.read(data);
    const other = this.subclass(name) ?? lookUp(name);
    if (!(other instanceof ModelCodec)) return this.read(data);
    if (!(other.#type().prototype instanceof this.#type())) throw expected(`a ${this.name}`, name);
    return (other as ModelCodec<T>).read(data);
  }

  private subclass(name: string): AnyCodec | undefined {
    for (const { codec } of this.#subclasses()) {
      const found = codec.name === name ? codec : codec.subclass(name);
      if (found) return found;
    }
    return undefined;
  }

  private read(data: Record<string, unknown>): T {
    const { fields } = this;
    if (!fields) throw expected(`a class that extends ${this.name}`, data["__className__"]);
    const values: Record<string, unknown> = {};
    for (const [property, key, field] of fields) {
      const item = data[key];
      if (field.optional && (item === undefined || item === null)) continue;
      values[property] = at(property, () => field.codec.decode(item));
    }
    return new (this.#type() as unknown as new (values: unknown) => T)(values);
  }
}

/** The classes that extend one. Named here, so that a bundle with the parent has them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Subclasses = () => ReadonlyArray<{ readonly codec: ModelCodec<any> }>;
const NONE: Subclasses = () => [];

/** The codec of a class with these fields, in the order of the wire. A bundler drops it with its class if unused. */
export function model<T extends Model | ModelException, V>(
  name: string,
  type: () => new (values: V) => T,
  fields: () => Fields<V>,
  subclasses: Subclasses = NONE,
): ModelCodec<T> {
  return remember(new ModelCodec<T>(name, type as never, fields, subclasses));
}

/** The codec of a sealed class: a value of it is always one of a subclass. */
export function sealed<T extends Model | ModelException>(
  name: string,
  type: () => abstract new (values: never) => T,
  subclasses: Subclasses,
): ModelCodec<T> {
  return remember(new ModelCodec<T>(name, type, null, subclasses));
}

/** Decode the server's exception from `{"className", "data"}`; null if this client does not know it. */
export function decodeException(json: unknown): ModelException | null {
  if (typeof json !== "object" || json === null) return null;
  const { className, data } = json as { className?: unknown; data?: unknown };
  const codec = typeof className === "string" ? lookUp(className) : undefined;
  if (!(codec instanceof ModelCodec)) return null;
  const value: unknown = codec.decode(data);
  return value instanceof ModelException ? value : null;
}

// Values that carry their type ---------------------------------------------------------------------------------------

const SCALARS: ReadonlyMap<string, AnyCodec> = new Map<string, AnyCodec>(
  [
    wire.int, wire.double, wire.bool, wire.string, wire.dateTime, wire.duration, wire.uuid, wire.uri, wire.bigInt,
    wire.byteData, wire.vector("Vector"), wire.vector("HalfVector"), wire.vector("SparseVector"), wire.bit,
    wire.geography("GeographyPoint"), wire.geography("GeographyLineString"), wire.geography("GeographyPolygon"),
    wire.geography("GeographyGeometryCollection"),
  ].map((codec: AnyCodec) => [codec.name, codec]),
);

/** A value of type `dynamic`: its type is sent with it. Plain objects are maps with text as keys. */
export const dynamic: Codec<unknown> = {
  name: "dynamic",
  encode(value): Json {
    if (value === null || value === undefined) return { className: "null", data: null };
    if (Array.isArray(value)) return { className: "List", data: value.map(dynamic.encode) };
    if (value instanceof Set) return { className: "Set", data: [...value].map(dynamic.encode) };
    if (value instanceof Map) {
      const pairs = [...value].map(([key, item]) => ({ k: dynamic.encode(key), v: dynamic.encode(item) }));
      return { className: "Map", data: pairs };
    }
    const codec = codecFor(value);
    if (codec) return { className: codec.name, data: codec.encode(value as never) };
    const entries = Object.entries(object(value)).map(([key, item]) => [key, dynamic.encode(item)]);
    return { className: "Map", data: Object.fromEntries(entries) as JsonObject };
  },
  decode(json): unknown {
    if (json === null || json === undefined) return null;
    const { className, data } = object(json);
    switch (className) {
      case "null":
        return null;
      case "List":
        return items(data).map(dynamic.decode);
      case "Set":
        return new Set(items(data).map(dynamic.decode));
      case "Map":
        if (!Array.isArray(data)) return wire.stringMap(dynamic).decode(data);
        return wire.map(dynamic, dynamic).decode(data);
    }
    const codec = typeof className === "string" ? (SCALARS.get(className) ?? lookUp(className)) : undefined;
    if (!codec) throw expected("a className that this client knows", className);
    return codec.decode(data);
  },
};

/** A value on a stream: `{"className", "data"}`. */
export function encodeTyped<T>(codec: Codec<T>, value: T): Json {
  if (codec.name === "dynamic") return codec.encode(value);
  if (value === null) return { className: "null", data: null };
  const own = value instanceof Model || value instanceof ModelException ? codecOf(value) : codec;
  return { className: own.name.replace(/\?$/, ""), data: codec.encode(value) };
}

/** A value from a stream, by the type that the stream declares. */
export function decodeTyped<T>(codec: Codec<T>, json: unknown): T {
  if (codec.name === "dynamic") return codec.decode(json);
  const { className, data } = object(json);
  if (className === "null") return codec.decode(null);
  if (typeof className === "string" && lookUp(className) instanceof ModelCodec) {
    return codec.decode({ __className__: className, ...object(data) });
  }
  return codec.decode(data);
}

/** The codec for a value by its run-time type. A number with a fraction is a double, text a String, never an enum. */
function codecFor(value: unknown): AnyCodec | undefined {
  switch (typeof value) {
    case "string":
      return wire.string;
    case "boolean":
      return wire.bool;
    case "bigint":
      return wire.bigInt;
    case "number":
      return Number.isSafeInteger(value) ? wire.int : wire.double;
  }
  if (value instanceof Date) return wire.dateTime;
  if (value instanceof Uint8Array) return wire.byteData;
  return value instanceof Model || value instanceof ModelException ? codecOf(value) : undefined;
}

function codecOf<T extends Model | ModelException>(value: T): ModelCodec<T> {
  return (value.constructor as unknown as { codec: ModelCodec<T> }).codec as ModelCodec<T>;
}

function plain<T>(field: Codec<T> | FieldCodec<T>): FieldCodec<T> {
  return "codec" in field ? field : { codec: field };
}

// Defaults -------------------------------------------------------------------------------------------------------

/** A random UUID (version 4). */
export function uuid4(): string {
  return formatUuid(crypto.getRandomValues(new Uint8Array(16)), 0x40);
}

/** A UUID whose order is the order of creation (version 7). */
export function uuid7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  return formatUuid(bytes, 0x70);
}

function formatUuid(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
