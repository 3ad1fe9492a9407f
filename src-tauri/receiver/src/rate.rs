//! Rate limits: one per source address, one per endpoint that asks for it. Both are token buckets.
//!
//! They measure elapsed time, not wall time: a clock that is set back must not lock senders out.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::FlowId;
use parking_lot::RwLock;

use crate::limits::Limits;
use crate::refusal::Refusal;

/// Once there are too many sources, new ones share this many counts.
const CROWDS: u64 = 4_096;
/// How often the number of remembered sources is looked at: every so many requests.
const SWEEP_EVERY: u32 = 1_024;
/// Endpoints whose buckets are remembered; beyond it those that nobody uses are dropped.
const ENDPOINT_BUCKETS_MAX: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    V4(u32),
    /// The network of 64 bits: one sender usually owns all of it.
    V6(u64),
    Crowd(u64),
}

/// The limit of each source address.
pub(crate) struct SourceRates {
    limiter: DefaultKeyedRateLimiter<Source>,
    clock: DefaultClock,
    per_minute_max: u32,
    limits_loopback: bool,
    sources_max: usize,
    checks: AtomicU32,
    is_crowded: std::sync::atomic::AtomicBool,
}

impl SourceRates {
    pub fn new(limits: &Limits) -> Self {
        Self {
            limiter: RateLimiter::keyed(per_minute(limits.source_requests_per_minute_max)),
            clock: DefaultClock::default(),
            per_minute_max: limits.source_requests_per_minute_max,
            limits_loopback: limits.limits_loopback,
            sources_max: limits.sources_max,
            checks: AtomicU32::new(0),
            is_crowded: std::sync::atomic::AtomicBool::new(false),
        }
    }

    /// Takes one token of the peer's bucket.
    pub fn check(&self, peer: IpAddr) -> Result<(), Refusal> {
        let peer = peer.to_canonical();
        if peer.is_loopback() && !self.limits_loopback {
            return Ok(());
        }
        self.sweep();
        let source = match Source::of(peer) {
            source if self.is_crowded.load(Ordering::Relaxed) => source.in_a_crowd(),
            source => source,
        };
        self.limiter
            .check_key(&source)
            .map_err(|not_until| Refusal::SourceRate {
                per_minute_max: self.per_minute_max,
                retry_after_s: whole_seconds(not_until.wait_time_from(self.clock.now())),
            })
    }

    /// Forgets sources whose bucket is full again. If too many remain, strangers share buckets until it is
    /// quieter: memory stays bounded whatever addresses are made up.
    fn sweep(&self) {
        if !self
            .checks
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(SWEEP_EVERY)
        {
            return;
        }
        if self.limiter.len() <= self.sources_max {
            self.is_crowded.store(false, Ordering::Relaxed);
            return;
        }
        self.limiter.retain_recent();
        self.is_crowded
            .store(self.limiter.len() > self.sources_max, Ordering::Relaxed);
    }
}

impl Source {
    fn of(peer: IpAddr) -> Self {
        match peer {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => Self::V6(network_64(address)),
        }
    }

    fn in_a_crowd(self) -> Self {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        Self::Crowd(hasher.finish() % CROWDS)
    }
}

fn network_64(address: Ipv6Addr) -> u64 {
    u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX)
}

/// The limits of endpoints. They outlive a new version of the flow, as long as the number stays the same.
#[derive(Default)]
pub(crate) struct EndpointRates {
    buckets: RwLock<HashMap<(FlowId, String), Arc<Bucket>>>,
    clock: DefaultClock,
}

struct Bucket {
    per_minute_max: u32,
    limiter: DefaultDirectRateLimiter,
}

impl EndpointRates {
    /// Takes one token of the endpoint's bucket, if it has one.
    pub fn check(&self, live: &LiveEndpoint) -> Result<(), Refusal> {
        let Some(per_minute_max) = live.endpoint.requests_per_minute_max else {
            return Ok(());
        };
        let bucket = self.bucket(live, per_minute_max);
        bucket
            .limiter
            .check()
            .map_err(|not_until| Refusal::EndpointRate {
                per_minute_max,
                retry_after_s: whole_seconds(not_until.wait_time_from(self.clock.now())),
            })
    }

