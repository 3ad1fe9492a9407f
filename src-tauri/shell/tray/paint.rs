//! The colours of the icon: in colour while requests are received.

/// Pixels of four bytes, red, green, blue and alpha: as they are, or without colour and half seen through.
pub fn painted(rgba: &[u8], is_bright: bool) -> Vec<u8> {
    let pixels = rgba.chunks_exact(4).flat_map(|pixel| {
        let [red, green, blue, alpha] = [pixel[0], pixel[1], pixel[2], pixel[3]];
        if is_bright {
            return [red, green, blue, alpha];
        }
        let sum = u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue);
        let grey = u8::try_from(sum / 10).unwrap_or(u8::MAX);
        [grey, grey, grey, alpha / 2]
    });
    pixels.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_is_in_colour_while_something_is_received() {
        assert_eq!(painted(&[200, 100, 0, 255], true), [200, 100, 0, 255]);
        assert_eq!(painted(&[200, 100, 0, 255], false), [120, 120, 120, 127]);
        assert_eq!(
            painted(&[255, 255, 255, 255, 1, 2], false),
            [255, 255, 255, 127]
        );
    }
}
