/** Values on the wire: a codec per type. Knows neither HTTP nor sockets. */

import { WireError } from "./errors.js";




/** A length of time in milliseconds. */

/** A UUID in its canonical form, lower case with dashes. */

/** An address, as text. */


/** Encoder and decoder of one type. */


/** A codec of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any


/** The type that a codec is for. */


// Scalars ---------------------------------------------------------------------------------------------------------

/** A whole number. JavaScript represents them exactly up to 2^53; larger ones are refused in both directions. */
export const int = { name: "int", encode: safeInteger, decode: safeInteger };

export const double = { name: "double", encode: finite, decode: finite };

export const bool = {
  name: "bool",
  encode: (value) => value,
  decode(json) {
    if (json === 0 || json === 1) return json === 1;
    if (typeof json !== "boolean") throw expected("true or false", json);
    return json;
  },
};

export const string = text("String");
export const uuid = text("UuidValue");
export const uri = text("Uri");

/** A moment, as a Date: to the millisecond; the server's microseconds are cut off. */
export const dateTime = {
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
export const duration = { name: "Duration", encode: safeInteger, decode: safeInteger };

export const bigInt = {
  name: "BigInt",
  encode: (value) => value.toString(),
  decode(json) {
    if (typeof json !== "string" || !/^-?\d+$/.test(json)) throw expected("a whole number as text", json);
    return BigInt(json);
  },
};

const BYTES = /^decode\('([A-Za-z0-9+/=_-]*)', 'base64'\)$/;

export const byteData = {
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
export function vector(name) {
  const { encode, decode } = list(double);
  return { name, encode, decode: (json) => decode(typeof json === "string" ? sparse(json) : json) };
}

/** Bits as booleans; also read from "0101". */
export const bit = {
  name: "Bit",
  encode: (value) => list(bool).encode(value),
  decode(json) {
    const text = typeof json === "string" && /^[01]*$/.test(json);
    return list(bool).decode(text ? Array.from(json, (digit) => digit === "1") : json);
  },
};

/** A shape on the globe as EWKT: "SRID=4326;POINT(9.99 53.55)". */
export const geography = (name) => text(name);

/** A hand-written class of the server: its JSON unchanged. */
export const json = (name) => ({
  name,
  encode: (value) => value,
  decode: (value) => value,
});

/** The result of a method without one. */
export const nothing = { name: "void", encode: () => null, decode: () => undefined };

// Containers ------------------------------------------------------------------------------------------------------

export function nullable(codec) {
  return {
    get name() {
      return `${codec.name}?`;
    },
    encode: (value) => (value === null ? null : codec.encode(value)),
    decode: (json) => (json === null || json === undefined ? null : codec.decode(json)),
  };
}

/** A codec that is declared later. */
export function list(codec) {
  return {
    get name() {
      return `List<${codec.name}>`;
    },
    encode: (value) => value.map((item, index) => at(`[${index}]`, () => codec.encode(item))),
    decode: (json) => items(json).map((item, index) => at(`[${index}]`, () => codec.decode(item))),
  };
}

export function set(codec) {
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
export function stringMap(codec) {
  return {
    get name() {
      return `Map<String,${codec.name}>`;
    },
    encode: (value) => mapValues(value, (item) => codec.encode(item)),
    decode: (json) => mapValues(object(json), (item) => codec.decode(item)),
  };
}

/** A map with any other keys. On the wire a list of pairs. */
export function map(keys, values) {
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
        items(isEmpty(json) ? [] : json).map((pair, index) =>
          at(`[${index}]`, () => {
            const { k, v } = object(pair);
            return [keys.decode(k), values.decode(v)];
          }),
        ),
      ),
  };
}

/** Dart writes every empty map as {}. */
const isEmpty = (json) =>
  typeof json === "object" && json !== null && Object.keys(json).length === 0;





/** A record with positional fields only: `(int, String)` is `[number, string]`. */
export function tuple(...codecs) {
  const inner = record(codecs, {});
  return {
    get name() {
      return inner.name;
    },
    encode: (value) => inner.encode([...(value), {}]),
    decode: (json) => (inner.decode(json)).slice(0, -1),
  };
}

/** A record with named fields only: `({int a})` is `{ a: number }`. */
export function named(codecs) {
  const inner = record([], codecs);
  return {
    get name() {
      return inner.name;
    },
    encode: (value) => inner.encode([value]),
    decode: (json) => (inner.decode(json))[0],
  };
}

/** A record with both: `(int, {String a})` is `[number, { a: string }]`. */
export function record(
  positional,
  fields,
) {
  const first = positional;
  const last = Object.entries(fields);
  return {
    get name() {
      const parts = first.map((codec) => codec.name);
      if (last.length) parts.push(`{${last.map(([name, codec]) => `${codec.name} ${name}`).join(",")}}`);
      return `(${parts.join(",")}${parts.length === 1 && first.length ? "," : ""})`;
    },
    encode(value) {
      const values = value;
      const byName = values[first.length];
      const out = {};
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
      ];
    },
  };
}

