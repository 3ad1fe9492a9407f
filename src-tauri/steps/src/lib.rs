//! What each kind of step does.
