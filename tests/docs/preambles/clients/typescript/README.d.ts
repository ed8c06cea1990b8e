// The first block of the page makes the client and imports the classes.
declare const client: import("example-client").Client;
declare const Client: typeof import("example-client").Client;
type Client = import("example-client").Client;
declare const Note: typeof import("example-client").Note;
declare const host: string;
declare const token: string;
declare const email: string;
declare const password: string;
declare const signal: AbortSignal;
declare const description: string;
declare const blob: Blob;
declare function show(note: import("example-client").Note): void;