    fn bucket(&self, live: &LiveEndpoint, per_minute_max: u32) -> Arc<Bucket> {
        let name = (live.flow_id, live.endpoint.name.clone());
        if let Some(bucket) = self.buckets.read().get(&name)
            && bucket.per_minute_max == per_minute_max
        {
            return Arc::clone(bucket);
        }
        let mut buckets = self.buckets.write();
        if buckets.len() >= ENDPOINT_BUCKETS_MAX {
            buckets.retain(|_, bucket| Arc::strong_count(bucket) > 1);
        }
        let bucket = buckets
            .entry(name)
            .and_modify(|bucket| {
                if bucket.per_minute_max != per_minute_max {
                    *bucket = Bucket::new(per_minute_max);
                }
            })
            .or_insert_with(|| Bucket::new(per_minute_max));
        Arc::clone(bucket)
    }
}

impl Bucket {
    fn new(per_minute_max: u32) -> Arc<Self> {
        let limiter = RateLimiter::direct(per_minute(per_minute_max));
        Arc::new(Self {
            per_minute_max,
            limiter,
        })
    }
}

/// A bucket of N, refilled N/60 a second. A limit of none would be no limit, so it counts as one.
fn per_minute(requests_max: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(requests_max).unwrap_or(NonZeroU32::MIN))
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis()
        .div_ceil(1_000)
        .max(1)
        .try_into()
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixtures::live_endpoint;

    fn rates(per_minute_max: u32, sources_max: usize) -> SourceRates {
        SourceRates::new(&Limits {
            source_requests_per_minute_max: per_minute_max,
            sources_max,
            ..Limits::default()
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_source_gets_its_number_of_requests_and_then_waits() {
        let rates = rates(3, 10);
        for _ in 0..3 {
            assert_eq!(rates.check(address("192.0.2.1")), Ok(()));
        }
        let refused = Refusal::SourceRate {
            per_minute_max: 3,
            retry_after_s: 20,
        };
        assert_eq!(rates.check(address("192.0.2.1")), Err(refused));
        assert_eq!(
            rates.check(address("192.0.2.2")),
            Ok(()),
            "another source has its own"
        );
        let mapped = rates.check(address("::ffff:192.0.2.1"));
        assert!(mapped.is_err(), "the same source, written as IPv6");
    }

    #[test]
    fn one_network_of_64_bits_is_one_source() {
        let rates = rates(1, 10);
        assert_eq!(rates.check(address("2001:db8:1:2::1")), Ok(()));
        assert!(rates.check(address("2001:db8:1:2:ffff::9")).is_err());
        assert_eq!(rates.check(address("2001:db8:1:3::1")), Ok(()));
    }

    #[test]
    fn loopback_is_exempt_unless_set() {
        let exempt = rates(1, 10);
        let limits = Limits {
            limits_loopback: true,
            source_requests_per_minute_max: 1,
            ..Limits::default()
        };
        let limited = SourceRates::new(&limits);
        for peer in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(exempt.check(address(peer)), Ok(()));
            assert_eq!(exempt.check(address(peer)), Ok(()));
            let _ = limited.check(address(peer));
            assert!(limited.check(address(peer)).is_err(), "{peer}");
        }
    }

    #[test]
    fn made_up_addresses_do_not_fill_the_memory() {
        let rates = rates(1, 500);
        for n in 0..50_000_u128 {
            let _ = rates.check(IpAddr::V6(Ipv6Addr::from_bits((0x2001 << 112) | (n << 64))));
        }
        let bound = 500 + SWEEP_EVERY as usize + CROWDS as usize;
        assert!(
            rates.limiter.len() <= bound,
            "{} sources",
            rates.limiter.len()
        );
    }

    #[test]
    fn an_endpoints_bucket_outlives_a_new_version() {
        let rates = EndpointRates::default();
        let mut live = live_endpoint("orders");
        live.endpoint.requests_per_minute_max = Some(1);
        assert_eq!(rates.check(&live), Ok(()));
        live.version += 1;
        let refused = Refusal::EndpointRate {
            per_minute_max: 1,
            retry_after_s: 60,
        };
        assert_eq!(rates.check(&live), Err(refused));
        live.endpoint.requests_per_minute_max = Some(2);
        assert_eq!(rates.check(&live), Ok(()), "another limit begins anew");
    }

    #[test]
    fn the_wait_is_rounded_up_and_never_nothing() {
        assert_eq!(whole_seconds(Duration::ZERO), 1);
        assert_eq!(whole_seconds(Duration::from_millis(1_001)), 2);
        assert_eq!(whole_seconds(Duration::from_secs(3)), 3);
    }
}
