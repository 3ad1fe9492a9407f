//! The public listener: requests come in, are checked, recorded and answered.
