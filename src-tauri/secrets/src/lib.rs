//! Where secret values live: keychain, passphrase or key file.
