//! A value that prints as nothing and is wiped when dropped.

use std::fmt;

use zeroize::Zeroize;

/// A secret. It has no `Serialize`, its `Debug` shows nothing, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive<T: Zeroize>(T);

impl<T: Zeroize> Sensitive<T> {
    /// Takes a secret into custody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The secret itself. Every call is a place to look at in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<sensitive>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        let secret = Sensitive::new("hunter2hunter2".to_owned());
        assert_eq!(format!("{secret:?}"), "<sensitive>");
    }
}
