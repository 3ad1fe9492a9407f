//! Signatures that were tampered with: none may pass.
