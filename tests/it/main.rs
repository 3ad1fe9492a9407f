//! The one integration binary: real programs, real sockets, real disk.