// Enums -----------------------------------------------------------------------------------------------------------



/**
 * The codec of an enum. Its values are their names here, independent of names or indexes on the wire.
 *
 * unknown  the result for a value that this client does not know; without it, such a value is an error
 */
export function enumeration(
  name,
  members,
  serialized,
  unknown,
) {
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
      const index = serialized === "byName" ? values.indexOf(json) : typeof json === "number" ? json : -1;
      const value = values[index] ?? unknown;
      if (value === undefined) throw expected(`a ${name}: one of ${values.join(", ")}`, json);
      return value;
    },
  });
}

// Declared types ---------------------------------------------------------------------------------------------------

const known = new Map();

/** Register a class or an enum by its name on the wire. */
export function remember(codec) {
  known.set(codec.name, codec);
  return codec;
}

/**
 * Name values that may arrive without a declared type, so that bundlers keep them: exceptions, classes in `dynamic`,
 * classes that extend another package's.
 */
export function keep(...codecs) {
  codecs.forEach(remember);
}

/** The class or enum of that name on the wire. */
export const lookUp = (name) => known.get(name);

// Helpers ---------------------------------------------------------------------------------------------------------

/** Run a step inside a larger value; put its place in front of a WireError's message. */
export function at(place, step) {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const inner = /^[[.]/.test(error.message) ? error.message : `: ${error.message}`;
    const dot = place.startsWith("[") ? "" : ".";
    throw new WireError(`${dot}${place}${inner}`);
  }
}

export function expected(what, found) {
  const shown = found === undefined ? "nothing" : JSON.stringify(found, (_, value) =>
    typeof value === "bigint" ? `${value}n` : value);
  return new WireError(`expected ${what}, found ${(shown ?? typeof found).slice(0, 80)}`);
}

export function object(json) {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw expected("an object", json);
  return json;
}

export function items(json) {
  if (!Array.isArray(json)) throw expected("a list", json);
  return json;
}

function text(name) {
  const check = (value) => {
    if (typeof value !== "string") throw expected("text", value);
    return value;
  };
  return { name, encode: check, decode: check };
}

function safeInteger(value) {
  if (!Number.isSafeInteger(value)) throw expected("a whole number up to 2^53", value);
  return value;
}

function finite(value) {
  if (!Number.isFinite(value)) throw expected("a number", value);
  return value;
}

const MAX_SPARSE_LENGTH = 1_000_000; // numbers; more are not written out

function sparse(text) {
  const match = /^\{([^{}]*)\}\/(\d+)$/.exec(text);
  const length = Number(match?.[2]);
  if (!match || length > MAX_SPARSE_LENGTH) throw expected("a list of numbers", text);
  const values = new Array(length).fill(0);
  for (const entry of (match[1] ?? "").split(",").filter(Boolean)) {
    const [place, number] = entry.split(":").map(Number);
    if (!place || place > length || number === undefined) throw expected("places from 1 on with numbers", text);
    values[place - 1] = number;
  }
  return values;
}

/** Dates without a zone are in UTC here; engines agree only on three digits of a second. */
function inUtc(iso) {
  const short = iso.replace(/(\.\d{3})\d+/, "$1").replace(" ", "T");
  return /T.*(Z|[+-]\d\d:?\d\d)$/i.test(short) || !short.includes("T") ? short : `${short}Z`;
}

/** Object.fromEntries defines keys instead of setting them, so "__proto__" is an ordinary key. */
function mapValues(value, change) {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, at(`[${JSON.stringify(key)}]`, () => change(item))]),
  );
}
