//! Where the window stands. Pixels of the screen, as the system counts them; sizes in its points, so that a window is as
//! large on the next screen.

use serde::{Deserialize, Serialize};

/// Of the strip by which a window is moved, so much must be in reach.
const REACH_WIDTH: i64 = 160;
const STRIP_HEIGHT: i64 = 32;

pub const WIDTH_MIN: f64 = 900.0;
pub const HEIGHT_MIN: f64 = 600.0;
const WIDTH_USUAL: f64 = 1280.0;
const HEIGHT_USUAL: f64 = 800.0;
/// Nothing that is kept is believed beyond this.
const SIZE_MAX: f64 = 20_000.0;

/// Where the window was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Left edge, pixels.
    pub x: i32,
    /// Upper edge, pixels.
    pub y: i32,
    /// Points.
    pub width: f64,
    /// Points.
    pub height: f64,
    /// Over the whole screen; the rest says where it is when it is not.
    #[serde(default)]
    pub is_maximized: bool,
}

/// The part of a screen that windows may use, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    pub x: i32,
    pub y: i32,
    pub width: u32,
    pub height: u32,
    /// Pixels in a point.
    pub scale: f64,
}

/// Where the window opens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opening {
    /// None: where the system puts new windows.
    pub position: Option<(i32, i32)>,
    pub width: f64,
    pub height: f64,
    pub is_maximized: bool,
}

impl Opening {
    /// Where the window was, as far as it can be reached there; else where the system puts it. Never larger than its
    /// screen, unless the screen is smaller than the smallest window.
    pub fn of(kept: Option<Placement>, screens: &[Screen]) -> Self {
        let kept = kept.filter(|it| it.is_sane());
        let place = kept.and_then(|it| Some((it, it.screen_of(screens)?)));
        let (width, height) = kept.map_or((WIDTH_USUAL, HEIGHT_USUAL), |it| (it.width, it.height));
        let screen = place.map(|(_, screen)| screen).or(screens.first().copied());
        let (widest, highest) = screen.map_or((SIZE_MAX, SIZE_MAX), Screen::points);
        Self {
            position: place.map(|(it, _)| (it.x, it.y)),
            width: width.min(widest).max(WIDTH_MIN),
            height: height.min(highest).max(HEIGHT_MIN),
            is_maximized: kept.is_some_and(|it| it.is_maximized),
        }
    }
}

impl Placement {
    fn is_sane(&self) -> bool {
        let fits = |size: f64| (1.0..=SIZE_MAX).contains(&size);
        fits(self.width) && fits(self.height)
    }

    /// The screen on which the strip that moves the window can be reached; of several the one with most of it.
    fn screen_of(&self, screens: &[Screen]) -> Option<Screen> {
        let reach = |screen: &Screen| self.reach_on(screen);
        let best = screens.iter().max_by_key(|it| reach(it))?;
        (reach(best) >= REACH_WIDTH).then_some(*best)
    }

    /// How much of the strip lies on a screen, pixels; none if its height does not.
    fn reach_on(&self, screen: &Screen) -> i64 {
        let top = i64::from(self.y);
        let screen_top = i64::from(screen.y);
        let screen_bottom = screen_top + i64::from(screen.height);
        if top < screen_top || top + STRIP_HEIGHT > screen_bottom {
            return 0;
        }
        let left = i64::from(self.x);
        #[expect(clippy::cast_possible_truncation, reason = "sizes are bounded before")]
        let right = left + (self.width * screen.scale) as i64;
        let screen_left = i64::from(screen.x);
        let screen_right = screen_left + i64::from(screen.width);
        (right.min(screen_right) - left.max(screen_left)).max(0)
    }
}

impl Screen {
    fn points(self) -> (f64, f64) {
        let scale = if self.scale > 0.0 { self.scale } else { 1.0 };
        (
            f64::from(self.width) / scale,
            f64::from(self.height) / scale,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Screen = Screen {
        x: 0,
        y: 0,
        width: 1920,
        height: 1080,
        scale: 1.0,
    };
    const BESIDE: Screen = Screen {
        x: 1920,
        y: 0,
        width: 2560,
        height: 1440,
        scale: 2.0,
    };

    fn at(x: i32, y: i32) -> Placement {
        Placement {
            x,
            y,
            width: 1000.0,
            height: 700.0,
            is_maximized: false,
        }
    }

    #[test]
    fn the_window_opens_where_it_was_on_any_screen() {
        for (x, y) in [(0, 0), (700, 300), (-800, 10), (1900, 5), (3000, 1000)] {
            let opening = Opening::of(Some(at(x, y)), &[LAPTOP, BESIDE]);
            assert_eq!(opening.position, Some((x, y)));
            assert_eq!((opening.width, opening.height), (1000.0, 700.0));
        }
    }

    #[test]
    fn a_window_that_cannot_be_reached_opens_where_the_system_puts_it() {
        // The second screen is gone; above the upper edge; below the lower one; at the far left.
        for (x, y) in [
            (2000, 100),
            (10, -40),
            (10, 1070),
            (-900, 10),
            (i32::MAX, i32::MIN),
        ] {
            let opening = Opening::of(Some(at(x, y)), &[LAPTOP]);
            assert_eq!(opening.position, None, "{x} {y}");
            assert_eq!((opening.width, opening.height), (1000.0, 700.0));
        }
        assert_eq!(Opening::of(Some(at(0, 0)), &[]).position, None);
    }

    #[test]
    fn a_window_is_no_larger_than_its_screen_and_no_smaller_than_it_may_be() {
        let huge = Placement {
            width: 5000.0,
            height: 5000.0,
            is_maximized: true,
            ..at(1920, 0)
        };
        let opening = Opening::of(Some(huge), &[LAPTOP, BESIDE]);
        assert_eq!(
            (opening.width, opening.height),
            (1280.0, 720.0),
            "in points"
        );
        assert!(opening.is_maximized);
        let tiny = Placement {
            width: 10.0,
            height: 10.0,
            ..at(0, 0)
        };
        let opening = Opening::of(Some(tiny), &[LAPTOP]);
        assert_eq!((opening.width, opening.height), (WIDTH_MIN, HEIGHT_MIN));
    }

    #[test]
    fn a_size_that_is_no_size_is_forgotten() {
        for width in [f64::NAN, f64::INFINITY, -5.0, 1e9] {
            let odd = Placement { width, ..at(5, 5) };
            let usual = Opening::of(None, &[LAPTOP]);
            assert_eq!(Opening::of(Some(odd), &[LAPTOP]), usual, "{width}");
        }
    }
}
