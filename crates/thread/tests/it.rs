//! The thread at full size. Ignored by default because it is slow unoptimised:
//! `CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo test -p thread --test it -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use thread::{Edge, Graph, Walker};

const LOTS: u64 = 1_000_000;
/// Lots that a trace reaches. The lots of one such family lie far apart, so that memory is met as
/// badly as may be.
const FAMILY: u64 = 10_000;

/// A small generator of fixed sequence (Steele, Lea & Flood 2014, SplitMix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn lots() -> Graph {
    let (mut graph, families, mut state) = (Graph::new(), LOTS / FAMILY, 7);
    for lot in families..LOTS {
        for input in 0..3 {
            // One input is the lot before, so that the last lot of a family reaches all of it.
            let back = if input == 0 { 1 } else { 1 + random(&mut state) % (lot / families).min(200) };
            let mass_kg_dry = Some(1.0 + (random(&mut state) % 1000) as f64);
            let from = lot - back * families;
            graph.push(Edge { from, to: lot, role: input, mass_kg_dry, share: None }).expect("a mass");
        }
    }
    graph
}

/// The median and the 99th percentile.
fn figures(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

#[test]
#[ignore = "a million lots: run optimised"]
fn ten_thousand_lots_of_a_million_are_traced_in_ten_milliseconds() {
    let start = Instant::now();
    let graph = lots();
    println!("{} lots, {} edges built in {:?}", graph.node_count(), graph.edge_count(), start.elapsed());
    let mut walker = Walker::new();
    let last = |query: u64| LOTS - 1 - query % 100;
    let (mut traces, mut walks, mut outward) = (Vec::new(), Vec::new(), Vec::new());
    for query in 0..400 {
        let start = Instant::now();
        let trace = graph.trace(&mut walker, last(query), None);
        traces.push(start.elapsed());
        assert_eq!(trace.ancestors.len() as u64, FAMILY - 1);
        let origins: f64 = trace.ancestors.iter().map(|ancestor| ancestor.origin_share).sum();
        assert!((origins - 1.0).abs() < 1e-9);
        let start = Instant::now();
        assert_eq!(graph.upstream(&mut walker, last(query), |_| true).len() as u64, FAMILY - 1);
        walks.push(start.elapsed());
        let start = Instant::now();
        assert_eq!(graph.descendants(&mut walker, query % 100).len() as u64, FAMILY - 1);
        outward.push(start.elapsed());
    }
    let traced = figures(traces);
    println!("median, p99: trace {traced:?}, upstream {:?}, out {:?}", figures(walks), figures(outward));
    // The 99th percentile is for a quiet machine to show; a busy one must still do the median.
    assert!(traced.0 < Duration::from_millis(10));
}
