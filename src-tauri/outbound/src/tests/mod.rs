//! Exchanges with real servers on this computer.
