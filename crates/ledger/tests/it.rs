//! The ledger at full size. Ignored by default because it is slow unoptimised:
//! `CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo test -p ledger --test it -- --ignored --nocapture`.

use std::time::Instant;

use ledger::{Checkpoint, Entry, LogVerifier, Payload, Record, SigningKey, Tree, payload_digest};

fn record(seq: u64) -> Record {
    Record {
        actor: format!("person-{}", seq % 40),
        at: "2026-11-23T06:48:10.123Z".into(),
        command: "laboratory.result.enter".into(),
        kind: "laboratory.result.entered".into(),
        on_behalf_of: None,
        payload: payload_digest(&[7; 16], &seq.to_be_bytes()),
        reason: None,
        seq,
        subjects: vec![format!("result-{seq}"), format!("sample-{}", seq / 30)],
        version: 1,
    }
}

#[test]
#[ignore = "a million entries: run optimised"]
fn a_million_entries_are_written_and_verified_in_seconds() {
    let count = 1_000_000;
    let records: Vec<Record> = (0..count).map(record).collect();
    let start = Instant::now();
    let bytes: Vec<Vec<u8>> = records.iter().map(|record| record.encode().expect("short")).collect();
    println!("canonical records: {:.0}/s", count as f64 / start.elapsed().as_secs_f64());

    let start = Instant::now();
    let tree = Tree::from_leaves(bytes.iter().map(|bytes| ledger::leaf_hash(bytes)));
    println!("leaves and root: {:?}", start.elapsed());

    let key = SigningKey::from_seed("plant", &[1; 32]).expect("a name");
    let checkpoint = Checkpoint::sign(count, tree.root(), &key);
    let start = Instant::now();
    let mut verifier = LogVerifier::new(&checkpoint, key.verifier()).expect("just signed");
    for (seq, record) in (0_u64..).zip(bytes) {
        let payload = Payload::Kept { salt: [7; 16], bytes: seq.to_be_bytes().to_vec() };
        verifier.entry(&Entry { record, payload, leaf: None }).expect("untouched");
    }
    assert_eq!(verifier.finish().expect("whole").size, count);
    println!("verified: {:?}", start.elapsed());
    assert!(start.elapsed().as_secs() < 10);
}
