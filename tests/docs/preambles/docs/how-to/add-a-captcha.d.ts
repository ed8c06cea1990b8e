declare const token: string;
declare const email: string;
