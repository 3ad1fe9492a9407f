//! SQLite: one writer, many readers, a page for each table.
