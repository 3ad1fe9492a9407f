//! The text format of Prometheus, version 0.0.4: families of samples with labels. Holds no number itself: they are counted
//! where things happen, so a registry would keep each of them twice.

use std::fmt::Write as _;

use hookloom_engine::histogram::{BOUNDS_US, HistogramLook};

/// What this text is.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a number means to a monitor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Only grows, until the next start.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Durations by bucket.
    Histogram,
}

/// The text that grows.
#[derive(Default)]
pub(super) struct Exposition(String);

/// One name, whose samples follow.
pub(super) struct Family<'e> {
    into: &'e mut String,
    name: &'static str,
}

impl Exposition {
    /// Begins a family; each name once.
    pub fn family(&mut self, name: &'static str, kind: Kind, help: &str) -> Family<'_> {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        line(&mut self.0, format_args!("# HELP {name} {help}"));
        line(&mut self.0, format_args!("# TYPE {name} {kind}"));
        Family {
            into: &mut self.0,
            name,
        }
    }

    /// A counter without labels.
    pub fn counter(&mut self, name: &'static str, help: &str, value: u64) {
        self.family(name, Kind::Counter, help).sample(&[], value);
    }

    /// A gauge without labels.
    pub fn gauge(&mut self, name: &'static str, help: &str, value: u64) {
        self.family(name, Kind::Gauge, help).sample(&[], value);
    }

    /// A histogram without labels, in seconds.
    pub fn histogram(&mut self, name: &'static str, help: &str, look: &HistogramLook) {
        let family = self.family(name, Kind::Histogram, help);
        let mut below = 0;
        for (at, count) in look.counts.iter().enumerate() {
            below += count;
            let bound = BOUNDS_US
                .get(at)
                .map_or_else(|| "+Inf".to_owned(), |us| seconds(*us));
            line(
                family.into,
                format_args!("{name}_bucket{{le=\"{bound}\"}} {below}"),
            );
        }
        line(
            family.into,
            format_args!("{name}_sum {}", seconds(look.sum_us)),
        );
        line(family.into, format_args!("{name}_count {below}"));
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

impl Family<'_> {
    /// One more number of this name.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: u64) {
        let shown: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let name = self.name;
        if shown.is_empty() {
            line(self.into, format_args!("{name} {value}"));
        } else {
            let labels = shown.join(",");
            line(self.into, format_args!("{name}{{{labels}}} {value}"));
        }
    }
}

fn line(into: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(into, "{text}");
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// Microseconds as seconds, without the rounding of floating point.
fn seconds(us: u64) -> String {
    let (whole, rest) = (us / 1_000_000, us % 1_000_000);
    let text = format!("{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_its_help_its_kind_and_its_samples() {
        let mut text = Exposition::default();
        let mut family = text.family("things_total", Kind::Counter, "Things,\nby \\ name.");
        family.sample(&[("name", "a\"b\\c\nd"), ("kind", "x")], 7);
        family.sample(&[], 1);
        assert_eq!(
            text.into_text(),
            "# HELP things_total Things,\\nby \\\\ name.\n# TYPE things_total counter\n\
             things_total{name=\"a\\\"b\\\\c\\nd\",kind=\"x\"} 7\nthings_total 1\n"
        );
    }

    #[test]
    fn the_buckets_of_a_histogram_hold_all_below_their_bound() {
        let mut look = HistogramLook::default();
        (look.counts[0], look.counts[2], look.sum_us) = (2, 3, 5_300);
        look.counts[BOUNDS_US.len()] = 1;
        let mut text = Exposition::default();
        text.histogram("took_seconds", "How long.", &look);
        let text = text.into_text();
        for expected in [
            "took_seconds_bucket{le=\"0.0005\"} 2\n",
            "took_seconds_bucket{le=\"0.001\"} 2\n",
            "took_seconds_bucket{le=\"0.0025\"} 5\n",
            "took_seconds_bucket{le=\"300\"} 5\n",
            "took_seconds_bucket{le=\"+Inf\"} 6\n",
            "took_seconds_sum 0.0053\n",
            "took_seconds_count 6\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}
