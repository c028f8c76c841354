/** Short name of a row, unique in its family, and one sentence that says what a test of the row has to show. */
export type Rows = Readonly<Record<string, string>>;
