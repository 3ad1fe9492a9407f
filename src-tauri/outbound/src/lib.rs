//! The one HTTP client, with its destination guard.
