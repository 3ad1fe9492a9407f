//! Signature schemes, both ways: sign, verify, explain.
