declare const client: import("notes-client").Client;
declare const email: string;
declare const password: string;
declare function askForCode(methods: string[]): Promise<string>;
