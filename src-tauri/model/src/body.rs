//! What a request's bytes mean: the value that memory gets, by content type. See the contract's "Bodies".
